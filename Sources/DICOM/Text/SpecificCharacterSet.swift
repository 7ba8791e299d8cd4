/// How the text of a data set is encoded (PS3.3 C.12.1.1.2, PS3.5 §6.1).
public struct SpecificCharacterSet: Equatable, Sendable {
  /// What bytes above ASCII mean where no escape sequence says otherwise.
  enum Base: Equatable, Sendable {
    case ascii
    case latin1
    case utf8
    /// One of the C library's sets: single-byte ISO 8859, GB18030, GBK …
    case named(String)
  }

  let base: Base

  /// For data sets that don't say: bytes above ASCII are read as UTF-8 where they are valid UTF-8, else as
  /// `DefaultEncoding` says.
  public static let undeclared = SpecificCharacterSet(base: .ascii)

  init(base: Base) { self.base = base }

  /// From the value of (0008,0005): defined terms, joined by backslashes. Unknown terms count as undeclared.
  /// Terms behind the first only allow escape sequences, which are followed whether announced or not.
  public init(_ value: String) {
    if let base = Self.bases[value] {
      self.base = base
      return
    }
    let first = value.split(separator: "\\", omittingEmptySubsequences: false).first ?? ""
    let term = trimmed(String(first)).uppercased()
    base = Self.bases[term] ?? Self.bases[term.replacing("ISO 2022", with: "ISO_IR")] ?? Self.misspelt(term)
  }

  private static let bases: [String: Base] = [
    "": .ascii, "ISO_IR 6": .ascii,
    "ISO_IR 100": .latin1, "ISO_IR 101": .named("ISO-8859-2"), "ISO_IR 109": .named("ISO-8859-3"),
    "ISO_IR 110": .named("ISO-8859-4"), "ISO_IR 144": .named("ISO-8859-5"),
    "ISO_IR 127": .named("ISO-8859-6"), "ISO_IR 126": .named("ISO-8859-7"),
    "ISO_IR 138": .named("ISO-8859-8"), "ISO_IR 148": .named("ISO-8859-9"),
    "ISO_IR 203": .named("ISO-8859-15"), "ISO_IR 13": .named("JIS_X0201"), "ISO_IR 166": .named("TIS-620"),
    "ISO_IR 192": .utf8, "GB18030": .named("GB18030"), "GBK": .named("GBK"),
    // Multi-byte sets need their escape sequence; in front of it there is only ASCII.
    "ISO_IR 87": .ascii, "ISO_IR 159": .ascii, "ISO_IR 149": .ascii, "ISO_IR 58": .ascii,
  ]

  /// `ISO-IR 100`, `ISO IR 100`, `ISO_IR_100`, `ISO_IR100`, `UTF-8` … are met in real files.
  private static func misspelt(_ term: String) -> Base {
    if term == "UTF-8" || term == "UTF8" { return .utf8 }
    let digits = String(term.reversed().prefix { $0.isNumber }.reversed())
    return term.hasPrefix("ISO") ? bases["ISO_IR \(digits)"] ?? .ascii : .ascii
  }

  /// The text of a value. Never fails: bytes that mean nothing become U+FFFD. Padding is kept.
  public func decode(_ bytes: [UInt8]) -> String { decode(bytes[...]) }

  /// The same for a part of some bytes.
  public func decode(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.withUnsafeBufferPointer { buffer in
      var isASCII = true
      for byte in buffer where byte >= 0x80 || byte == 0x1B {
        if byte == 0x1B { return ISO2022Decoder(base: self).decode(Array(buffer)) }
        isASCII = false
      }
      if isASCII { return String(decoding: buffer, as: UTF8.self) }
      return decodeBase(Array(buffer))
    }
  }

  /// Bytes that no escape sequence applies to.
  func decodeBase(_ bytes: [UInt8]) -> String {
    switch base {
    case .ascii:
      String(validating: bytes, as: UTF8.self) ?? DefaultEncoding.current.characterSet.decodeBase(bytes)
    case .latin1: Self.latin1(bytes)
    case .utf8: String(decoding: bytes, as: UTF8.self)
    case .named("JIS_X0201"): Self.jisX0201(bytes)
    case .named(let name): TextDecoder.decode(bytes, from: name)
    }
  }

  static func latin1(_ bytes: [UInt8]) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// Half-width katakana above ASCII. A backslash stays one: in DICOM it separates values.
  static func jisX0201(_ bytes: [UInt8]) -> String {
    String(
      String.UnicodeScalarView(
        bytes.map { byte in
          switch byte {
          case 0xA1...0xDF: Unicode.Scalar(0xFF61 + UInt32(byte) - 0xA1) ?? "\u{FFFD}"
          case 0x80...: "\u{FFFD}"
          default: Unicode.Scalar(byte)
          }
        }))
  }
}
