import DICOM

/// The DICOMDIR of an export, kept in a file while it grows.
///
/// `@unchecked`: one caller at a time uses it, in order.
final class MediaDirectory: @unchecked Sendable {
  private let spool: SpoolFile
  private var writer: DirectoryWriter
  private let isExtended: Bool
  /// What the last instance lies in.
  private var current: (patient: Int64, study: Int64, series: Int64)?
  /// Instances so far, and those of the last series.
  private(set) var count = 0
  private var numbers = DirectoryNumbers()

  /// - Parameter folder: where the file takes room.
  init(folder: String, isExtended: Bool) throws(StoreError) {
    self.isExtended = isExtended
    spool = try SpoolFile(folder: folder)
    writer = DirectoryWriter(fileSetID: MediaLayout.fileSetID, instance: UID(NewUID.text()))
    try spool.append(writer.head)
  }

  var size: Int { spool.size }

  /// An instance that has been written as the next file.
  ///
  /// - Parameters:
  ///   - tags: of its series and what that lies in.
  ///   - start: the first bytes of its file.
  func add(
    _ instance: ExportInstance, of series: ExportSeries, tags: [Tag: String], start: [UInt8]
  ) throws(StoreError) {
    if current?.patient != series.patient {
      numbers.beginPatient()
      try add(DirectoryRecord(.patient, keys: DirectoryKeys.patient(tags, numbers)), depth: 0)
    }
    if current?.patient != series.patient || current?.study != series.study {
      numbers.beginStudy()
      try add(DirectoryRecord(.study, keys: DirectoryKeys.study(tags, numbers)), depth: 1)
    }
    if current?.series != series.key {
      numbers.beginSeries()
      try add(
        DirectoryRecord(.series, keys: DirectoryKeys.series(tags, numbers, isExtended: isExtended)), depth: 2)
    }
    current = (series.patient, series.study, series.key)
    numbers.instance += 1
    let kind = DirectoryRecordKind(sopClass: instance.sopClass)
    let file = DirectoryRecord.File(
      path: MediaLayout.path(count), sopClass: instance.sopClass, sopInstance: instance.sopInstance,
      transferSyntax: instance.transferSyntax)
    try add(
      DirectoryRecord(kind, file: file, keys: DirectoryKeys.instance(instance, kind, numbers, start: start)),
      depth: 3)
    count += 1
  }

  private func add(_ record: DirectoryRecord, depth: Int) throws(StoreError) {
    let bytes: [UInt8]
    let patches: [DirectoryWriter.Patch]
    do throws(DirectoryWriter.TooLarge) {
      (bytes, patches) = try writer.add(record, depth: depth)
    } catch {
      throw StoreError(.badValue, "these are more files than one DICOMDIR can list: export fewer at a time")
    }
    try spool.append(bytes)
    try apply(patches)
  }

  private func apply(_ patches: [DirectoryWriter.Patch]) throws(StoreError) {
    for patch in patches { try spool.replace(at: patch.offset, patch.bytes) }
  }

  /// Of it that is in memory at once when it goes out.
  private static let chunk = 1 << 20

  /// Writes it as the last entry.
  ///
  /// - Parameter pause: called between two pieces, so that what was written can go out.
  func finish(
    into zip: ZipWriter, date: Int64, pause: () async throws -> Void
  ) async throws {
    try await Archive.blocking { () throws(StoreError) in
      try self.apply(self.writer.finish())
      try zip.begin(MediaLayout.directoryName, date: date, expectedSize: self.size, method: .deflated)
    }
    for offset in stride(from: 0, to: size, by: Self.chunk) {
      try await Archive.blocking { () throws(StoreError) in
        try zip.append(try self.spool.read(at: offset, count: min(Self.chunk, self.size - offset)))
      }
      try await pause()
    }
    try await Archive.blocking { () throws(StoreError) in try zip.end() }
  }
}
