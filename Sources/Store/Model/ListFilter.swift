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
      return text == "-" ? nil : Term(.any, String(text), isNegated: isNegated)
    }
  }

  /// What in a filter line can't mean what its writer meant, in a sentence; nil when all is well.
  public static func problem(in line: String) -> String? {
    for word in words(of: line) {
      let text = word.hasPrefix("-") ? word.dropFirst() : word[...]
      guard let colon = text.firstIndex(of: ":") else { continue }
      let (name, value) = (text[..<colon].lowercased(), text[text.index(after: colon)...])
      if value.isEmpty || name.isEmpty || !name.allSatisfy(\.isLetter) { continue }
      switch Field(rawValue: name) {
      case .date where !value.allSatisfy({ $0.isNumber || $0 == "-" }) || !value.contains(where: \.isNumber):
        return "\(word): a date is 2024, 202403, 20240302 or a range 20240301-20240331"
      case .protected where !["yes", "no"].contains(value.lowercased()):
        return "\(word): protected is yes or no"
      case nil where name.count > 1:
        let names = Field.allCases.filter { $0 != .any }.map(\.rawValue).joined(separator: ", ")
        return "\(name) is no selector, so \(word) is looked for as a word; there are \(names)"
      default: continue
      }
    }
    return nil
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
