import Foundation
import Logging
import Synchronization

/// How jobs are run. The defaults are Orthanc's.
public struct JobOptions: Equatable, Sendable {
  /// Jobs at a time (`ConcurrentJobs`); 0 is as many as there are processors.
  public var concurrent = 2
  /// Jobs that are over and still remembered (`JobsHistorySize`).
  public var historySize = 10
  /// Whether jobs outlive the program (`SaveJobs`).
  public var areSaved = true

  public init() {}
}

/// Runs jobs: does what `JobBoard` says, keeps them in the index and tells of them by the archive's stream of events.
public final class JobsEngine: Sendable {
  typealias Run = @Sendable (JobKind, JobControl) async throws -> JobOutcome

  private struct State {
    var board: JobBoard
    /// Runs that rest, and what wakes them.
    var resting: [String: CheckedContinuation<JobBoard.Verdict, Never>] = [:]
    var runs: [String: Task<Void, Never>] = [:]
    var alarm: Task<Void, Never>?
    var isClosed = false
  }

  private let archive: Archive
  private let options: JobOptions
  private let logger: Logger
  private let run: Run
  private let state: Mutex<State>
  /// What is to be saved and told, one after the other.
  private let outbox: AsyncStream<Letter>.Continuation
  private let postman: Task<Void, Never>

  private enum Letter: Sendable {
    case action(JobBoard.Action)
    case receipt(CheckedContinuation<Void, Never>)
  }

  /// Takes up the jobs that an earlier start left; those that were running start again. Throws `StoreError` when they
  /// can't be read.
  public convenience init(_ archive: Archive, _ options: JobOptions, logger: Logger) throws(StoreError) {
    try self.init(archive, options, logger: logger) { try await archive.run($0, $1) }
  }

  init(_ archive: Archive, _ options: JobOptions, logger: Logger, run: @escaping Run) throws(StoreError) {
    (self.archive, self.options, self.logger, self.run) = (archive, options, logger, run)
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let concurrent = options.concurrent == 0 ? processors : options.concurrent
    state = Mutex(State(board: JobBoard(concurrent: concurrent, historySize: options.historySize)))
    let (letters, outbox) = AsyncStream.makeStream(of: Letter.self)
    self.outbox = outbox
    let saved = options.areSaved ? try archive.index.readNow { try JobOperations.all($0) } : []
    let (archive, areSaved) = (archive, options.areSaved)
    postman = Task.detached {
      for await letter in letters {
        switch letter {
        case .receipt(let continuation): continuation.resume()
        case .action(let action): await Self.deliver(action, archive, areSaved, logger)
        }
      }
    }
    act { $0.restore(saved, at: Self.now()) }
  }

  // MARK: What can be asked

  /// Every job that is remembered, in the order of submission.
  public func jobs() -> [Job] { state.withLock { $0.board.all } }

  public func job(_ id: String) -> Job? { state.withLock { $0.board.jobs[id] } }

  /// Puts a job at the end of those of its priority and returns its identifier, once it is kept. Throws `StoreError`
  /// when it can't be, or the program ends.
  public func submit(_ kind: JobKind, priority: Int = 0) async throws(StoreError) -> String {
    let job = Job(
      id: UUID().uuidString.lowercased(), kind: kind, priority: priority, created: Self.now())
    if state.withLock({ $0.isClosed }) { throw StoreError(.closed, "the program ends: no job is taken") }
    if options.areSaved { try await archive.save(job) }
    act { $0.submit(job, at: Self.now()) }
    await flush()
    logger.notice("job \(job.id) (\(kind.name)) submitted")
    return job.id
  }

