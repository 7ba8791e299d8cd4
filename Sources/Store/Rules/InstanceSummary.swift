import DICOM

/// What the index wants to know of an instance, collected while its data set streams by.
struct InstanceSummary: DataSetSink {
  /// Longer values are cut: the index is for finding, the file has it all.
  static let valueLimit = 4096
  /// A sequence kept as JSON may grow to so many bytes; a longer one is left out.
  static let sequenceLimit = 64 * 1024

  private let wanted: [Tag]
  /// Position in `wanted` of the first tag not yet passed: elements come in ascending order.
  private var next = 0
  private var values: [Tag: [UInt8]] = [:]
  private(set) var sequences: [Tag: String] = [:]
  private var openSequence: SequenceJSON?
  private(set) var pixelDataOffset: Int?
  private(set) var pixelDataVR: VR?
  private(set) var characterSet = SpecificCharacterSet.undeclared
  private let isBigEndian: Bool
  private var representations: [Tag: VR] = [:]

  init(tags: [Tag], syntax: TransferSyntax) {
    wanted = Set(tags + [.specificCharacterSet, .sopClassUID]).sorted()
    isBigEndian = syntax.isBigEndian
    values.reserveCapacity(wanted.count)
  }

  mutating func element(_ header: ElementHeader) -> ElementAction {
    if header.depth > 0 {
      return openSequence == nil ? .skip : .collect(limit: Self.valueLimit)
    }
    if header.tag == .pixelData { notePixelData(header) }
    return isWanted(header.tag) ? .collect(limit: Self.valueLimit) : .skip
  }

  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    if header.depth > 0 {
      openSequence?.append(header, Array(bytes), characterSet: characterSet, isBigEndian: isBigEndian)
      return
    }
    if values[header.tag] != nil { return }
    values[header.tag] = Array(bytes)
    representations[header.tag] = header.vr
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
    return true
  }

  private var lastSequence: Tag? { next > 0 ? wanted[next - 1] : nil }

  private mutating func notePixelData(_ header: ElementHeader) {
    pixelDataOffset = header.offset
    pixelDataVR = header.vr
  }

  /// Whether the index keeps this tag; `next` moves on with the stream.
  private mutating func isWanted(_ tag: Tag) -> Bool {
    if next > 0 && wanted[next - 1] >= tag { next = 0 }
    while next < wanted.count && wanted[next] < tag { next += 1 }
    guard next < wanted.count, wanted[next] == tag else { return false }
    next += 1
    return true
  }

  /// A collected value as UTF-8 without padding; nil when the element was absent.
  func text(_ tag: Tag) -> String? {
    if let sequence = sequences[tag] { return sequence }
    guard let bytes = values[tag], let vr = representations[tag] else { return nil }
    return ValueText.render(
      bytes, vr: vr, characterSet: characterSet, isBigEndian: isBigEndian, limit: Self.valueLimit)
  }

  /// An identifier as Orthanc hashes it: stripped of padding; empty when absent.
  func identifier(_ tag: Tag) -> String { text(tag) ?? "" }
}
