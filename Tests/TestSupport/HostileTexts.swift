import DICOM

/// Text that means harm, as bytes of a person's name or a description: row 38 of the list of bad input.
public enum HostileTexts {
  /// Each with the Specific Character Set (0008,0005) that goes with it.
  public static let all: [(name: String, characterSet: String, bytes: [UInt8])] = [
    (
      "terminal escapes", utf8,
      Array("\u{1B}[2J\u{1B}]0;evil\u{7}DOE^\u{1B}[31mJANE\u{8}\u{8}\r\n\u{7F}".utf8)
    ),
    ("C1 controls in UTF-8", utf8, Array("DOE\u{9B}31m^\u{9D}0;x\u{9C}\u{85}".utf8)),
    ("C1 controls in Latin-1", "ISO_IR 100", Array("DOE".utf8) + [0x9B, 0x33, 0x31, 0x6D, 0x9D, 0x85, 0xAD]),
    (
      "reading direction", utf8,
      Array("\u{202E}ENAJ^EOD\u{202C}\u{2066}\u{2067}\u{2068}\u{2069}\u{200E}\u{200F}\u{61C}\u{202D}".utf8)
    ),
    ("invisible", utf8, Array("D\u{200B}O\u{200D}E\u{FEFF}\u{2060}\u{E0041}\u{E0100}\u{FE0F}\u{2028}".utf8)),
    ("marks without end", utf8, Array("e".utf8) + Array(String(repeating: "\u{301}", count: 60).utf8)),
    ("HTML", utf8, Array("<script>alert(1)</script><img src=x onerror=alert(2)>&quot;".utf8)),
    ("formulas", utf8, Array("=cmd|' /C calc'!A0^+1+1^-1^@SUM(A1)".utf8)),
    ("SQL", utf8, Array("'); DROP TABLE instance;-- %_\"".utf8)),
    ("format strings", utf8, Array("%s%n%@%x{0}${jndi:ldap://x}".utf8)),
    (
      "invalid UTF-8", utf8,
      [0xC3, 0x28, 0xFF, 0xFE, 0x80, 0xED, 0xA0, 0x80, 0xC0, 0xAF, 0xF8, 0x88, 0xE2, 0x82]
    ),
    ("zero bytes", utf8, Array("DOE\u{0}JANE\u{0}\u{0}X".utf8)),
    ("open escape to JIS X 0208", japanese, Array("YAMADA^TARO=\u{1B}$B;3ED^B@".utf8)),
    ("half a character", japanese, Array("\u{1B}$B;".utf8)),
    ("escape at the end", japanese, Array("DOE^JANE\u{1B}".utf8)),
    ("unknown escape", japanese, Array("DOE\u{1B}%/@\u{1B}[2J".utf8)),
    (
      "open escape to KS X 1001", #"\ISO 2022 IR 149"#,
      Array("HONG=\u{1B}$)C".utf8) + [0xFB, 0xF3, 0x5E, 0xD1, 0xCE, 0xFB]
    ),
    ("cut GB18030", "GB18030", [0xCD, 0xF5, 0x5E, 0x81, 0x30, 0x81]),
    ("unknown character set", "ISO_IR 999\u{1B}[2J", [0xE4, 0x1B, 0x5B, 0x48]),
  ]

  private static let utf8 = "ISO_IR 192"
  private static let japanese = #"\ISO 2022 IR 87"#

  /// Whether a terminal could be moved, deceived or made to hide something by this being drawn.
  public static func isDangerous(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0xFE00...0xFE0F,
      0xFEFF, 0xE0000...0xE01EF:
      true
    default: false
    }
  }
}