  /// Lets a job rest, a running one at its next stop. Throws `StoreError` for one that is over, or not there.
  public func pause(_ id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.pause(id, at: Self.now()) }
  }

  /// Lets a paused job go on where it was, when its turn comes.
  public func resume(_ id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.resume(id, at: Self.now()) }
  }

  /// Ends a job, a running one at its next stop. Throws `StoreError` for one that is over, or not there.
  public func cancel(_ id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.cancel(id, at: Self.now()) }
  }

  /// Lets a failed job begin again.
  public func resubmit(_ id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.resubmit(id, at: Self.now()) }
  }

  /// Takes a job that is over out of the list. Throws `StoreError` for any other.
  public func forget(_ id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.forget(id) }
  }

  /// The highest goes first; what runs already is not interrupted.
  public func setPriority(_ priority: Int, of id: String) throws(StoreError) {
    try attempt { board throws(StoreError) in try board.setPriority(id, priority, at: Self.now()) }
  }

  /// Waits until everything that was asked for is kept and told.
  public func flush() async {
    await withCheckedContinuation { continuation in
      if case .terminated = outbox.yield(.receipt(continuation)) { continuation.resume() }
    }
  }

  /// Stops what runs at its next stop; it starts again next time. To be called before the archive is closed.
  public func close() async {
    act { $0.shutDown() }
    let runs = state.withLock { state in
      state.isClosed = true
      state.alarm?.cancel()
      return Array(state.runs.values)
    }
    for run in runs { await run.value }
    await flush()
    outbox.finish()
    await postman.value
  }

  // MARK: Doing what the board says

  private static func now() -> Double { Date().timeIntervalSince1970 }

  private func attempt(_ body: (inout JobBoard) throws(StoreError) -> [JobBoard.Action]) throws(StoreError) {
    let result: Result<[JobBoard.Action], StoreError> = state.withLock { state in
      do throws(StoreError) {
        let actions = try body(&state.board)
        perform(actions, &state)
        return .success(actions)
      } catch {
        return .failure(error)
      }
    }
    _ = try result.get()
  }

  private func act(_ body: (inout JobBoard) -> [JobBoard.Action]) {
    state.withLock { state in
      let actions = body(&state.board)
      perform(actions, &state)
    }
  }

  /// Must hold the lock: the order of actions is the order of what happened.
  private func perform(_ actions: [JobBoard.Action], _ state: inout State) {
    for action in actions {
      switch action {
      case .start(let id):
        guard let kind = state.board.jobs[id]?.kind else { continue }
        let before = state.runs[id]
        state.runs[id] = Task.detached { [self] in
          // A run that was abandoned must have let go of its files.
          await before?.value
          await work(id, kind)
        }
      case .proceed(let id): state.resting.removeValue(forKey: id)?.resume(returning: .goOn)
      case .abandon(let id): state.resting.removeValue(forKey: id)?.resume(returning: .stop(.abandoned))
      case .save, .forget, .tell: outbox.yield(.action(action))
      }
    }
    setAlarm(&state)
  }

  private func work(_ id: String, _ kind: JobKind) async {
    let ending: JobBoard.Ending
    do {
      ending = .done(try await run(kind, JobControl(id: id, engine: self)))
    } catch JobInterruption.abandoned {
      return
    } catch let interruption as JobInterruption {
      ending = .interrupted(interruption)
    } catch let error as StoreError {
      let failures = job(id)?.failures ?? 0
      let patience = kind.patience(after: error, failures: failures)
      ending =
        patience.map { .retry(after: $0, JobErrorCode(error), error.message) }
        ?? .failed(JobErrorCode(error), error.message)
    } catch {
      ending = .failed(.internalError, "\(error)")
    }
    state.withLock { state in
      let actions = state.board.end(id, ending, at: Self.now())
      if state.board.jobs[id]?.state != .running { state.runs[id] = nil }
      perform(actions, &state)
    }
    // Not the details: paths may carry names.
    if let job = job(id), job.state.isCompleted {
      let reason = job.error == .success ? "" : ", \(job.error.description)"
      logger.notice("job \(id) (\(kind.name)): \(job.state.rawValue)\(reason)")
    }
  }

  /// For `JobControl`.
  func stop(_ id: String, _ progress: JobProgress?) async throws {
    let verdict = await withCheckedContinuation { continuation in
      state.withLock { state in
        let (verdict, actions) = state.board.stop(id, progress, at: Self.now())
        if verdict == .rest {
          state.resting[id] = continuation
        } else {
          continuation.resume(returning: verdict)
        }
        perform(actions, &state)
      }
    }
    if case .stop(let interruption) = verdict { throw interruption }
  }

  private func setAlarm(_ state: inout State) {
    state.alarm?.cancel()
    state.alarm = nil
    guard let due = state.board.nextRetry, !state.isClosed else { return }
    state.alarm = Task.detached { [weak self] in
      guard (try? await Task.sleep(for: .seconds(max(0.01, due - Self.now())))) != nil else { return }
      self?.act { $0.wake(at: Self.now()) }
    }
  }

  private static func deliver(
    _ action: JobBoard.Action, _ archive: Archive, _ areSaved: Bool, _ logger: Logger
  ) async {
    do throws(StoreError) {
      switch action {
      case .save(let job): if areSaved { try await archive.save(job) }
      case .forget(let id): if areSaved { try await archive.forgetJob(id) }
      case .tell(let event):
        let totals = try await archive.totals()
        archive.hub.publish([], jobs: [event], totals: totals)
      case .start, .proceed, .abandon: break
      }
    } catch {
      logger.warning("a job's state was not kept: \(error.message)")
    }
  }
}

/// What a job's work is told and asks.
struct JobControl: Sendable {
  let id: String
  fileprivate let engine: JobsEngine

  fileprivate init(id: String, engine: JobsEngine) {
    self.id = id
    self.engine = engine
  }

  /// To be called several times a second: rests while the job is paused, and throws `JobInterruption` when it must end.
  func stop(_ progress: JobProgress? = nil) async throws { try await engine.stop(id, progress) }
}
