import DICOM
import Glibc

/// How instances come in.
extension Archive: InstanceStore {
  /// Opens a place for an instance that arrives over DICOM.
  public func receive(_ incoming: IncomingInstance) throws -> any InstanceReceiver {
    let meta = FileMetaInformation(
      sopClass: incoming.sopClass, sopInstance: incoming.sopInstance, transferSyntax: incoming.transferSyntax,
      sourceAETitle: incoming.origin.remoteAET)
    do throws(StoreError) {
      return try InstanceWriter(
        self, origin: incoming.origin, syntax: incoming.transferSyntax, prefix: meta.encoded(),
        announced: (incoming.sopClass, incoming.sopInstance))
    } catch {
      health.note(error)
      throw error
    }
  }

  /// Stores a file that lies in memory. Throws `StoreError`.
  public func store(_ bytes: [UInt8], origin: InstanceOrigin) async throws(StoreError) -> StoreResult {
    try await store(size: bytes.count, origin: origin) { offset, count in
      Array(bytes[offset..<min(bytes.count, offset + count)])
    }
  }

  /// Stores a file of the disk, which is only read. Throws `StoreError`; `cannotUnderstand` when it is no
  /// DICOM file.
  public func importFile(_ path: String, origin: InstanceOrigin = InstanceOrigin(.localFile))
    async throws(StoreError) -> StoreResult
  {
    let file = try OpenFile(path)
    return try await store(size: file.size, origin: origin) { offset, count throws(StoreError) in
      try file.read(at: offset, count: count)
    }
  }

  /// Where what is uploaded may lie until it is stored; left-overs go at the next start.
  public var uploadFolder: String { storage.incoming }

  /// Bytes read from a file at once.
  private static let importChunk = 256 * 1024

  /// Stores a file that is read bit by bit. Throws `StoreError`.
  ///
  /// - Parameters:
  ///   - date: when it was received, if that was not now: seconds since 1970, UTC.
  ///   - waitsForIndex: whether it is in the index, too, when this returns. It is durable in any case, and whoever
  ///     reads waits for it.
  ///   - read: asked for one piece behind the other, from the start to the end.
  public func store(
    size: Int, origin: InstanceOrigin, date: Int64? = nil, waitsForIndex: Bool = true,
    _ read: @escaping @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]
  ) async throws(StoreError) -> StoreResult {
    let result: Result<StoreResult, StoreError> = await withCheckedContinuation { continuation in
      let fill: @Sendable () -> Void = {
        do throws(StoreError) {
          let writer = try self.fill(
            size: size, origin: origin, date: date, waitsForIndex: waitsForIndex, read)
          // This thread may wait for the disk: no other has to be woken for it.
          writer.finish(atEndOfTurn: { $0() }) { continuation.resume(returning: $0) }
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      // As what comes over DICOM: to wake another thread for a small file would take longer than to store it.
      if size <= Self.smallFile && !waitsForIndex && !Self.isDeflated(size: size, read) {
        fill()
      } else {
        Archive.blockingQueue.async(execute: fill)
      }
    }
    return try result.get()
  }

  /// A file up to so many bytes is taken in on the thread that calls, unless it is deflated, syncs are slow or it is to
  /// wait for the index.
  public static let smallFile = InstanceFile.smallSize

  /// Much may be in such a file, however small it is. One that can't be read is told by whoever takes it in.
  private static func isDeflated(
    size: Int, _ read: (Int, Int) throws(StoreError) -> [UInt8]
  ) -> Bool {
    let start = try? read(0, min(size, FileHeader.sufficientLength))
    return start.flatMap { try? header($0) }?.transferSyntax.isDeflated ?? false
  }

  private func fill(
    size: Int, origin: InstanceOrigin, date: Int64?, waitsForIndex: Bool,
    _ read: (Int, Int) throws(StoreError) -> [UInt8]
  ) throws(StoreError) -> InstanceWriter {
    let start = try read(0, min(size, max(FileHeader.sufficientLength, Self.importChunk)))
    let header = try Self.header(start)
    if let sopClass = header.meta?.mediaStorageSOPClass { try IngestRules.checkClass(sopClass) }
    // A file without meta information gets it: what is stored is a proper file, the data set as it was.
    let prefix =
      header.meta == nil || header.dataSetOffset < 132
      ? Self.meta(for: header) : start[..<header.dataSetOffset]
    let shift = prefix.count - header.dataSetOffset
    let writer = try InstanceWriter(
      self, origin: origin, syntax: header.transferSyntax, prefix: Array(prefix), announced: nil,
      end: size + shift, date: date, waitsForIndex: waitsForIndex)
    do throws(StoreError) {
      try writer.append(start[min(header.dataSetOffset, start.count)...])
      var offset = start.count
      while offset < size {
        let chunk = try read(offset, min(Self.importChunk, size - offset))
        if chunk.isEmpty { break }
        try writer.append(chunk[...])
        offset += chunk.count
      }
    } catch {
      writer.discard()
      throw error
    }
    return writer
  }

  static func header(_ bytes: [UInt8]) throws(StoreError) -> FileHeader {
    do throws(DataSetError) {
      return try bytes.span.withUnsafeBytes { buffer throws(DataSetError) in try FileHeader(buffer) }
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
  }

  private static func meta(for header: FileHeader) -> ArraySlice<UInt8> {
    let meta =
      header.meta
      ?? FileMetaInformation(sopClass: nil, sopInstance: nil, transferSyntax: header.transferSyntax)
    return meta.encoded()[...]
  }
}
