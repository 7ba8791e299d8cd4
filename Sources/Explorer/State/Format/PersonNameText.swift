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
    var name = name
    return name.withUTF8 { bytes in
      var groups = bytes.split(separator: sign("="), maxSplits: 3, omittingEmptySubsequences: false)
      if groups.count == 1 { return group(groups[0]) }
      if groups.count > 3 { groups.removeLast() }
      var shown: [String] = []
      for index in [first.rawValue, 0, 1, 2] where index < groups.count && shown.count < 2 {
        if index == 2 && !shown.isEmpty && first != .phonetic { continue }
        let text = group(groups[index])
        if !text.isEmpty && !shown.contains(text) { shown.append(text) }
      }
      return shown.joined(separator: " ")
    }
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// Family, given and middle name, prefix, suffix: `Dr. DOE, JANE MARY, MD`. Signs and spaces are ASCII, so that bytes
  /// tell, which is many times faster than characters: a screen shows many names.
  private static func group(_ text: Bytes) -> String {
    let parts = text.split(separator: sign("^"), omittingEmptySubsequences: false).map(trimmed)
    func part(_ index: Int) -> Bytes? { index < parts.count && !parts[index].isEmpty ? parts[index] : nil }
    var shown: [UInt8] = []
    shown.reserveCapacity(text.count + 8)
    for words in [[part(3), part(0)], [part(1), part(2)], [part(4)]] {
      var isFirst = true
      for case let word? in words {
        if isFirst && !shown.isEmpty {
          shown.append(sign(","))
          if !isWide(text) { shown.append(sign(" ")) }
        } else if !isFirst {
          shown.append(sign(" "))
        }
        shown.append(contentsOf: word)
        isFirst = false
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private static func sign(_ sign: Unicode.Scalar) -> UInt8 { UInt8(ascii: sign) }

  private static func isWide(_ text: Bytes) -> Bool {
    if text.contains(where: { $0 < 0x80 && $0 != sign("^") && $0 != sign(" ") }) { return false }
    return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy {
      $0 == "^" || $0 == " " || DisplayWidth.of($0) == 2
    }
  }

  private static func trimmed(_ text: Bytes) -> Bytes {
    var text = text
    while text.first == sign(" ") { text.removeFirst() }
    while text.last == sign(" ") { text.removeLast() }
    return text
  }
}
