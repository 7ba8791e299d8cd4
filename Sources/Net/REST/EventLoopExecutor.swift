import NIOCore

/// Runs tasks on the thread of an event loop, so that a connection's task needs no other thread to be woken for it.
/// What computes for long or waits for the disk goes elsewhere.
final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
