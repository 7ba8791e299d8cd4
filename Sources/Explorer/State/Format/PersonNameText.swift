/// The component groups of a person's name (PS3.5 §6.2.1.1).
public enum PersonNameGroup: Int, CaseIterable, Sendable {
  case alphabetic, ideographic, phonetic

  /// As the configuration and the command line spell it.
  public var name: String {
    switch self {
    case .alphabetic: "Alphabetic"
    case .ideographic: "Ideographic"
    case .phonetic: "Phonetic"
    }
  }

  public init?(named name: String) {
    guard let group = Self.allCases.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      return nil
    }
    self = group
  }
}

/// A person's name (PS3.5 §6.2.1) as a screen shows it: `DOE^JANE` as `DOE, JANE`.
enum PersonNameText {
  /// The group that stands first while a state is updated or drawn: `ExplorerState.nameGroup`, which the many
  /// places that show names need not hand on.
  @TaskLocal static var first = PersonNameGroup.alphabetic

  /// The first group that is there, and the ideographic one behind it. Phonetic groups are left to the tag tree
  /// unless they are asked for.
  static func display(_ name: String) -> String {
    let groups = name.split(separator: "=", omittingEmptySubsequences: false).map { group(String($0)) }
    var shown: [String] = []
    for index in [first.rawValue, 0, 1, 2] where index < groups.count {
      let text = groups[index]
      if text.isEmpty || shown.contains(text) { continue }
      if index == 2 && !shown.isEmpty && first != .phonetic { continue }
      shown.append(text)
    }
    return shown.prefix(2).joined(separator: " ")
  }

  /// Family, given and middle name, prefix, suffix: `Dr. DOE, JANE MARY, MD`.
  private static func group(_ text: String) -> String {
    let parts = text.split(separator: "^", omittingEmptySubsequences: false).map(trimmed)
    func part(_ index: Int) -> String { index < parts.count ? parts[index] : "" }
    let given = [part(1), part(2)].filter { !$0.isEmpty }.joined(separator: " ")
    let family = [part(3), part(0)].filter { !$0.isEmpty }.joined(separator: " ")
    return [family, given, part(4)].filter { !$0.isEmpty }.joined(separator: isWide(text) ? "," : ", ")
  }

  private static func isWide(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "^" || $0 == " " || DisplayWidth.of($0) == 2 }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
