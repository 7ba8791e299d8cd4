/// A person's name (PS3.5 §6.2.1) as a screen shows it: `DOE^JANE` as `DOE, JANE`.
enum PersonNameText {
  /// Which of the component groups stands first.
  enum Group: Int, Sendable { case alphabetic, ideographic, phonetic }

  /// The first group that is there, and the ideographic one behind it. Phonetic groups are left to the tag tree.
  static func display(_ name: String, first: Group = .alphabetic) -> String {
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
