// The names are those of the standard.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// A value representation (PS3.5 §6.2), stored as its two letters.
public struct VR: Hashable, Sendable, CustomStringConvertible {
  /// First letter in the low byte, as the two letters lie in a little-endian stream.
  public var rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  private init(letters: StaticString) {
    rawValue = UInt16(letters.utf8Start[0]) | UInt16(letters.utf8Start[1]) << 8
  }

  /// From two letters; nil for anything that is no value representation of the standard.
  public init?(_ letters: some StringProtocol) {
    let bytes = Array(letters.utf8)
    guard bytes.count == 2 else { return nil }
    let vr = VR(rawValue: UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
    guard vr.isKnown else { return nil }
    self = vr
  }

  /// Whether the standard knows it.
  public var isKnown: Bool { Self.all.contains(self) }

  public var description: String {
    String(
      decoding: [UInt8(truncatingIfNeeded: rawValue), UInt8(truncatingIfNeeded: rawValue >> 8)], as: UTF8.self
    )
  }

  public static let AE = VR(letters: "AE")
  public static let AS = VR(letters: "AS")
  public static let AT = VR(letters: "AT")
  public static let CS = VR(letters: "CS")
  public static let DA = VR(letters: "DA")
  public static let DS = VR(letters: "DS")
  public static let DT = VR(letters: "DT")
  public static let FD = VR(letters: "FD")
  public static let FL = VR(letters: "FL")
  public static let IS = VR(letters: "IS")
  public static let LO = VR(letters: "LO")
  public static let LT = VR(letters: "LT")
  public static let OB = VR(letters: "OB")
  public static let OD = VR(letters: "OD")
  public static let OF = VR(letters: "OF")
  public static let OL = VR(letters: "OL")
  public static let OV = VR(letters: "OV")
  public static let OW = VR(letters: "OW")
  public static let PN = VR(letters: "PN")
  public static let SH = VR(letters: "SH")
  public static let SL = VR(letters: "SL")
  public static let SQ = VR(letters: "SQ")
  public static let SS = VR(letters: "SS")
  public static let ST = VR(letters: "ST")
  public static let SV = VR(letters: "SV")
  public static let TM = VR(letters: "TM")
  public static let UC = VR(letters: "UC")
  public static let UI = VR(letters: "UI")
  public static let UL = VR(letters: "UL")
  public static let UN = VR(letters: "UN")
  public static let UR = VR(letters: "UR")
  public static let US = VR(letters: "US")
  public static let UT = VR(letters: "UT")
  public static let UV = VR(letters: "UV")

  /// Every value representation of PS3.5 2024.
  public static let all: [VR] = [
    AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM,
    UC, UI, UL, UN, UR, US, UT, UV,
  ]

  /// Whether an explicit-VR header has a 32-bit length after two reserved bytes (PS3.5 Table 7.1-1).
  @inlinable public var hasLongLength: Bool {
    switch rawValue {
    case 0x424F, 0x444F, 0x464F, 0x4C4F, 0x564F, 0x574F,  // OB OD OF OL OV OW
      0x5153, 0x5655, 0x5653, 0x4355, 0x4E55, 0x5255, 0x5455:  // SQ UV SV UC UN UR UT
      return true
    default: return false
    }
  }

  /// Whether an explicit-VR header has a 16-bit length. Representations that later editions may add have the
  /// long form (PS3.5 §7.1.2).
  @inlinable public var isShort: Bool {
    switch rawValue {
    // AE AS AT CS DA DS DT FD FL
    case 0x4541, 0x5341, 0x5441, 0x5343, 0x4144, 0x5344, 0x5444, 0x4446, 0x4C46,
      0x5349, 0x4F4C, 0x544C, 0x4E50, 0x4853, 0x4C53, 0x5353, 0x5453, 0x4D54,  // IS LO LT PN SH SL SS ST TM
      0x4955, 0x4C55, 0x5355:  // UI UL US
      return true
    default: return false
    }
  }

  /// Whether the specific character set says what the bytes mean (PS3.5 §6.1.2.3).
  public var usesCharacterSet: Bool {
    switch rawValue {
    case 0x4F4C, 0x544C, 0x4E50, 0x4853, 0x5453, 0x4355, 0x5455: true  // LO LT PN SH ST UC UT
    default: false
    }
  }

  /// Whether the value is text of any kind, as opposed to binary numbers or bytes.
  public var isText: Bool {
    switch rawValue {
    case 0x4541, 0x5341, 0x5343, 0x4144, 0x5344, 0x5444,  // AE AS CS DA DS DT
      0x5349, 0x4D54, 0x4955, 0x5255:  // IS TM UI UR
      true
    default: usesCharacterSet
    }
  }
}
