/// A unique identifier (PS3.5 §9) without its padding.
public struct UID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public var value: String

  public init(_ value: some StringProtocol) {
    self.value = String(value)
  }

  /// From the bytes of a UI element: trailing NULs and spaces are padding.
  public init(bytes: ArraySlice<UInt8>) {
    var end = bytes.endIndex
    while end > bytes.startIndex, bytes[end - 1] == 0 || bytes[end - 1] == 0x20 { end -= 1 }
    value = String(decoding: bytes[..<end], as: UTF8.self)
  }

  public init(bytes: some Sequence<UInt8>) { self.init(bytes: Array(bytes)[...]) }

  public init(stringLiteral value: StringLiteralType) { self.value = value }

  public var description: String { value }

  /// 1 to 64 characters, digits and single full stops (PS3.5 §9.1). Leading zeros of a component are
  /// tolerated: old modalities write them.
  public var isValid: Bool {
    guard (1...64).contains(value.utf8.count) else { return false }
    let dot = UInt8(ascii: ".")
    var previous = dot
    var text = value
    return text.withUTF8 { bytes in
      for byte in bytes {
        if byte == dot ? previous == dot : byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") {
          return false
        }
        previous = byte
      }
      return previous != dot
    }
  }
}
