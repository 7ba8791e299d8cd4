import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Signals that have to do with the terminal, as they come out of a pipe: they may arrive on any thread.
enum TerminalSignals {
  enum Signal: Sendable { case sizeChanged, hangUp, terminate, interrupt }

  /// Begins to collect them; returns what to poll and read.
  static func watch() -> Int32 { cn_watch_signals() }

  static func unwatch() { cn_unwatch_signals() }

  static func read(from descriptor: Int32) -> [Signal] {
    var numbers = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &numbers, numbers.count)
    return numbers.prefix(max(0, count)).compactMap { number in
      switch Int32(number) {
      case SIGWINCH: .sizeChanged
      case SIGHUP: .hangUp
      case SIGTERM: .terminate
      case SIGINT: .interrupt
      default: nil
      }
    }
  }
}
