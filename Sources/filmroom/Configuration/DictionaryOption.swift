import DICOM

/// `Dictionary`: elements that a site adds, and `DefaultPrivateCreator`.
enum DictionaryOption {
  private static let allowed =
    "a list such as [\"DA\", \"ValidationExpiryDate\", 1, 1] or [\"ST\", \"Original Image Filename\", 1, 1, \"Philips PET "
    + "Private Group\"]: value representation, name, least and greatest multiplicity (0: any), private creator"

  /// Nil where neither option says anything. It must be known before tags are named.
  static func read(_ reader: inout OptionReader) throws(ConfigurationError) -> CustomDictionary? {
    var entries: [CustomDictionary.Entry] = []
    for (name, value) in try reader.object("Dictionary").sorted(by: { $0.key < $1.key }) {
      entries.append(try entry(name, value))
    }
    let creator = try reader.text("DefaultPrivateCreator") ?? ""
    try check(creator, "DefaultPrivateCreator")
    if entries.isEmpty && creator.isEmpty { return nil }
    return CustomDictionary(entries, defaultPrivateCreator: creator)
  }

  private static func entry(
    _ name: String, _ value: JSONValue
  ) throws(ConfigurationError) -> CustomDictionary.Entry {
    let option = "Dictionary.\(name)"
    guard let tag = tag(name) else {
      throw ConfigurationError(
        "\(option) is no tag: give group and element in hexadecimal digits, such as \"0014,1020\" or, of a "
          + "private block, \"7053,03\"")
    }
    guard case .array(let items) = value, (2...5).contains(items.count), case .text(let letters) = items[0],
      case .text(let label) = items[1], !label.isEmpty
    else { throw ConfigurationError(option: option, value: value, allowed: allowed) }
    guard let vr = VR(letters) else {
      throw ConfigurationError(
        option: option, value: items[0], allowed: VR.all.map(\.description).joined(separator: ", "))
    }
    let least = items.count > 2 ? try multiplicity(items[2], option, in: 1...65535) : 1
    let greatest = items.count > 3 ? try multiplicity(items[3], option, in: 0...65535) : 1
    if greatest != 0 && greatest < least {
      throw ConfigurationError("\(option) allows at most \(greatest) values and at least \(least)")
    }
    var creator: String?
    if items.count > 4 {
      guard case .text(let text) = items[4] else {
        throw ConfigurationError(option: option, value: items[4], allowed: "a private creator in quotes")
      }
      try check(text, option)
      creator = text.isEmpty ? nil : text
    }
    if creator != nil && !tag.isPrivate {
      throw ConfigurationError("\(option) has a private creator, but its group is even: it is no private tag")
    }
    let vm = greatest == least ? "\(least)" : "\(least)-\(greatest == 0 ? "n" : String(greatest))"
    return CustomDictionary.Entry(tag: tag, vr: vr, vm: vm, name: label, privateCreator: creator)
  }

  /// A private element may leave out its block: `7053,03`.
  private static func tag(_ text: String) -> Tag? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return Tag(hex: text).flatMap { usable($0) } }
    guard (1...4).contains(parts[0].count), (1...4).contains(parts[1].count),
      let group = UInt16(parts[0], radix: 16), let element = UInt16(parts[1], radix: 16)
    else { return nil }
    let isShort = group & 1 == 1 && element <= 0xFF
    return usable(Tag(group, isShort ? 0x1000 | element : element))
  }

  /// What the encoding itself needs can't be named anew.
  private static func usable(_ tag: Tag) -> Tag? {
    tag.group == 0xFFFE || tag.isGroupLength || tag.isPrivateCreator ? nil : tag
  }

  private static func multiplicity(
    _ value: JSONValue, _ option: String, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    if case .number(let number) = value, number == number.rounded(), number >= Double(range.lowerBound),
      number <= Double(range.upperBound)
    {
      return Int(number)
    }
    throw ConfigurationError(
      option: option, value: value, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  private static func check(_ creator: String, _ option: String) throws(ConfigurationError) {
    if creator.count <= 64 && !creator.contains("\\") { return }
    throw ConfigurationError(
      option: option, value: .text(creator),
      allowed: "a private creator of at most 64 characters, no backslash")
  }
}
