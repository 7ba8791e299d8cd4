/// A data element tag: group and element number (PS3.5 §7.1).
public struct Tag: Hashable, Comparable, Sendable {
  /// Group in the upper sixteen bits, element in the lower.
  public var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public init(_ group: UInt16, _ element: UInt16) {
    rawValue = UInt32(group) << 16 | UInt32(element)
  }

  public var group: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
  public var element: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// Odd groups belong to whoever made the file (PS3.5 §7.8).
  public var isPrivate: Bool { group & 1 == 1 }

  /// (gggg,0010)–(gggg,00FF) of an odd group names the owner of a block of private elements.
  public var isPrivateCreator: Bool { isPrivate && (0x10...0xFF).contains(element) }

  /// (gggg,0000), the length of its group: retired but still met.
  public var isGroupLength: Bool { element == 0 }

  public static func < (left: Tag, right: Tag) -> Bool { left.rawValue < right.rawValue }
}

extension Tag: CustomStringConvertible {
  /// `(0010,0010)`, the standard's own way of writing a tag.
  public var description: String { "(\(orthancDescription))" }

  /// `0010,0010`, the way Orthanc writes a tag in JSON.
  public var orthancDescription: String { hex4(group) + "," + hex4(element) }

  /// Reads `0010,0010`, `(0010,0010)` or `00100010`.
  public init?(hex text: some StringProtocol) {
    let digits = String(text.filter { !"(), -".contains($0) })
    guard digits.count == 8, let value = UInt32(digits, radix: 16) else { return nil }
    self.init(rawValue: value)
  }
}

private func hex4(_ value: UInt16) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 4 - digits.count) + digits
}
