/// Text as it is compared when people search: without case, accents, width and padding.
public enum SearchText {
  /// Upper case, Latin letters without their marks, full-width forms as ASCII, blanks single and trimmed.
  public static func normalized(_ text: String) -> String {
    if let ascii = normalizedASCII(text) { return ascii }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.properties.canonicalCombiningClass != .notReordered { continue }
      let plain = base(of: halfWidth(scalar))
      if plain == " " || plain == "\0" {
        if let last = result.last, last != " " { result.append(" ") }
      } else {
        // Some letters have no single capital: theirs comes with marks of its own.
        for capital in plain.properties.uppercaseMapping.unicodeScalars
        where capital.properties.canonicalCombiningClass == .notReordered {
          result.append(base(of: capital))
        }
      }
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }

  private static func normalizedASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      for byte in bytes {
        switch byte {
        case 0x80...: return nil
        case 0x61...0x7A: result.append(byte - 0x20)
        case 0x20, 0:
          if let last = result.last, last != 0x20 { result.append(0x20) }
        default: result.append(byte)
        }
      }
      if result.last == 0x20 { result.removeLast() }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// Full-width ASCII (U+FF01–FF5E) and the ideographic space.
  private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000, 0xA0: " "
    default: scalar
    }
  }

  /// `É` → `E`: Unicode's names say which letter a Latin one is made from.
  private static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard (0xC0...0x24F).contains(scalar.value) || (0x1E00...0x1EFF).contains(scalar.value),
      let words = scalar.properties.name?.split(separator: " "), words.count >= 6, words[0] == "LATIN",
      words[2] == "LETTER", words[4] == "WITH" || words[4] == "STROKE",
      words[3].unicodeScalars.count == 1, let letter = words[3].unicodeScalars.first
    else { return scalar }
    return letter
  }
}
