extension Archive {
  /// Stores an entry of a ZIP archive, which is read as a stream. Throws `StoreError`; `cannotUnderstand` when the
  /// entry is no DICOM file, is damaged or can't be read.
  public func importEntry(
    _ entry: ZipEntry, of reader: ZipReader, origin: InstanceOrigin = InstanceOrigin(.localFile)
  ) async throws(StoreError) -> StoreResult {
    let stream = try await Archive.blocking { () throws(StoreError) in try reader.stream(entry) }
    // Asked for one piece after the other, from the start.
    return try await store(size: entry.size, origin: origin) { _, count throws(StoreError) in
      try stream.read(count)
    }
  }
}
