import Foundation

/// Runs tasks on threads of their own, so that tests may block on sockets without using up the few threads
/// that everything asynchronous shares.
final class BlockingExecutor: TaskExecutor {
  static let shared = BlockingExecutor()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let thread = Thread { job.runSynchronously(on: Self.shared.asUnownedTaskExecutor()) }
    thread.stackSize = 4 << 20
    thread.start()
  }
}
