/// Names of files in the storage area: random (version 4) UUIDs, lower case, as Orthanc spells them.
enum UUIDText {
  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return text(
      high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
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
