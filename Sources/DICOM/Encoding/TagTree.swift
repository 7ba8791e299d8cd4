/// Builds the tag tree of a data set while its bytes pass by: values are collected only as far as a screen
/// shows them, so a file of any size costs as much memory as it has elements.
public struct TagTree: DataSetSink {
  /// Elements shown at most; a file with more is cut there.
  public static let nodeLimit = 200_000
  /// Binary values up to so many bytes are shown as numbers.
  private static let binaryPreview = 128

  private let isBigEndian: Bool
  private var levels: [Level] = [Level()]
  private var fragmentCount = 0
  private var count = 0

  /// The elements of one data set or item that is being read.
  private struct Level {
    var nodes: [TagNode] = []
    var characterSet = SpecificCharacterSet.undeclared
    var creators = PrivateCreators()
    /// The sequence that the items of the level below belong to.
    var sequence: TagNode?
  }

  private init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  /// The tree of a file, its meta information first. Damage behind some point gives what lies before it.
  ///
  /// - Parameters:
  ///   - size: of the file, in bytes.
  ///   - read: gives bytes of the file: at most so many from an offset; fewer only at its end.
  /// - Throws: `DataSetError` when the start is no DICOM; whatever `read` throws.
  public static func read(size: Int, _ read: (_ offset: Int, _ count: Int) throws -> [UInt8]) throws
    -> [TagNode]
  {
    let start = try read(0, min(size, FileHeader.sufficientLength))
    let header = try start.withUnsafeBytes { try FileHeader($0) }
    var nodes: [TagNode] = []
    if header.meta != nil {
      let hasPreamble = start.count >= 132 && start[128..<132].elementsEqual("DICM".utf8)
      let offset = hasPreamble ? 132 : 0
      nodes = try walk(offset..<header.dataSetOffset, .explicitLittleEndian, read)
    }
    return nodes + (try walk(min(header.dataSetOffset, size)..<size, header.transferSyntax, read))
  }

  /// Bytes read at once: small where most is passed over, since values are skipped and not read.
  private static let chunk = 64 * 1024

  private static func walk(
    _ range: Range<Int>, _ syntax: TransferSyntax, _ read: (Int, Int) throws -> [UInt8]
  ) throws -> [TagNode] {
    var stream = DataSetStream(
      sink: TagTree(isBigEndian: syntax.isBigEndian), syntax: syntax, offset: range.lowerBound)
    var offset = range.lowerBound
    while offset < range.upperBound && !stream.isStopped {
      let bytes = try read(offset, min(chunk, range.upperBound - offset))
      if bytes.isEmpty { break }
      do {
        try bytes.withUnsafeBytes { try stream.feed($0) }
        offset += bytes.count + stream.skippable
        try stream.skip()
      } catch {
        // What could be read is shown.
        break
      }
    }
    var tree = stream.sink
    return tree.closed()
  }

  public mutating func element(_ header: ElementHeader) -> ElementAction {
    if count >= Self.nodeLimit { return .stop }
    let length = header.length ?? 0
    let isShown = header.vr.isText || length <= Self.binaryPreview
    if !isShown || length == 0 {
      add(header, value: "")
      return .skip
    }
    // Four bytes a character are enough for any character set.
    return .collect(limit: TagNode.previewLength * 4)
  }

  public mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    if header.tag == .specificCharacterSet {
      levels[levels.count - 1].characterSet = SpecificCharacterSet(String(decoding: bytes, as: UTF8.self))
    }
    let level = levels[levels.count - 1]
    let text = ValueText.render(
      Array(bytes)[...], vr: representation(of: header), characterSet: level.characterSet,
      isBigEndian: isBigEndian, limit: TagNode.previewLength)
    if header.tag.isPrivateCreator {
      levels[levels.count - 1].creators.note(header.tag, text)
    }
    add(header, value: text)
  }

  public mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
    if count >= Self.nodeLimit { return false }
    levels[levels.count - 1].sequence = node(header, value: "")
    return true
  }

  public mutating func itemBegan(_ header: ElementHeader) {
    var level = Level()
    level.characterSet = levels[levels.count - 1].characterSet
    levels.append(level)
  }

  public mutating func itemEnded() {
    let item = levels.removeLast()
    levels[levels.count - 1].sequence?.items.append(item.nodes)
  }

  public mutating func sequenceEnded() {
    guard let sequence = levels[levels.count - 1].sequence else { return }
    levels[levels.count - 1].sequence = nil
    levels[levels.count - 1].nodes.append(sequence)
  }

  public mutating func fragmentsBegan(_ header: ElementHeader) -> Bool {
    fragmentCount = 0
    levels[levels.count - 1].sequence = node(header, value: "")
    return true
  }

  public mutating func fragment(_ header: ElementHeader) { fragmentCount += 1 }

  public mutating func fragmentsEnded() {
    // The first is the Basic Offset Table.
    let fragments = max(0, fragmentCount - 1)
    levels[levels.count - 1].sequence?.value = fragments == 1 ? "1 fragment" : "\(fragments) fragments"
    sequenceEnded()
  }

  private mutating func add(_ header: ElementHeader, value: String) {
    let node = node(header, value: value)
    levels[levels.count - 1].nodes.append(node)
  }

  private mutating func node(_ header: ElementHeader, value: String) -> TagNode {
    count += 1
    let creator = levels[levels.count - 1].creators.creator(of: header.tag)
    let end = header.valueOffset + (header.length ?? 0)
    return TagNode(
      tag: header.tag, vr: representation(of: header),
      name: DataDictionary.name(of: header.tag, privateCreator: creator), privateCreator: creator,
      value: value,
      length: header.length, offset: header.offset, valueRange: header.valueOffset..<end)
  }

  public mutating func representation(_ header: ElementHeader) -> VR? {
    levels[levels.count - 1].creators.representation(of: header.tag)
  }

  /// In implicit VR a private element's representation is known from its creator, if at all.
  private func representation(of header: ElementHeader) -> VR {
    guard header.vr == .UN else { return header.vr }
    return levels[levels.count - 1].creators.representation(of: header.tag) ?? header.vr
  }

  /// Closes what damage left open.
  private mutating func closed() -> [TagNode] {
    while levels.count > 1 {
      itemEnded()
      sequenceEnded()
    }
    sequenceEnded()
    return levels[0].nodes
  }
}
