/// Numbers of the ZIP format (PKWARE's APPNOTE 6.3).
enum ZipFormat {
  static let localHeader: UInt32 = 0x0403_4B50
  static let centralHeader: UInt32 = 0x0201_4B50
  static let descriptor: UInt32 = 0x0807_4B50
  static let end: UInt32 = 0x0605_4B50
  static let end64: UInt32 = 0x0606_4B50
  static let locator64: UInt32 = 0x0706_4B50
  /// Sizes of these without their variable parts.
  static let localHeaderSize = 30
  static let centralHeaderSize = 46
  static let endSize = 22
  static let end64Size = 56
  static let locator64Size = 20
  static let extra64: UInt16 = 1
  /// What stands in a field whose value is in a ZIP64 structure.
  static let elsewhere16: UInt16 = .max
  static let elsewhere32: UInt32 = .max
  static let stored: UInt16 = 0
  static let deflated: UInt16 = 8
  static let isEncrypted: UInt16 = 1 << 0
  static let hasDescriptor: UInt16 = 1 << 3
  static let isUTF8: UInt16 = 1 << 11
  /// Version 2.0, and 4.5 for ZIP64.
  static let plainVersion: UInt16 = 20
  static let version64: UInt16 = 45
  static let unix: UInt16 = 3 << 8
}

extension [UInt8] {
  mutating func append16(_ value: UInt16) { appendLittleEndian(value) }
  mutating func append32(_ value: UInt32) { appendLittleEndian(value) }
  mutating func append64(_ value: Int) { appendLittleEndian(UInt64(value)) }

  private mutating func appendLittleEndian<Number: FixedWidthInteger>(_ value: Number) {
    for index in 0..<(Number.bitWidth / 8) { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

/// A place in some bytes, read little-endian. Nil past their end.
struct ZipCursor {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var left: Int { bytes.count - position }

  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, left >= count else { return false }
    position += count
    return true
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    let start = position
    return skip(count) ? bytes[start..<position] : nil
  }

  mutating func take16() -> UInt16? { number().map { UInt16(truncatingIfNeeded: $0 as UInt64) } }
  mutating func take32() -> UInt32? { number(4).map { UInt32(truncatingIfNeeded: $0) } }
  /// Nil too for what no file can be as large as.
  mutating func take64() -> Int? { number(8).flatMap { Int(exactly: $0) } }

  private mutating func number(_ size: Int = 2) -> UInt64? {
    take(size)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
