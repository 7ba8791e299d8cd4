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
    if let simple = simple(name) { return simple }
    let groups = parts(name[...], UInt8(ascii: "=")).map(group)
    if groups.count == 1 { return groups[0] }
    var shown: [String] = []
    for index in [first.rawValue, 0, 1, 2] where index < groups.count {
      let text = groups[index]
      if text.isEmpty || shown.contains(text) { continue }
      if index == 2 && !shown.isEmpty && first != .phonetic { continue }
      shown.append(text)
    }
    return shown.prefix(2).joined(separator: " ")
  }

  /// A family and a given name in ASCII without needless spaces, as most are: a screen shows many. Nil for others.
  private static func simple(_ name: String) -> String? {
    let (caret, space) = (UInt8(ascii: "^"), UInt8(ascii: " "))
    var sign: String.Index?
    // Before the first one as behind a caret: no part begins with a space.
    var last = caret
    for index in name.utf8.indices {
      let byte = name.utf8[index]
      if byte >= 0x80 || byte == UInt8(ascii: "=") || byte == space && last == caret { return nil }
      if byte == caret {
        if sign != nil || last == caret || last == space { return nil }
        sign = index
      }
      last = byte
    }
    if last == caret || last == space { return nil }
    guard let sign else { return name }
    return name[..<sign] + ", " + name[name.utf8.index(after: sign)...]
  }

  /// Family, given and middle name, prefix, suffix: `Dr. DOE, JANE MARY, MD`.
  private static func group(_ text: Substring) -> String {
    let parts = parts(text, UInt8(ascii: "^")).map(trimmed)
    func part(_ index: Int) -> Substring { index < parts.count ? parts[index] : "" }
    func joined(_ first: Substring, _ second: Substring) -> Substring {
      first.isEmpty ? second : second.isEmpty ? first : first + " " + second
    }
    let shown = [joined(part(3), part(0)), joined(part(1), part(2)), part(4)].filter { !$0.isEmpty }
    if shown.count < 2 { return shown.first.map(String.init) ?? "" }
    return shown.joined(separator: isWide(text) ? "," : ", ")
  }

  /// Both signs are ASCII, so that bytes tell, which is many times faster than characters.
  private static func parts(_ text: Substring, _ sign: UInt8) -> [Substring] {
    text.utf8.split(separator: sign, omittingEmptySubsequences: false).map { Substring($0) }
  }

  private static func isWide(_ text: Substring) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "^" || $0 == " " || DisplayWidth.of($0) == 2 }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.utf8.first == UInt8(ascii: " "), text.first == " " { text.removeFirst() }
    while text.utf8.last == UInt8(ascii: " "), text.last == " " { text.removeLast() }
    return text
  }
}
