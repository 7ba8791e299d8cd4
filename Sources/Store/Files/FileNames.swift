import Glibc
import Synchronization

/// Gives names to new files so that those that arrive together lie in one folder: a folder for each of them would
/// cost its own creation and syncs.
final class FileNames: Sendable {
  private struct State {
    var folder: UInt16 = 0
    var left = 0
    /// The system is asked for many numbers at a time.
    var random: [UInt64] = []
  }

  private static let perFolder = 256
  /// The system gives so many bytes at once in any case (getentropy(3)).
  private static let randomBytes = 256
  private let state = Mutex(State())

  func next() -> String {
    let (folder, high, low) = state.withLock { state in
      if state.random.count < 2 { state.random = Self.someRandom() }
      if state.left == 0 { (state.folder, state.left) = (UInt16.random(in: 0...UInt16.max), Self.perFolder) }
      state.left -= 1
      return (state.folder, state.random.removeLast(), state.random.removeLast())
    }
    return UUIDText.make(folder: folder, high: high, low: low)
  }

  private static func someRandom() -> [UInt64] {
    var numbers = [UInt64](repeating: 0, count: randomBytes / 8)
    if numbers.withUnsafeMutableBytes({ getentropy($0.baseAddress, $0.count) }) == 0 { return numbers }
    var generator = SystemRandomNumberGenerator()
    return numbers.map { _ in generator.next() }
  }
}
