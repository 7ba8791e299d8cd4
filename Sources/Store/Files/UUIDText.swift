/// Names of files in the storage area: random (version 4) UUIDs, lower case, as Orthanc spells them.
enum UUIDText {
  /// - Parameters:
  ///   - folder: the first four digits, which name the file's folder.
  ///   - high, low: random numbers.
  static func make(folder: UInt16, high: UInt64, low: UInt64) -> String {
    text(
      high: high & 0x0000_FFFF_FFFF_0FFF | UInt64(folder) << 48 | 0x4000,
      low: low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func text(high: UInt64, low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { text in
      var position = 0
      for index in 0..<32 {
        if index & 3 == 0, (8...20).contains(index) {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        let half = index < 16 ? high : low
        let digit = UInt8(half >> (60 - 4 * UInt64(index & 15)) & 15)
        text[position] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        position += 1
      }
      return position
    }
  }

  /// Whether a file name is one that `make` could have made.
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
