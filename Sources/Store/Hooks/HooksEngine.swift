import Dispatch
import Logging
import Synchronization

/// Runs a command for each event that a hook is for: one at a time a hook, in order, beside everything else.
///
/// Changes that the index keeps are read from there, and each hook's place among them is kept too: a restart, a slow
/// command or a flood loses none. One that was interrupted by the program's end comes again. What isn't kept
/// (deletions, labels, protection, jobs) waits in memory, so many at most.
public final class HooksEngine: Sendable {
  private struct State {
    var queues: [String: HookQueue] = [:]
    /// Hooks whose last command failed.
    var failing: Set<String> = []
    var isClosed = false
  }

  private let archive: Archive
  private let timeout: Double
  private let patience: HookPatience
  private let logger: Logger
  private let state = Mutex(State())
  private let tasks = Mutex<[Task<Void, Never>]>([])
  private let wakes: [String: AsyncStream<Void>.Continuation]
  private static let threads = DispatchQueue(label: "filmroom.hooks", attributes: .concurrent)
  private static let page = 100
  /// How often a pause looks whether the program ends.
  private static let look = Duration.milliseconds(50)

  /// Begins. Throws `StoreError` when the hooks' places can't be kept.
  ///
  /// - Parameter timeout: seconds that a command may take.
  public init(
    _ archive: Archive, hooks: [EventHook], timeout: Int, patience: HookPatience = HookPatience(),
    logger: Logger
  ) async throws(StoreError) {
    (self.archive, self.timeout, self.patience, self.logger) = (archive, Double(timeout), patience, logger)
    // First, so that nothing is missed between here and there.
    let events = archive.events()
    let streams = hooks.map {
      (hook: $0, stream: AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)))
    }
    wakes = Dictionary(
      streams.map { ($0.hook.name, $0.stream.continuation) }, uniquingKeysWith: { first, _ in first })
    let kept = hooks.filter(\.isKept).map(\.name)
    try await archive.committer.edit { db in
      try HookOperations.prepare(db, kept)
      return EditEffects()
    }
    var started = [
      Task.detached { [weak self] in
        for await event in events { self?.take(event) }
      }
    ]
    for (hook, (stream, wake)) in streams {
      wake.yield()
      started.append(
        Task.detached { [weak self] in
          var seen: Int64?
          for await _ in stream {
            guard let self else { break }
            if hook.isKept { seen = await self.catchUp(hook, from: seen) } else { await self.work(hook) }
          }
        })
    }
    tasks.withLock { [started] in $0 = started }
  }

  /// Ends what runs; it comes again at the next start, if it is about a kept change. To be called before the archive
  /// is closed.
  public func close() async {
    state.withLock { $0.isClosed = true }
    for wake in wakes.values { wake.finish() }
    let tasks = tasks.withLock { $0 }
    tasks.first?.cancel()
    for task in tasks.dropFirst() { await task.value }
  }

  /// Which hooks fail, in a few words; nil when none does.
  public var problem: String? {
    let failing = state.withLock { $0.failing.sorted() }
    guard let first = failing.first else { return nil }
    return failing.count == 1
      ? "hook \(first) fails, see the log" : "\(failing.count) hooks fail, see the log"
  }

  // MARK: What happens

  private func take(_ event: ArchiveEvent) {
    var woken: Set<String> = []
    state.withLock { state in
      func add(_ name: String, _ hookEvent: HookEvent) {
        guard wakes[name] != nil else { return }
        state.queues[name, default: HookQueue()].add(hookEvent)
        woken.insert(name)
      }
      for change in event.changes {
        if change.type.isKept {
          woken.insert(change.type.name)
        } else {
          add(change.type.name, HookEvent(change))
        }
      }
      for job in event.jobs { add(job.kind.rawValue, HookEvent(job)) }
      if event.isTruncated {
        woken.formUnion(wakes.keys)
        for type in ChangeType.allCases where !type.isKept && wakes[type.name] != nil {
          logger.warning("hook \(type.name): so much happened at once that it may have missed something")
        }
      }
    }
    for name in woken { wakes[name]?.yield() }
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Handles what the index keeps and the hook has not handled. Returns up to where there is no more.
  private func catchUp(_ hook: EventHook, from seen: Int64?) async -> Int64? {
    guard let type = hook.changeType else { return nil }
    var place = seen
    do throws(StoreError) {
      await archive.committer.settle()
      while !isClosed {
        let start: Int64
        if let place {
          start = place
        } else {
          start = try await archive.index.read { try HookOperations.sequence($0, hook.name) }
        }
        let (changes, end) = try await archive.index.read {
          try HookOperations.next($0, type, after: start, limit: Self.page)
        }
        for change in changes {
          guard await run(hook, HookEvent(change)) else { return place }
          place = change.sequence
          try await remember(hook, change.sequence)
        }
        place = end
        if changes.isEmpty { break }
      }
    } catch {
      if error.code != .closed { logger.warning("hook \(hook.name): \(error.message)") }
    }
    return place
  }

  private func remember(_ hook: EventHook, _ sequence: Int64) async throws(StoreError) {
    try await archive.committer.edit { db in
      try HookOperations.set(db, hook.name, sequence)
      return EditEffects()
    }
  }

  /// Handles what waits in memory.
  private func work(_ hook: EventHook) async {
    while !isClosed {
      let (event, lost) = state.withLock { state in
        (state.queues[hook.name]?.next(), state.queues[hook.name]?.takeLost() ?? 0)
      }
      if lost > 0 {
        logger.warning("hook \(hook.name) is too slow: \(lost) events were left out")
      }
      guard let event, await run(hook, event) else { return }
    }
  }

  /// Runs the command, again while it fails, and passes the event over in the end. False when the program's end cut it
  /// off.
  private func run(_ hook: EventHook, _ event: HookEvent) async -> Bool {
    var tries = 0
    while true {
      let outcome = await attempt(hook, event)
      tries += 1
      guard case .failed(let failure) = outcome else { return outcome == .fine }
      state.withLock { _ = $0.failing.insert(hook.name) }
      guard let pause = patience.pause(afterTries: tries) else {
        logger.warning("hook \(hook.name), \(event.path): \(failure); passed over after \(tries) tries")
        return true
      }
      logger.warning("hook \(hook.name), \(event.path): \(failure); tried again")
      guard await wait(pause) else { return false }
    }
  }

  /// False when the program ends meanwhile.
  private func wait(_ pause: Duration) async -> Bool {
    let end = ContinuousClock.now + pause
    while !isClosed {
      let left = end - ContinuousClock.now
      if left <= .zero { return true }
      try? await Task.sleep(for: min(left, Self.look))
    }
    return false
  }

  private enum Outcome: Equatable {
    case fine
    case failed(String)
    /// The program's end cut it off.
    case interrupted
  }

  /// Runs the command once.
  private func attempt(_ hook: EventHook, _ event: HookEvent) async -> Outcome {
    let process = HookProcess(command: hook.command, input: event.line, seconds: timeout)
    let (ending, output) = await withCheckedContinuation { continuation in
      Self.threads.async {
        continuation.resume(returning: process.run { self.isClosed })
      }
    }
    if ending == .stopped && isClosed { return .interrupted }
    if ending != .exited(0) { return .failed(sentence(ending, output)) }
    state.withLock { _ = $0.failing.remove(hook.name) }
    return .fine
  }

  private func sentence(_ ending: HookProcess.Ending, _ output: String) -> String {
    let said = output.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
    switch ending {
    case .exited(let status): return "exit status \(status)\(said)"
    case .signalled(let signal): return "ended by signal \(signal)\(said)"
    case .stopped: return "stopped after \(Int(timeout)) seconds\(said)"
    case .notStarted(let reason): return "can't be started: \(reason)"
    }
  }
}
