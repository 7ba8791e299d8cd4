import DICOM

/// The file of an arriving instance: parsed on the way, kept in memory while it is small, else written as it comes.
final class InstanceFile {
  private let storage: StorageArea
  /// Nil while everything is in `small`, and after the end.
  private var large: StorageFile?
  private var stream: DataSetStream<InstanceSummary>
  private let hasDigest: Bool
  private let isCompressed: Bool
  private var small: [UInt8] = []
  private var head: InstanceHead
  private(set) var size: Int64 = 0

  /// A file up to this size is not written here: the journal takes it.
  static let smallSize = 64 * 1024

  /// - Parameters:
  ///   - prefix: preamble and file meta information.
  ///   - isCompressed: whether it is compressed, and what stands before the pixel data kept beside it.
  ///   - dataSetEnd: the file's whole size, if known.
  init(
    storage: StorageArea, prefix: [UInt8], syntax: TransferSyntax, tags: CollectedTags, hasDigest: Bool,
    isCompressed: Bool = false, dataSetEnd: Int? = nil
  ) throws(StoreError) {
    self.storage = storage
    stream = DataSetStream(
      sink: InstanceSummary(tags: tags, syntax: syntax), syntax: syntax, offset: prefix.count, end: dataSetEnd
    )
    self.hasDigest = hasDigest
    self.isCompressed = isCompressed
    // A deflated data set has no place in the file where its pixel data would start.
    head = InstanceHead(isWanted: isCompressed && !syntax.isDeflated)
    try prefix.span.withUnsafeBytes { bytes throws(StoreError) in try write(bytes) }
  }

  /// The next bytes of the data set. Throws `StoreError`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    do throws(DataSetError) {
      try stream.feed(bytes)
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
    try write(bytes)
  }

  /// For a moment no more comes: what has come may be written. Throws `StoreError`.
  func flush() throws(StoreError) { try large?.flush() }

  /// Checks that the data set is whole and writes what is left.
  func complete() throws(StoreError) -> InstanceSummary {
    do throws(DataSetError) {
      try stream.finish()
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
    try large?.complete()
    return stream.sink
  }

  /// Whether it is all in memory.
  var isSmall: Bool { large == nil }

  /// Makes the complete file durable under its final name, unless it is small.
  func publish() throws(StoreError) -> StoredFile {
    guard let file = large else {
      defer { small = [] }
      return try StoredFile(
        uuid: storage.names.next(), content: small, isCompressed: isCompressed, hasDigest: hasDigest)
    }
    let stored = try file.publish()
    large = nil
    return stored
  }

  /// What stands before the pixel data, as a small file of its own. Nil where that is not wanted or not known. Before
  /// `publish`.
  func publishHead() throws(StoreError) -> StoredFile? {
    if large == nil { head.append(small, pixelDataOffset: stream.sink.pixelDataOffset) }
    guard let content = head.content else { return nil }
    return try StoredFile(
      uuid: storage.names.next(), content: content, isCompressed: isCompressed, hasDigest: hasDigest)
  }

  /// Removes whatever there is of the file.
  func discard() {
    small = []
    large?.discard()
    large = nil
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    size += Int64(bytes.count)
    if large == nil {
      if size <= Self.smallSize { return small.append(contentsOf: bytes) }
      try becomeLarge()
    }
    if head.isOpen { head.append(bytes, pixelDataOffset: stream.sink.pixelDataOffset) }
    try large?.append(bytes)
  }

  private func becomeLarge() throws(StoreError) {
    let file = try StorageFile(storage: storage, isCompressed: isCompressed, hasDigest: hasDigest)
    large = file
    let before = small
    small = []
    head.append(before, pixelDataOffset: stream.sink.pixelDataOffset)
    try before.span.withUnsafeBytes { part throws(StoreError) in try file.append(part) }
  }
}

/// Collects what stands in a file before its pixel data.
struct InstanceHead {
  private var bytes: [UInt8] = []
  /// Whether more is wanted.
  private(set) var isOpen: Bool
  /// What stands before the pixel data, once they have come.
  private(set) var content: [UInt8]?

  /// It is kept in memory: a longer one is not kept at all.
  private static let limit = 4 << 20

  init(isWanted: Bool) { isOpen = isWanted }

  /// The next bytes of the file.
  ///
  /// - Parameter pixelDataOffset: where the pixel data start, if that is in what has come by now.
  mutating func append(_ more: some Sequence<UInt8>, pixelDataOffset: Int?) {
    if !isOpen { return }
    bytes += more
    if let pixelDataOffset, pixelDataOffset <= bytes.count {
      content = Array(bytes.prefix(pixelDataOffset))
    } else if bytes.count <= Self.limit {
      return
    }
    bytes = []
    isOpen = false
  }
}
