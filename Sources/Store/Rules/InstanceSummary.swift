import DICOM

/// What the index wants to know of an instance, collected while its data set streams by.
struct InstanceSummary: DataSetSink {
  /// Longer values are cut: the index is for finding, the file has it all.
  static let valueLimit = 4096
  /// A sequence kept as JSON may grow to so many bytes; a longer one is left out.
  static let sequenceLimit = 64 * 1024

  private static let pixelDataProviderURL = Tag(0x0028, 0x7FE0)
  private let wanted: CollectedTags
  /// Position in `wanted` of the first tag not yet passed: elements come in ascending order.
  private var next = 0
  /// The values, one behind the other.
  private var bytes: [UInt8] = []
  /// Where they lie among them, in the order of their tags.
  private var places: [Place] = []
  private(set) var sequences: [Tag: String] = [:]
  private var openSequence: SequenceJSON?
  private(set) var pixelDataOffset: Int?
  private(set) var pixelDataVR: VR?
  /// Whether there are Rows, as every image has them.
  private(set) var describesPixels = false
  /// Whether there are pixels of any kind, or an address of them.
  private(set) var hasPixels = false
  private(set) var characterSet = SpecificCharacterSet.undeclared
  private let isBigEndian: Bool

  private struct Place {
    var tag: Tag
    var start: UInt32
    var end: UInt32
    var vr: VR

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  init(tags: CollectedTags, syntax: TransferSyntax) {
    wanted = tags
    isBigEndian = syntax.isBigEndian
    bytes.reserveCapacity(512)
    places.reserveCapacity(24)
  }

  mutating func element(_ header: ElementHeader) -> ElementAction {
    if header.depth > 0 {
      return openSequence == nil ? .skip : .collect(limit: Self.valueLimit)
    }
    if header.tag == .pixelData { notePixelData(header) }
    notePixels(header.tag)
    return isWanted(header.tag) ? .collect(limit: Self.valueLimit) : .skip
  }

  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    if header.depth > 0 {
      openSequence?.append(header, Array(bytes), characterSet: characterSet, isBigEndian: isBigEndian)
      return
    }
    let position = position(of: header.tag)
    if position < places.count, places[position].tag == header.tag { return }
    let start = self.bytes.count
    self.bytes.append(contentsOf: bytes)
    places.insert(
      Place(tag: header.tag, start: UInt32(start), end: UInt32(self.bytes.count), vr: header.vr), at: position
    )
    if header.tag == .specificCharacterSet {
      characterSet = SpecificCharacterSet(String(decoding: bytes, as: UTF8.self))
    }
  }

  mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
    if header.depth == 0 {
      if isWanted(header.tag) { openSequence = SequenceJSON(limit: Self.sequenceLimit) }
    } else {
      openSequence?.beginSequence(header.tag)
    }
    return true
  }

  mutating func itemBegan(_ header: ElementHeader) { openSequence?.beginItem() }
  mutating func itemEnded() { openSequence?.endItem() }

  mutating func sequenceEnded() {
    guard var sequence = openSequence else { return }
    if sequence.isNested {
      openSequence?.endSequence()
      return
    }
    if let tag = lastSequence, let text = sequence.finished() { sequences[tag] = text }
    openSequence = nil
  }

  mutating func fragmentsBegan(_ header: ElementHeader) -> Bool {
    if header.depth == 0 && header.tag == .pixelData { notePixelData(header) }
    if header.depth == 0 { notePixels(header.tag) }
    return true
  }

  private var lastSequence: Tag? { next > 0 ? wanted.tags[next - 1] : nil }

  private mutating func notePixels(_ tag: Tag) {
    if tag == .rows { describesPixels = true }
    if tag.group == Tag.pixelData.group || tag == Self.pixelDataProviderURL { hasPixels = true }
  }

  private mutating func notePixelData(_ header: ElementHeader) {
    pixelDataOffset = header.offset
    pixelDataVR = header.vr
  }

  /// Whether the index keeps this tag; `next` moves on with the stream.
  private mutating func isWanted(_ tag: Tag) -> Bool {
    if next > 0 && wanted.tags[next - 1] >= tag { next = 0 }
    while next < wanted.tags.count && wanted.tags[next] < tag { next += 1 }
    guard next < wanted.tags.count, wanted.tags[next] == tag else { return false }
    next += 1
    return true
  }

  /// The first place whose tag is not below this one.
  private func position(of tag: Tag) -> Int {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].tag < tag { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A collected value as UTF-8 without padding; nil when the element was absent.
  func text(_ tag: Tag) -> String? {
    if !sequences.isEmpty, let sequence = sequences[tag] { return sequence }
    let position = position(of: tag)
    guard position < places.count, places[position].tag == tag else { return nil }
    let place = places[position]
    return ValueText.render(
      bytes[place.range], vr: place.vr, characterSet: characterSet, isBigEndian: isBigEndian,
      limit: Self.valueLimit)
  }

  /// An identifier as Orthanc hashes it: stripped of padding; empty when absent.
  func identifier(_ tag: Tag) -> String { text(tag) ?? "" }

  /// The identifiers that an instance's public id is made of, the patient's first.
  var identifiers: [String] {
    [Tag.patientID, .studyInstanceUID, .seriesInstanceUID, .sopInstanceUID].map { identifier($0) }
  }
}
