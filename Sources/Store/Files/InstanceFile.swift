import Crypto
import DICOM

/// The file of an arriving instance: parsed on the way, kept in memory while it is small, else written as it comes.
final class InstanceFile {
  let uuid: String
  private let storage: StorageArea
  /// Nil while everything is in `small`, and after the end.
  private var large: LargeFile?
  private var name: LastingName?
  private var stream: DataSetStream<InstanceSummary>
  private let hasDigest: Bool
  private var small: [UInt8] = []
  private(set) var size: Int64 = 0

  /// A file up to this size is not written here: the journal takes it.
  private static let smallSize = 64 * 1024

  /// - Parameters:
  ///   - prefix: preamble and file meta information.
  ///   - dataSetEnd: the file's whole size, if known.
  init(
    storage: StorageArea, prefix: [UInt8], syntax: TransferSyntax, tags: CollectedTags, hasDigest: Bool,
    dataSetEnd: Int? = nil
  ) throws(StoreError) {
    uuid = storage.names.next()
    self.storage = storage
    stream = DataSetStream(
      sink: InstanceSummary(tags: tags, syntax: syntax), syntax: syntax, offset: prefix.count, end: dataSetEnd
    )
    self.hasDigest = hasDigest
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
      let md5 = hasDigest ? Array(Insecure.MD5.hash(data: small)) : nil
      defer { small = [] }
      return StoredFile(uuid: uuid, size: size, digest: md5.map { .known($0) }, bytes: small)
    }
    file.digest?.complete()
    try name?.wait()
    try file.sync()
    file.close()
    large = nil
    return StoredFile(uuid: uuid, size: size, digest: file.digest.map { .pending($0) })
  }

  /// Removes whatever there is of the file.
  func discard() {
    small = []
    guard let file = large else { return }
    file.close()
    large = nil
    name?.remove()
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    size += Int64(bytes.count)
    if let large { return try large.append(bytes) }
    if size <= Self.smallSize { return small.append(contentsOf: bytes) }
    let file = try LargeFile(storage.incomingPath(of: uuid), hasDigest: hasDigest)
    large = file
    name = LastingName(uuid, storage: storage)
    let before = small
    small = []
    try before.span.withUnsafeBytes { part throws(StoreError) in try file.append(part) }
    try file.append(bytes)
  }
}
