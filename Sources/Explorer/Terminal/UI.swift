import CNcurses
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What belongs to the thread that owns the terminal. curses knows one thread only, and it is the main one; its
/// executor is the loop that polls the terminal, so Swift's main actor stays free for whoever needs it.
@globalActor
actor UI {
  static let shared = UI()

  nonisolated var unownedExecutor: UnownedSerialExecutor { UIExecutor.shared.asUnownedSerialExecutor() }

  /// Runs something of the terminal's thread at once, where the caller knows that it is on it.
  nonisolated static func assumeIsolated<Answer: Sendable>(_ operation: @UI () throws -> Answer) rethrows
    -> Answer
  {
    shared.preconditionIsolated()
    // The same step that `MainActor.assumeIsolated` takes in the standard library: only the isolation is taken
    // off the function's type, and that it holds was checked above.
    return try withoutActuallyEscaping(operation) { operation in
      try unsafeBitCast(operation, to: (() throws -> Answer).self)()
    }
  }
}

/// Runs jobs on the thread that polls.
final class UIExecutor: SerialExecutor {
  static let shared = UIExecutor()

  /// Becomes readable when there is a job.
  let wakeUp: Int32 = cn_make_wake_up()
  private let jobs = Mutex<[UnownedJob]>([])
  private let thread = Mutex<pthread_t?>(nil)
  private let isReleased = Mutex(false)
  private let draining = Mutex(())

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = jobs.withLock { jobs in
      jobs.append(job)
      return jobs.count == 1
    }
    guard isFirst else { return }
    if isReleased.withLock({ $0 }) {
      drainElsewhere()
      return
    }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, 8)
  }

  func checkIsolated() {
    precondition(isCurrentThread, "not on the terminal's thread")
  }

  private var isCurrentThread: Bool {
    thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  /// From now on the calling thread is the terminal's.
  func adoptCurrentThread() {
    thread.withLock { $0 = pthread_self() }
    isReleased.withLock { $0 = false }
  }

  /// Nobody polls any more. Who still reports to the terminal's side must not wait for ever: such jobs run
  /// wherever there is a thread, still one after the other.
  func release() {
    isReleased.withLock { $0 = true }
    drainElsewhere()
  }

  private func drainElsewhere() {
    Task.detached { [self] in
      draining.withLock { _ in
        guard isReleased.withLock({ $0 }) else { return }
        thread.withLock { $0 = pthread_self() }
        runJobs()
      }
    }
  }

  /// Runs what waits, and what that brings along.
  func runJobs() {
    var count: UInt64 = 0
    _ = read(wakeUp, &count, 8)
    while true {
      let waiting = jobs.withLock { jobs in
        let waiting = jobs
        jobs = []
        return waiting
      }
      if waiting.isEmpty { return }
      for job in waiting { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }
}
