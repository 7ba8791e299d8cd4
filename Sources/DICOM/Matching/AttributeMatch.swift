/// How the value of an attribute is looked for (PS3.4 §C.2.2.2).
public enum AttributeMatch: Equatable, Sendable {
  /// Anything, also where there is none.
  case universal
  case single(String)
  /// Any of several.
  case list([String])
  /// `*` stands for any text, `?` for one character.
  case wildcard(String)
  /// Both ends belong to it; an empty one is open.
  case range(String, String)

  public enum Fault: Error, Equatable {
    /// UIDs are looked for as they are.
    case wildcardInUID(Tag)
  }

  /// From the value of a query key.
  ///
  /// Throws `Fault` for a key that means nothing for the representation.
  public init(_ text: String, for tag: Tag) throws(Fault) {
    let vr = DataDictionary.vr(of: tag)
    let text = String(text.unicodeScalars.filter { $0 != "\0" })
    let hasWildcard = text.contains { $0 == "*" || $0 == "?" }
    if vr == .UI && hasWildcard { throw .wildcardInUID(tag) }
    if text.isEmpty || !text.contains(where: { $0 != "*" }) {
      self = .universal
    } else if [.DA, .TM, .DT].contains(vr), let dash = text.firstIndex(of: "-"), !hasWildcard {
      let (from, to) = (text[..<dash], text[text.index(after: dash)...])
      self = .range(Self.trimmed(from), Self.trimmed(to))
    } else if text.contains("\\") {
      self = .list(text.split(separator: "\\").map { Self.trimmed($0) })
    } else if hasWildcard {
      self = .wildcard(text)
    } else {
      self = .single(Self.trimmed(text[...]))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    while text.first == " " { text.removeFirst() }
    return String(text)
  }

  /// Whether a value fits; nil is one that isn't there. Of several values, joined by backslashes, one must.
  ///
  /// - Parameter isExact: whether case and accents count.
  public func matches(_ value: String?, isExact: Bool = false) -> Bool {
    if case .universal = self { return true }
    guard let value else { return false }
    let normal: (String) -> String = { isExact ? Self.trimmed($0[...]) : SearchText.normalized($0) }
    let values =
      [normal(value)] + (value.contains("\\") ? value.split(separator: "\\").map { normal(String($0)) } : [])
    switch self {
    case .universal: return true
    case .single(let wanted): return values.contains(normal(wanted))
    case .list(let wanted): return !Set(wanted.map(normal)).isDisjoint(with: values)
    case .wildcard(let pattern):
      let pattern = Array(normal(pattern).unicodeScalars)
      return values.contains { Wildcard.matches(Array($0.unicodeScalars), pattern) }
    case .range(let from, let to):
      return values.contains { $0 >= from && (to.isEmpty || $0 <= to || $0.hasPrefix(to)) }
    }
  }
}

/// `*` and `?` as DICOM has them.
public enum Wildcard {
  /// Linear in the text for each star: nothing that a pattern holds makes it slower.
  static func matches(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var (position, place) = (0, 0)
    var (star, mark): (Int?, Int) = (nil, 0)
    while position < text.count {
      if place < pattern.count && pattern[place] == "*" {
        (star, mark) = (place, position)
        place += 1
      } else if place < pattern.count && (pattern[place] == "?" || pattern[place] == text[position]) {
        position += 1
        place += 1
      } else if let star {
        mark += 1
        (position, place) = (mark, star + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }

  /// What stands before the first of them.
  public static func prefix(of pattern: String) -> String {
    String(pattern.prefix { $0 != "*" && $0 != "?" })
  }
}
