/// Makes a `DicomSummary` while a data set passes by: no more of a value is held than the summary shows.
struct SummaryReader: DataSetSink {
  private let isBigEndian: Bool
  private let ignoredLength: Set<Tag>
  private var levels: [Level] = [Level()]

  private struct Level {
    var elements: [DicomSummary.Element] = []
    var characterSet = SpecificCharacterSet.undeclared
    var creators = PrivateCreators()
    /// The sequence that the items of the level below belong to.
    var sequence: ElementHeader?
    var items: [[DicomSummary.Element]] = []
  }

  /// Bytes of a text value that are read to know that it is too long: its padding may be long as well.
  private static let collected = 64 * 1024

  private static let trailingPadding = Tag(0xFFFC, 0xFFFC)

  init(isBigEndian: Bool, ignoredLength: Set<Tag>) {
    self.isBigEndian = isBigEndian
    self.ignoredLength = ignoredLength
  }

  var summary: DicomSummary { DicomSummary(elements: levels[0].elements) }

  mutating func representation(_ header: ElementHeader) -> VR? {
    levels[levels.count - 1].creators.representation(of: header.tag)
  }

  mutating func element(_ header: ElementHeader) -> ElementAction {
    let vr = vr(of: header)
    let length = header.length ?? 0
    if length == 0 {
      add(header, isBinary(vr) ? .null : .text(""))
      return .skip
    }
    if header.tag == .pixelData || (isBinary(vr) && length > DicomSummary.textLimit) {
      add(header, .null)
      return .skip
    }
    return .collect(limit: ignoredLength.contains(header.tag) ? length : Self.collected)
  }

  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    if header.length == 0 { return }
    let top = levels.count - 1
    if header.tag == .specificCharacterSet {
      levels[top].characterSet = SpecificCharacterSet(String(decoding: bytes, as: UTF8.self))
    }
    let vr = vr(of: header)
    if isBinary(vr) { return add(header, isNamed(header.tag) ? Self.printable(bytes) : .null) }
    let text =
      vr.isText
      ? ValueText.render(
        Array(bytes)[...], vr: vr, characterSet: levels[top].characterSet, isBigEndian: isBigEndian,
        limit: .max >> 8)
      : SummaryNumbers.text(bytes, vr: vr, isBigEndian: isBigEndian)
    if header.tag.isPrivateCreator { levels[top].creators.note(header.tag, text) }
    let isShown = text.utf8.count <= DicomSummary.textLimit || ignoredLength.contains(header.tag)
    add(header, isShown ? .text(text) : .tooLong)
  }

  mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
    levels[levels.count - 1].sequence = header
    levels[levels.count - 1].items = []
    return true
  }

  mutating func itemBegan(_ header: ElementHeader) {
    var level = Level()
    level.characterSet = levels[levels.count - 1].characterSet
    levels.append(level)
  }

  mutating func itemEnded() {
    let item = levels.removeLast()
    levels[levels.count - 1].items.append(item.elements)
  }

  mutating func sequenceEnded() {
    let top = levels.count - 1
    guard let header = levels[top].sequence else { return }
    add(header, .items(levels[top].items))
    levels[top].sequence = nil
  }

  mutating func fragmentsBegan(_ header: ElementHeader) -> Bool {
    add(header, .null)
    return true
  }

  /// Closes what a damaged file leaves open.
  mutating func close() {
    while levels.count > 1 {
      itemEnded()
      sequenceEnded()
    }
    sequenceEnded()
  }

  private mutating func add(_ header: ElementHeader, _ value: DicomSummary.Value) {
    // Orthanc leaves it out.
    if header.tag == Self.trailingPadding { return }
    let top = levels.count - 1
    let creator = levels[top].creators.creator(of: header.tag)
    var shownCreator = creator
    if case .items = value { shownCreator = nil }
    levels[top].elements.append(
      DicomSummary.Element(
        tag: header.tag, name: SummaryNames.name(of: header.tag, creator: creator),
        privateCreator: shownCreator,
        value: value))
  }

  private func vr(of header: ElementHeader) -> VR {
    if header.vr != .UN { return header.vr }
    if header.tag.isPrivateCreator { return .LO }
    return levels[levels.count - 1].creators.representation(of: header.tag) ?? header.vr
  }

  /// UN of something that a dictionary knows may well be text; of anything else Orthanc shows nothing.
  private func isNamed(_ tag: Tag) -> Bool {
    if tag.isPrivate { return levels[levels.count - 1].creators.representation(of: tag)?.isText == true }
    return DataDictionary.vr(of: tag).isText
  }

  private func isBinary(_ vr: VR) -> Bool {
    switch vr {
    case .OB, .OW, .OD, .OF, .OL, .OV, .UN: true
    default: !vr.isKnown
    }
  }

  /// Bytes without a meaning are shown where they are plain text.
  private static func printable(_ bytes: UnsafeRawBufferPointer) -> DicomSummary.Value {
    var end = bytes.count
    while end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == 0x20) { end -= 1 }
    let isText = end > 0 && bytes[..<end].allSatisfy { (0x20...0x7E).contains($0) }
    return isText ? .text(trimmed(String(decoding: bytes[..<end], as: UTF8.self))) : .null
  }
}

/// The creators of private blocks of one data set or item (PS3.5 §7.8.1).
struct PrivateCreators {
  private var names: [UInt32: String] = [:]

  mutating func note(_ tag: Tag, _ name: String) { names[tag.rawValue] = name }

  /// Who owns a private element; nil for others, and where its block has no creator.
  func creator(of tag: Tag) -> String? {
    guard tag.isPrivate, tag.element > 0xFF else { return nil }
    return names[UInt32(tag.group) << 16 | UInt32(tag.element >> 8)]
  }

  /// What a dictionary says about a private element's representation.
  func representation(of tag: Tag) -> VR? {
    guard tag.isPrivate, tag.element > 0xFF else { return nil }
    return PrivateDictionary.vr(of: tag, creator: creator(of: tag))
  }
}

/// What Orthanc calls a tag in JSON: the keyword, without blanks.
enum SummaryNames {
  static func name(of tag: Tag, creator: String?) -> String {
    if tag == Tag(0x0002, 0x0000) { return "FileMetaInformationGroupLength" }
    if tag.isGroupLength { return tag.isPrivate ? "PrivateGroupLength" : "GenericGroupLength" }
    if tag.isPrivateCreator { return "PrivateCreator" }
    if tag.isPrivate {
      guard let name = PrivateDictionary.name(of: tag, creator: creator) else { return unknown }
      return CustomDictionary.shared?.entry(for: tag, creator: creator) == nil ? keyword(name) : name
    }
    guard let entry = DataDictionary.entry(for: tag), !entry.keyword.isEmpty else { return unknown }
    return entry.isRetired && tag != otherPatientIDs ? "RETIRED_" + entry.keyword : entry.keyword
  }

  /// Retired, but a main tag of Orthanc's, which names those itself.
  private static let otherPatientIDs = Tag(0x0010, 0x1000)

  private static let unknown = "Unknown Tag & Data"

  /// `Full fidelity` → `FullFidelity`.
  private static func keyword(_ name: String) -> String {
    name.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
