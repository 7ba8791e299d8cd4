/// What a person types behind `/`: words that must all occur, and selectors.
///
/// `mod:CT`, `label:urgent`, `aet:CT1`, `id:P-0042`, `date:20240301-20240331`, `protected:yes`; a hyphen in
/// front turns a word or a selector round: `-mod:SR`, `-phantom`. Words match anywhere in names, identifiers
/// and descriptions, whatever their case, accents and width.
public struct ListFilter: Equatable, Sendable {
  public enum Field: String, CaseIterable, Sendable {
    case any, mod, label, aet, id, date, protected
  }

  public struct Term: Equatable, Sendable {
    public var field: Field
    public var text: String
    public var isNegated: Bool

    public init(_ field: Field, _ text: String, isNegated: Bool = false) {
      self.field = field
      self.text = text
      self.isNegated = isNegated
    }
  }

  public var terms: [Term]

  public init(terms: [Term] = []) { self.terms = terms }

  /// Reads the filter line. Double quotes keep spaces together; an unknown selector is a plain word.
  public init(parsing line: String) {
    terms = Self.words(of: line).compactMap { word in
      var text = Substring(word)
      let isNegated = text.hasPrefix("-") && text.count > 1
      if isNegated { text = text.dropFirst() }
      if let colon = text.firstIndex(of: ":"),
        let field = Field(rawValue: text[..<colon].lowercased()), field != .any
      {
        let value = String(text[text.index(after: colon)...])
        return value.isEmpty ? nil : Term(field, value, isNegated: isNegated)
      }
      return Term(.any, String(text), isNegated: isNegated)
    }
  }

  public var isEmpty: Bool { terms.isEmpty }

  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " " && !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
