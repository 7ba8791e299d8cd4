extension Archive {
  /// Stores an entry of a ZIP archive, which is read as a stream. Throws `StoreError`; `cannotUnderstand` when the
  /// entry is no DICOM file, is damaged or can't be read.
  public func importEntry(
    _ entry: ZipEntry, of reader: ZipReader, origin: InstanceOrigin = InstanceOrigin(.localFile)
  ) async throws(StoreError) -> StoreResult {
    try await store(size: entry.size, origin: origin, try await reader.content(of: entry))
  }
}

extension ZipReader {
  /// What reads an entry: to be asked for one piece after the other, from the start. Throws `StoreError` when it can't
  /// be read.
  public func content(
    of entry: ZipEntry
  ) async throws(StoreError) -> @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8] {
    let stream = try await Archive.blocking { () throws(StoreError) in try self.stream(entry) }
    return { _, count throws(StoreError) in try stream.read(count) }
  }
}
