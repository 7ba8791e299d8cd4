/// A unique identifier (PS3.5 §9) without its padding.
public struct UID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public var value: String

  public init(_ value: some StringProtocol) {
    self.value = String(value)
  }

  /// From the bytes of a UI element: trailing NULs and spaces are padding.
  public init(bytes: some Sequence<UInt8>) {
    var text = Array(bytes)
    while let last = text.last, last == 0 || last == 0x20 { text.removeLast() }
    value = String(decoding: text, as: UTF8.self)
  }

  public init(stringLiteral value: StringLiteralType) { self.value = value }

  public var description: String { value }

  /// 1 to 64 characters, digits and single full stops (PS3.5 §9.1). Leading zeros of a component are
  /// tolerated: old modalities write them.
  public var isValid: Bool {
    let bytes = Array(value.utf8)
    guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: "."), bytes.last != UInt8(ascii: ".")
    else { return false }
    var previous: UInt8 = 0
    for byte in bytes {
      let isDot = byte == UInt8(ascii: ".")
      if isDot ? previous == byte : !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { return false }
      previous = byte
    }
    return true
  }
}
