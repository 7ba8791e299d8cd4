import Crypto

/// Orthanc's identifier of a resource: SHA-1 of the joined DICOM identifiers.
///
/// Patient: PatientID. Study: PatientID|StudyInstanceUID. Series and instance append their own UID.
public struct PublicID: Hashable, Comparable, Sendable {
  /// The twenty bytes of the digest.
  public let bytes: [UInt8]

  /// Nil unless there are twenty bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 20 else { return nil }
    self.bytes = bytes
  }

  /// The identifier of the resource whose identifiers, from the patient down, are these.
  public init(dicomIdentifiers: [String]) {
    bytes = Insecure.SHA1.hash(data: Array(dicomIdentifiers.joined(separator: "|").utf8))
      .withUnsafeBytes { Array($0) }
  }

  public static func < (left: PublicID, right: PublicID) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension PublicID: CustomStringConvertible {
  /// Five groups of eight lower-case hexadecimal digits, joined by hyphens.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(44)
    for (index, byte) in bytes.enumerated() {
      if index > 0 && index % 4 == 0 { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let characters = Array(text.utf8)
    guard characters.count == 44 else { return nil }
    var bytes: [UInt8] = []
    var position = 0
    while position < 44 {
      if position % 9 == 8 {
        guard characters[position] == UInt8(ascii: "-") else { return nil }
        position += 1
      }
      guard let high = Self.value(ofDigit: characters[position]),
        let low = Self.value(ofDigit: characters[position + 1])
      else { return nil }
      bytes.append(high << 4 | low)
      position += 2
    }
    self.bytes = bytes
  }

  private static func value(ofDigit character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
