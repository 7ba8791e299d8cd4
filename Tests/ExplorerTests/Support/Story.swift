import DICOM
import Store
import Synchronization
import Testing

@testable import Explorer

/// Plays a person at the explorer: keys and actions by name, effects run at once against a scripted archive.
final class Story {
  static let now: Int64 = 1_709_377_200  // 2024-03-02 11:00 UTC

  let archive = ScriptedArchive()
  let jobs = ScriptedJobs()
  var state: ExplorerState
  /// Effects that are for the terminal.
  var terminal: [Effect] = []
  /// The long task that was asked for last.
  var work: Effect?
  private let runner: EffectRunner
  private let events: AsyncStream<ArchiveEvent>

  init(width: Int = 120, height: Int = 40, studies: Int = 12, deep: Int = 3) async {
    if studies > 0 { Synthetic.fill(archive, studies: studies, now: Self.now - 90, deep: deep) }
    state = ExplorerState(size: Size(width, height))
    state.clock = .fixed(0)
    state.now = Self.now
    state.service = ServiceStatus(
      hostName: "ws-17", addresses: ["10.0.0.5"], dicomPort: 4242, storageUsed: 41_200_000_000,
      storageLimit: 200_000_000_000,
      http: HTTPServerStatus(isSecure: false, hosts: ["127.0.0.1"], port: 8042, users: nil))
    state.capabilities = Capabilities(
      canImport: true, canMakeDemo: true, canRunJobs: true, canEditExternally: true, canPage: true,
      canOpenOnDesktop: true)
    runner = EffectRunner(
      services: ExplorerServices(
        archive: archive, status: FixedStatus(), log: FixedLog(), jobs: jobs,
        importFolder: { path, progress in
          progress(WorkProgress(done: 340, total: 1204))
          if path == "/lost" { throw StoreError(.notFound, "there is no file or folder /lost") }
          return "Imported \(path)"
        },
        demoStudies: [Synthetic.demo], makeDemo: { _ in "Wrote the demo studies" }))
    events = archive.events()
    await send(.start)
  }

  /// Everything that follows from a message, the archive's answers and events included.
  func send(_ message: Message) async {
    await settle(state.update(message))
  }

  private func settle(_ effects: [Effect]) async {
    for effect in effects {
      var effect = effect
      if case .loadWindow(var request) = effect {
        request.delayMilliseconds = 0
        effect = .loadWindow(request)
        // The state compares by number, so the shortened wait is nobody's business.
      }
      if case .loadStorage(var request) = effect {
        request.delayMilliseconds = 0
        effect = .loadStorage(request)
      }
      switch effect {
      case .copy, .editExternally, .openFile, .suspend, .redraw, .quit, .stopWork: terminal.append(effect)
      case .importFolder, .makeDemo: work = effect
      case let effect where EffectRunner.isLong(effect):
        if let message = await runner.work(effect, progress: { _ in }) { await send(message) }
      default:
        if let message = await runner.message(after: effect) { await send(message) }
      }
    }
  }

  /// Hands on what the archive has told meanwhile.
  func deliver() async {
    let told = archive.content.withLock { content in
      defer { content.told = [] }
      return content.told
    }
    for event in told { await send(.archive(event)) }
  }

  /// Does the long task that was asked for, up to its first word of progress, then to its end.
  func finishWork(between: () async -> Void = {}) async {
    guard let work else { return }
    let told = Mutex<[WorkProgress]>([])
    let answer = await runner.work(work) { progress in told.withLock { $0.append(progress) } }
    for progress in told.withLock({ $0 }) { await send(.progress(progress)) }
    await between()
    if let answer { await send(answer) }
  }

  /// Clicks on the first place that shows a text of plain letters.
  func click(on text: String) async {
    let lines = self.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let y = lines.firstIndex(where: { $0.contains(text) }), let range = lines[y].firstRange(of: text)
    else {
      return
    }
    let x = DisplayWidth.of(String(lines[y][..<range.lowerBound])) + 1
    await send(.of(.mouse(MouseEvent(kind: .click, position: Point(x, y))), on: screen))
    await deliver()
  }

  func press(_ keys: Key...) async {
    for key in keys { await send(.input(.key(key))) }
    await deliver()
  }

  func type(_ text: String) async {
    for character in text { await send(.input(.key(.character(character)))) }
    await deliver()
  }

  func act(_ id: ActionID) async {
    await settle(state.act(id))
    await deliver()
  }

  var screen: Grid { render(state) }
  var text: String { screen.text }
  var message: String { state.notice?.text ?? "" }

  func row(_ y: Int) -> String { String(text.split(separator: "\n", omittingEmptySubsequences: false)[y]) }

  /// The name under the cursor.
  var cursorName: String { state.list?.cursorRow?.patientName ?? "" }
}

struct FixedStatus: ServiceStatusSource {
  func snapshot() -> ServiceStatus { ServiceStatus(dicomPort: 4242) }
  func updates() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

struct FixedLog: LogSource {
  let filePath: String? = nil
  func lines(limit: Int) -> [LogLine] {
    [
      LogLine(date: Story.now - 30, level: .info, message: "Listening on 4242"),
      LogLine(date: Story.now - 20, level: .warning, message: "CT\u{1B}[2J hung up"),
    ]
  }
  func updates() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
