import DICOM
import Store

/// Ties state, terminal and archive together.
@UI
final class ExplorerSession {
  private(set) var state: ExplorerState
  private(set) var exit: ExplorerExit?
  private let terminal: any Terminal
  private let services: ExplorerServices
  private let runner: EffectRunner
  private var shown: Grid?
  private var needsPaint = true
  /// Since when rows of the screen are being read.
  private var awaitedSince: ContinuousClock.Instant?
  private var isHeldUp = false
  /// Rows that others took the place of: they are given back where nobody waits for it, once the others are painted.
  private(set) var retired: [[ResourceRow]] = []
  private var tasks: [Task<Void, Never>] = []
  /// The reading under way of each list: a newer one takes its place.
  private var windowTasks: [Int: Task<Void, Never>] = [:]
  private var workTask: Task<Void, Never>?
  /// The second in which the jobs on the screen were asked for last.
  private var jobsAsked: Int64 = 0
  /// The number of the newest one that was taken in.
  private var lastRemoteWrite = 0
  /// What comes a thousand times a second is looked at ten times.
  private static let breath = Duration.milliseconds(100)
  private var lastWrite: Task<Void, Never>?
  private let clock: @Sendable () -> Int64

  init(services: ExplorerServices, terminal: any Terminal, clock: @escaping @Sendable () -> Int64) {
    self.services = services
    self.terminal = terminal
    self.clock = clock
    runner = EffectRunner(services: services)
    state = ExplorerState(size: terminal.size)
    state.now = clock()
    state.glyphs = terminal.isUTF8 ? .unicode : .ascii
    state.service = services.status.snapshot()
    state.explain = services.explain
    state.nameGroup = services.settings.nameGroup
    let environment = services.settings.environment
    state.capabilities = Capabilities(
      canImport: services.importFolder != nil, canMakeDemo: services.makeDemo != nil,
      canRunJobs: services.jobs != nil,
      canEditExternally: !(environment["VISUAL"] ?? environment["EDITOR"] ?? "").isEmpty,
      canPage: !(environment["PAGER"] ?? "").isEmpty,
      canOpenOnDesktop: ["DISPLAY", "WAYLAND_DISPLAY"].contains { !(environment[$0] ?? "").isEmpty }
        && ExternalProgram.isThere("xdg-open", environment: environment),
      logPath: services.log.filePath)
  }

  func start() {
    receive(.start)
    let archive = services.archive
    let log = services.log
    tasks.append(
      Task.detached { [weak self] in
        for await event in archive.events() { await self?.receive(event) }
      })
    tasks.append(
      Task.detached { [weak self] in
        for await _ in log.updates() { await self?.logChanged() }
      })
    let status = services.status
    tasks.append(
      Task.detached { [weak self] in
        for await _ in status.updates() {
          await self?.checkClock()
          try? await Task.sleep(for: Self.breath)
        }
      })
    if let writes = services.remoteWrites {
      tasks.append(
        Task.detached { [weak self] in
          for await _ in writes.updates() {
            await self?.readWrites(writes)
            try? await Task.sleep(for: Self.breath)
          }
        })
      readWrites(writes)
    }
    paint()
  }

  func receive(_ message: Message) {
    guard exit == nil else { return }
    needsPaint = true
    if case .window = message, let rows = state.list?.window.rows { retired.append(rows) }
    for effect in state.update(message) { run(effect) }
  }

  private func receive(_ event: ArchiveEvent) {
    checkClock()
    receive(.archive(event))
  }

  private func readWrites(_ source: any RemoteWriteSource) {
    let new = source.writes(after: lastRemoteWrite)
    guard let last = new.last else { return }
    lastRemoteWrite = last.number
    receive(.remoteWrites(new))
  }

  private func logChanged() {
    if state.tab == .log { run(.loadLog) }
  }

  /// Everything typed up to now, before anything is painted.
  func readInput() {
    for event in terminal.readEvents() {
      if event == .lost {
        lose()
        return
      }
      receive(.of(event, on: shown))
    }
  }

  /// Milliseconds until the clock must be looked at: the figures of what goes on change every second, else only the
  /// minute does.
  var patience: Int32 {
    if isHeldUp { return 1 }
    return state.service.isBusy ? 1000 : Int32(60 - clock() % 60) * 1000
  }

