/// Where the data set of a file starts and how it is encoded, read from the file's first bytes.
///
/// Takes what old modalities write too: no preamble, or no file meta information at all.
public struct FileHeader: Equatable, Sendable {
  /// Nil when the file has none.
  public var meta: FileMetaInformation?
  public var transferSyntax: TransferSyntax
  /// Where the data set starts, in bytes.
  public var dataSetOffset: Int

  /// How many first bytes are enough for any file met so far.
  public static let sufficientLength = 1 << 16

  /// Reads the first bytes of a file, `sufficientLength` of them or the whole file.
  public init(_ bytes: UnsafeRawBufferPointer) throws(DataSetError) {
    let hasPreamble = bytes.count >= 132 && bytes[128..<132].elementsEqual("DICM".utf8)
    let start = hasPreamble ? 132 : bytes.count >= 4 && bytes[0..<4].elementsEqual("DICM".utf8) ? 4 : 0
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    let isMeta = rest.count >= 8 && rest[0] == 2 && rest[1] == 0 && Self.isVR(rest[4], rest[5])
    if isMeta {
      self = try Self.withMeta(bytes, from: start)
    } else {
      guard let guess = Self.guess(rest) else { throw DataSetError(.notDICOM) }
      self.init(meta: nil, transferSyntax: guess, dataSetOffset: start)
    }
  }

  private init(meta: FileMetaInformation?, transferSyntax: TransferSyntax, dataSetOffset: Int) {
    self.meta = meta
    self.transferSyntax = transferSyntax
    self.dataSetOffset = dataSetOffset
  }

  private static func withMeta(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws(DataSetError) -> FileHeader {
    var parser = DataSetParser(sink: MetaSink(), syntax: .explicitLittleEndian, offset: start)
    try parser.feed(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    let sink = parser.sink
    if sink.end == nil && !sink.isWhole(at: parser.offset) {
      throw DataSetError(.truncated, offset: parser.offset)
    }
    let offset = sink.end ?? parser.offset
    let dataSet = UnsafeRawBufferPointer(rebasing: bytes[min(offset, bytes.count)...])
    guard let syntax = sink.uid(0x0010).map({ TransferSyntax($0) }) ?? guess(dataSet) else {
      throw DataSetError(.missingTransferSyntax, offset: start)
    }
    let meta = FileMetaInformation(
      sopClass: sink.uid(0x0002), sopInstance: sink.uid(0x0003), transferSyntax: syntax,
      implementationClass: sink.uid(0x0012), implementationVersion: sink.text(0x0013),
      sourceAETitle: sink.text(0x0016))
    return FileHeader(meta: meta, transferSyntax: syntax, dataSetOffset: offset)
  }

  /// Collects group 2 and stops at the first element behind it.
  private struct MetaSink: DataSetSink {
    var values: [UInt16: [UInt8]] = [:]
    /// Where the data set starts, once something shows it.
    var end: Int?
    private var declaredEnd: Int?

    mutating func element(_ header: ElementHeader) -> ElementAction {
      // A deflated data set can look like anything: there the group length is believed.
      let isDeclaredEnd = header.offset == declaredEnd && isDeflated
      if header.tag.group != 2 || isDeclaredEnd {
        end = header.offset
        return .stop
      }
      return .collect(limit: 1024)
    }

    mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
      values[header.tag.element] = Array(bytes)
      if header.tag.element == 0, bytes.count == 4 {
        let length = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        declaredEnd = header.valueOffset + 4 + Int(length)
      }
    }

    mutating func sequenceBegan(_ header: ElementHeader) -> Bool { stop(at: header) }
    mutating func fragmentsBegan(_ header: ElementHeader) -> Bool { stop(at: header) }

    private mutating func stop(at header: ElementHeader) -> Bool {
      end = header.offset
      return false
    }

    /// A file that ends behind its meta information: an empty data set.
    func isWhole(at offset: Int) -> Bool { declaredEnd == offset }

    private var isDeflated: Bool { uid(0x0010).map { TransferSyntax($0).isDeflated } ?? false }

    func uid(_ element: UInt16) -> UID? {
      values[element].map { UID(bytes: $0) }.flatMap { $0.value.isEmpty ? nil : $0 }
    }

    func text(_ element: UInt16) -> String? {
      values[element].map { trimmed(String(decoding: $0, as: UTF8.self)) }.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  private static func isVR(_ first: UInt8, _ second: UInt8) -> Bool {
    VR(rawValue: UInt16(first) | UInt16(second) << 8).isKnown
  }

  /// The transfer syntax of a data set without meta information, from its first element.
  private static func guess(_ bytes: UnsafeRawBufferPointer) -> TransferSyntax? {
    guard bytes.count >= 8 else { return nil }
    let groups: Set<UInt16> = [0x0004, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028]
    let group = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    if groups.contains(group) {
      if isVR(bytes[4], bytes[5]) { return .explicitLittleEndian }
      return length < 1 << 20 || length == UInt32.max ? .implicitLittleEndian : nil
    }
    return groups.contains(group.byteSwapped) && isVR(bytes[4], bytes[5]) ? .explicitBigEndian : nil
  }
}

/// Without leading and trailing spaces and NULs, DICOM's padding.
func trimmed(_ text: String) -> String {
  if let first = text.utf8.first, let last = text.utf8.last, first > 0x20, last > 0x20 { return text }
  let isPadding = { (character: Unicode.Scalar) in character == " " || character == "\0" }
  var scalars = Substring(text).unicodeScalars
  while let first = scalars.first, isPadding(first) { scalars.removeFirst() }
  while let last = scalars.last, isPadding(last) { scalars.removeLast() }
  return String(scalars)
}
