import Synchronization

/// Names of files in the storage area: random (version 4) UUIDs, lower case, as Orthanc spells them.
enum UUIDText {
  /// - Parameter folder: the first four digits, which name the file's folder.
  static func random(folder: UInt16) -> String {
    var generator = SystemRandomNumberGenerator()
    return text(
      high: generator.next() & 0x0000_FFFF_FFFF_0FFF | UInt64(folder) << 48 | 0x4000,
      low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func text(high: UInt64, low: UInt64) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
      let half = index < 16 ? high : low
      text.append(digits[Int((half >> (60 - 4 * UInt64(index % 16))) & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether a file name is one that `random` could have made.
  static func isValid(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard bytes.count == 36 else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      [8, 13, 18, 23].contains(index)
        ? byte == UInt8(ascii: "-")
        : (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
  }
}

/// Gives names to new files so that those that arrive together lie in one folder: a folder for each of them would
/// cost its own creation and syncs.
final class FileNames: Sendable {
  private struct State {
    var folder: UInt16 = 0
    var left = 0
  }

  private static let perFolder = 256
  private let state = Mutex(State())

  func next() -> String {
    let folder = state.withLock { state in
      if state.left == 0 { state = State(folder: UInt16.random(in: 0...UInt16.max), left: Self.perFolder) }
      state.left -= 1
      return state.folder
    }
    return UUIDText.random(folder: folder)
  }
}
