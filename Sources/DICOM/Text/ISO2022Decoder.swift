/// Text with code extensions: escape sequences switch what the lower and upper halves mean
/// (PS3.5 §6.1.2.5, PS3.3 Tables C.12-3 and C.12-4).
struct ISO2022Decoder {
  let base: SpecificCharacterSet

  /// What bytes 0x21–0x7E mean.
  private enum Lower { case ascii, jisX0208, jisX0212 }

  /// What bytes 0xA0–0xFF mean.
  private enum Upper: Equatable {
    case base
    case singleByte(String)
    case katakana
    case koreanKSX1001
    case chineseGB2312
  }

  /// What follows ESC; the longer ones first, so that none hides another.
  private static let escapes: [(bytes: [UInt8], lower: Lower?, upper: Upper?)] = [
    (Array("$(D".utf8), .jisX0212, nil), (Array("$)C".utf8), nil, .koreanKSX1001),
    (Array("$)A".utf8), nil, .chineseGB2312), (Array("$(B".utf8), .jisX0208, nil),
    (Array("$B".utf8), .jisX0208, nil), (Array("$@".utf8), .jisX0208, nil), (Array("(B".utf8), .ascii, nil),
    (Array("(J".utf8), .ascii, nil), (Array(")I".utf8), nil, .katakana),
    (Array("-A".utf8), nil, .singleByte("ISO-8859-1")), (Array("-B".utf8), nil, .singleByte("ISO-8859-2")),
    (Array("-C".utf8), nil, .singleByte("ISO-8859-3")), (Array("-D".utf8), nil, .singleByte("ISO-8859-4")),
    (Array("-L".utf8), nil, .singleByte("ISO-8859-5")), (Array("-G".utf8), nil, .singleByte("ISO-8859-6")),
    (Array("-F".utf8), nil, .singleByte("ISO-8859-7")), (Array("-H".utf8), nil, .singleByte("ISO-8859-8")),
    (Array("-M".utf8), nil, .singleByte("ISO-8859-9")), (Array("-b".utf8), nil, .singleByte("ISO-8859-15")),
    (Array("-T".utf8), nil, .singleByte("TIS-620")),
  ]

  func decode(_ bytes: [UInt8]) -> String {
    var text = ""
    var lower = Lower.ascii
    var upper = Upper.base
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x1B {
        position += 1
        // An escape sequence that nothing knows is left out; what follows is read as before.
        if let escape = Self.escapes.first(where: { bytes[position...].starts(with: $0.bytes) }) {
          position += escape.bytes.count
          if let half = escape.lower { lower = half }
          if let half = escape.upper { upper = half }
        }
      } else if byte >= 0x80 {
        let end = bytes[position...].firstIndex { $0 < 0x80 } ?? bytes.count
        text += decodeUpper(Array(bytes[position..<end]), as: upper)
        position = end
      } else if lower != .ascii, byte > 0x20, byte < 0x7F {
        let end = bytes[position...].firstIndex { $0 <= 0x20 || $0 >= 0x7F } ?? bytes.count
        text += Self.decodeLower(Array(bytes[position..<end]), as: lower)
        position = end
      } else {
        text.unicodeScalars.append(Unicode.Scalar(byte))
        position += 1
        // Delimiters bring the initial sets back (PS3.5 §6.1.2.5.3).
        if Self.delimiters.contains(byte) {
          lower = .ascii
          upper = .base
        }
      }
    }
    return text
  }

  /// `\ ^ =` and TAB LF FF CR.
  private static let delimiters: Set<UInt8> = [0x5C, 0x5E, 0x3D, 0x09, 0x0A, 0x0C, 0x0D]

  private func decodeUpper(_ bytes: [UInt8], as upper: Upper) -> String {
    switch upper {
    case .base: base.decodeBase(bytes)
    case .singleByte("ISO-8859-1"): SpecificCharacterSet.latin1(bytes)
    case .singleByte(let name): TextDecoder.decode(bytes, from: name)
    case .katakana: SpecificCharacterSet.jisX0201(bytes)
    case .koreanKSX1001: TextDecoder.decode(bytes, from: "EUC-KR")
    case .chineseGB2312: TextDecoder.decode(bytes, from: "GB2312")
    }
  }

  /// Pairs of seven-bit bytes are EUC-JP without their upper bits.
  private static func decodeLower(_ bytes: [UInt8], as lower: Lower) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count * 2)
    for (index, byte) in bytes.enumerated() {
      if lower == .jisX0212 && index % 2 == 0 { encoded.append(0x8F) }
      encoded.append(byte | 0x80)
    }
    return TextDecoder.decode(encoded, from: "EUC-JP")
  }
}
