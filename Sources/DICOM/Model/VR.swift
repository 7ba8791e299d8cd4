/// A value representation (PS3.5 §6.2), stored as its two letters.
public struct VR: Hashable, Sendable, CustomStringConvertible {
  /// First letter in the low byte, as the two letters lie in a little-endian stream.
  public var rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  private init(_ letters: StaticString) {
    rawValue = UInt16(letters.utf8Start[0]) | UInt16(letters.utf8Start[1]) << 8
  }

  public var description: String {
    String(
      decoding: [UInt8(truncatingIfNeeded: rawValue), UInt8(truncatingIfNeeded: rawValue >> 8)], as: UTF8.self
    )
  }

  public static let AE = VR("AE")
  public static let AS = VR("AS")
  public static let AT = VR("AT")
  public static let CS = VR("CS")
  public static let DA = VR("DA")
  public static let DS = VR("DS")
  public static let DT = VR("DT")
  public static let FD = VR("FD")
  public static let FL = VR("FL")
  public static let IS = VR("IS")
  public static let LO = VR("LO")
  public static let LT = VR("LT")
  public static let OB = VR("OB")
  public static let OD = VR("OD")
  public static let OF = VR("OF")
  public static let OL = VR("OL")
  public static let OV = VR("OV")
  public static let OW = VR("OW")
  public static let PN = VR("PN")
  public static let SH = VR("SH")
  public static let SL = VR("SL")
  public static let SQ = VR("SQ")
  public static let SS = VR("SS")
  public static let ST = VR("ST")
  public static let SV = VR("SV")
  public static let TM = VR("TM")
  public static let UC = VR("UC")
  public static let UI = VR("UI")
  public static let UL = VR("UL")
  public static let UN = VR("UN")
  public static let UR = VR("UR")
  public static let US = VR("US")
  public static let UT = VR("UT")
  public static let UV = VR("UV")

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

  /// Whether the specific character set says what the bytes mean (PS3.5 §6.1.2.3).
  public var usesCharacterSet: Bool {
    [.LO, .LT, .PN, .SH, .ST, .UC, .UT].contains(self)
  }

  /// Whether the value is text of any kind, as opposed to binary numbers or bytes.
  public var isText: Bool {
    usesCharacterSet || [.AE, .AS, .CS, .DA, .DS, .DT, .IS, .TM, .UI, .UR].contains(self)
  }
}
