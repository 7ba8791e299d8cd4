import Explorer
import Foundation
import Synchronization

/// A line on standard error that is written over as work goes on; silent where that is no terminal.
final class ProgressBar: Sendable {
  private struct State {
    var lastDrawn = ContinuousClock.now - .seconds(1)
    var isShown = false
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let started = ContinuousClock.now
  private let state = Mutex(State())
  private let unit: String

  init(unit: String) { self.unit = unit }

  /// - Parameter note: shown at the end of the line.
  func update(_ done: Int, of total: Int, note: String = "") {
    if !isTerminal { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if now - state.lastDrawn < .milliseconds(100) && done < total { return }
      state.lastDrawn = now
      state.isShown = true
      let line = Self.line(
        done, of: total, unit: unit, seconds: Self.seconds(now - started), note: note, width: Self.width())
      FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
    }
  }

  /// Clears the line.
  func finish() {
    state.withLock { state in
      if state.isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      state.isShown = false
    }
  }

  var elapsed: Double { Self.seconds(ContinuousClock.now - started) }

  static func line(
    _ done: Int, of total: Int, unit: String, seconds: Double, note: String, width: Int
  ) -> String {
    let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let left = rate > 0 ? Double(total - done) / rate : 0
    let bar = 24
    let filled = Int(fraction * Double(bar))
    let text =
      String(repeating: "█", count: filled) + String(repeating: "░", count: bar - filled)
      + " \(Int(fraction * 100)) %  \(done) of \(total) \(unit)  \(Int(rate))/s"
      + (done < total && done > 0 ? "  \(NumberText.duration(Int64(left.rounded(.up)))) left" : "")
      + (note.isEmpty ? "" : "  \(note)")
    return String(text.prefix(max(20, width - 1)))
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func width() -> Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