  /// A new minute, and what the services are doing. Nothing is painted unless it shows.
  func checkClock() {
    let now = clock()
    if now / 60 != state.now / 60 { receive(.tick(now)) }
    let status = services.status.snapshot()
    if status != state.service { receive(.status(status)) }
    if state.watchesJobs && now != jobsAsked {
      jobsAsked = now
      run(.loadJobs)
    }
  }

  func sizeChanged() {
    let size = terminal.updateSize()
    shown = nil
    receive(.input(.resize(size)))
  }

  func lose() { exit = exit ?? .terminalLost }
  func quit() { exit = exit ?? .quit }

  func paint() {
    guard needsPaint, exit == nil else { return }
    isHeldUp = shown != nil && mayWaitForRows()
    if isHeldUp { return }
    needsPaint = false
    defer { giveBackRetired() }
    let grid = render(state)
    if grid == shown { return }
    terminal.draw(grid, over: shown)
    shown = grid
  }

  private func giveBackRetired() {
    if retired.isEmpty { return }
    Task.detached(priority: .background) { [retired] in _ = retired }
    retired = []
  }

  /// Most rows are read sooner than a screen without them is painted: so long it waits.
  private func mayWaitForRows() -> Bool {
    guard state.list?.awaitsRows(visible: state.visibleRows) == true else {
      awaitedSince = nil
      return false
    }
    let now = ContinuousClock.now
    let since = awaitedSince ?? now
    awaitedSince = since
    return now - since < .milliseconds(2)
  }

  func stop() {
    for task in tasks + windowTasks.values { task.cancel() }
    workTask?.cancel()
    runner.temporaryFiles.removeAll()
    if exit == .terminalLost { terminal.abandon() } else { terminal.stop() }
  }

  // MARK: Effects

  private func run(_ effect: Effect) {
    switch effect {
    case .quit: quit()
    case .copy(let text): terminal.copy(text)
    case .redraw: repaintAll()
    case .suspend:
      terminal.suspend()
      repaintAll()
      sizeChanged()
    case .editExternally(let edit):
      let environment = services.settings.environment
      let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
      let text = terminal.edit(edit.field.text, editor: editor)
      repaintAll()
      receive(.edited(edit, text: text))
    case .openFile(let path, let opener): show(path, with: opener)
    case .stopWork: workTask?.cancel()
    default: EffectRunner.isLong(effect) ? startWork(effect) : runInBackground(effect)
    }
  }

  private func show(_ path: String, with opener: AttachmentOpener) {
    switch opener {
    case .pager:
      let pager = services.settings.environment["PAGER"] ?? "more"
      let ending = terminal.show(path, with: pager)
      runner.temporaryFiles.remove(path)
      repaintAll()
      if let problem = HandedOnText.problem(pager: pager, ending) {
        receive(.handedOn(problem, isFine: false))
      }
    case .desktop: openOnDesktop(path)
    }
  }

  /// When the desktop's program has read the copy is not known: it goes at the end, or when that program failed.
  private func openOnDesktop(_ path: String) {
    let name = HandedOnText.name(path)
    receive(.handedOn("\(name) handed to xdg-open", isFine: true))
    let files = runner.temporaryFiles
    ExternalProgram.openOnDesktop(path) { [weak self] ending in
      guard let problem = HandedOnText.problem(desktop: name, ending) else { return }
      files.remove(path)
      Task { [weak self] in await self?.receive(.handedOn(problem, isFine: false)) }
    }
  }

  private func startWork(_ effect: Effect) {
    let runner = runner
    let gate = ProgressGate()
    let told: @Sendable (Message) async -> Void = { [weak self] message in await self?.receive(message) }
    workTask = Task.detached {
      let answer = await runner.work(effect) { progress in
        if gate.isOpen() { Task { await told(.progress(progress)) } }
      }
      if let answer { await told(answer) }
    }
  }

  private func repaintAll() {
    terminal.invalidate()
    shown = nil
    needsPaint = true
  }

  private func runInBackground(_ effect: Effect) {
    let runner = runner
    let before = EffectRunner.isWrite(effect) ? lastWrite : nil
    let task = Task.detached { [weak self] in
      await before?.value
      guard let message = await runner.message(after: effect) else { return }
      await self?.receive(message)
    }
    if EffectRunner.isWrite(effect) { lastWrite = task }
    if case .loadWindow(let request) = effect {
      windowTasks[request.list]?.cancel()
      windowTasks[request.list] = task
    }
  }
}
