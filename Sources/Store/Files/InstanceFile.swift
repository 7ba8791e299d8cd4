import CLinux
import Crypto
import DICOM
import Glibc

/// The file of an arriving instance: written in large pieces, parsed and hashed on the way.
final class InstanceFile {
  let uuid: String
  private let storage: StorageArea
  /// Negative while everything is in the buffer, and after the end.
  private var file: Int32 = -1
  private var stream: DataSetStream<InstanceSummary>
  private var digest: Insecure.MD5?
  private var buffer: [UInt8] = []
  private(set) var size: Int64 = 0
  /// Bytes in the file, as opposed to those that still are in the buffer.
  private var written: Int64 = 0
  private let dataSetOffset: Int

  /// Bytes gathered before they are written.
  private static let bufferSize = 256 * 1024
  /// A file up to this size is not written here: the journal takes it.
  private static let smallSize = 64 * 1024

  /// - Parameters:
  ///   - prefix: preamble and file meta information.
  ///   - dataSetEnd: the file's whole size, if known.
  init(
    storage: StorageArea, prefix: [UInt8], syntax: TransferSyntax, tags: [Tag], hasDigest: Bool,
    dataSetEnd: Int? = nil
  ) throws(StoreError) {
    uuid = storage.names.next()
    self.storage = storage
    dataSetOffset = prefix.count
    stream = DataSetStream(
      sink: InstanceSummary(tags: tags, syntax: syntax), syntax: syntax, offset: prefix.count, end: dataSetEnd
    )
    digest = hasDigest ? Insecure.MD5() : nil
    try prefix.span.withUnsafeBytes { bytes throws(StoreError) in try write(bytes) }
  }

  deinit { if file >= 0 { close(file) } }

  /// The next bytes of the data set. Throws `StoreError`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    do throws(DataSetError) {
      try stream.feed(bytes)
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
    try write(bytes)
  }

  /// Checks that the data set is whole and writes what is left.
  func complete() throws(StoreError) -> InstanceSummary {
    do throws(DataSetError) {
      try stream.finish()
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
    if !isSmall { try flush() }
    return stream.sink
  }

  /// Whether it is all in memory.
  var isSmall: Bool { file < 0 && buffer.count <= Self.smallSize }

  /// Makes the complete file durable under its final name, unless it is small.
  func publish() throws(StoreError) -> StoredFile {
    if isSmall {
      defer { buffer = [] }
      return StoredFile(
        uuid: uuid, size: size, md5: digest.map { Array($0.finalize()) }, bytes: buffer)
    }
    try storage.publish(uuid, file)
    close(file)
    file = -1
    return StoredFile(uuid: uuid, size: size, md5: digest.map { Array($0.finalize()) })
  }

  /// Removes whatever there is of the file.
  func discard() {
    if file < 0 { return }
    close(file)
    file = -1
    storage.remove(uuid)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    digest?.update(bufferPointer: bytes)
    size += Int64(bytes.count)
    // Large pieces go straight to the file, small ones are gathered.
    if bytes.count >= Self.bufferSize / 2 {
      try flush()
      return try writeAll(bytes)
    }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func flush() throws(StoreError) {
    if buffer.isEmpty { return }
    var pending: [UInt8] = []
    swap(&pending, &buffer)
    try pending.span.withUnsafeBytes { bytes throws(StoreError) in try writeAll(bytes) }
    // Its memory is kept for what comes.
    pending.removeAll(keepingCapacity: true)
    buffer = pending
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    if file < 0 { file = try storage.create(uuid) }
    var position = 0
    while position < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress?.advanced(by: position), bytes.count - position)
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError.last("write", storage.incomingPath(of: uuid))
      }
      position += count
    }
    // The disk works while the rest arrives; what it has by the end need not be waited for then.
    _ = filmroom_start_writing(file, written, Int64(bytes.count))
    written += Int64(bytes.count)
  }
}
