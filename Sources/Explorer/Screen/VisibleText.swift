/// Makes foreign text harmless. Names and descriptions come from whoever sent them: nothing in them may move the
/// terminal's cursor, turn the reading direction round or hide other text.
enum VisibleText {
  /// What is drawn for a character; nil where nothing is (zero-width spaces and joiners).
  static func form(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let value = scalar.value
    switch value {
    case 0x20...0x7E: return scalar
    // Control characters as their pictures: ␛ for escape, ␊ for a line feed.
    case 0x00...0x1F: return Unicode.Scalar(0x2400 + value)
    case 0x7F: return "\u{2421}"
    case 0x80...0x9F: return replacement
    // A soft hyphen is invisible here and a hyphen there.
    case 0xAD: return "-"
    case 0xA0: return " "
    default: return value < 0x34F ? scalar : formBeyondLatin(scalar)
    }
  }

  private static func formBeyondLatin(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    // Joiners and variation selectors change widths between terminals: left out.
    case 0x34F, 0x180B...0x180F, 0x200B...0x200D, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF,
      0xE0100...0xE01EF:
      return nil
    // Marks, embeddings, overrides and isolates of the reading direction; line and paragraph separators.
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2065...0x206F: return replacement
    // Interlinear annotations, tags, noncharacters.
    case 0xFFF0...0xFFFB, 0xFDD0...0xFDEF, 0xE0000...0xE00FF: return replacement
    case let value where value & 0xFFFE == 0xFFFE: return replacement
    default: return scalar
    }
  }

  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// The text as it is drawn, for what leaves the screen as text (titles, messages).
  static func string(_ text: some StringProtocol) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let form = form(of: scalar) { shown.append(form) }
    }
    return String(shown)
  }
}
