import Dispatch
import Foundation
import Synchronization

/// Hears signals that ask the process to end. The second one of a kind ends it at once.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  init(_ numbers: [Int32], _ heard: @escaping @Sendable () -> Void) {
    // A peer that goes away while it is written to is an error there, not a signal.
    signal(SIGPIPE, SIG_IGN)
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        heard()
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}

/// Waits for SIGTERM or SIGINT.
struct StopSignals {
  private let isAsked: DispatchSemaphore
  private let watch: SignalWatch

  init() {
    let semaphore = DispatchSemaphore(value: 0)
    isAsked = semaphore
    watch = SignalWatch([SIGTERM, SIGINT]) { semaphore.signal() }
  }

  func wait() { isAsked.wait() }
}

/// Notes a first ^C, so that what is under way is finished.
struct Interruption {
  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  private let flag: Flag
  private let watch: SignalWatch

  init() {
    let flag = Flag()
    self.flag = flag
    watch = SignalWatch([SIGINT]) { flag.isSet.store(true, ordering: .relaxed) }
  }

  /// For those who work: whether to end.
  var isAsked: @Sendable () -> Bool {
    let flag = flag
    return { flag.isSet.load(ordering: .relaxed) }
  }
}
