import DICOM
import Logging

/// After a crash: what was acknowledged and is only in the journal goes where it belongs.
struct JournalReplay {
  let storage: StorageArea
  let index: ArchiveIndex
  let committer: Committer
  let mainTags: MainDicomTags
  let overwrite: Bool
  let logger: Logger

  /// Throws `StoreError` when something can't be written; then the journal, and the files that it names, are as they were.
  func run(_ records: [IngestJournal.Record]) throws(StoreError) {
    if records.isEmpty { return }
    let applied = try index.readNow { try JournalOperations.applied($0) }
    let tags = CollectedTags(mainTags.collected)
    var waiting: [IndexWork] = []
    var count = 0
    let known = try known(among: records, applied)
    for record in records {
      guard let entry = JournalEntry(record.body) else {
        logger.warning("a record of the journal (number \(record.sequence)) can't be read and is left out")
        continue
      }
      let uuid = entry.file.uuid
      if record.sequence <= applied {
        for file in entry.files where file.bytes != nil {
          if known.contains(file.uuid) { try restore(file) } else { storage.remove(file.uuid) }
        }
      } else if let instance = try prepare(entry, tags) {
        if try index.readNow({ try JournalOperations.isStored($0, instance.id(.instance), file: uuid) }) {
          for file in entry.files { try restore(file) }
          continue
        }
        count += 1
        // Nothing was admitted by the limits of these, which is what `isAwaited` says.
        waiting.append(
          .ingest(
            .init(instance: instance, sequence: record.sequence, overwrite: overwrite, isAwaited: true)))
        if waiting.count == IndexWorkQueue.most {
          try committer.replay(waiting)
          waiting = []
        }
      }
    }
    try committer.replay(waiting)
    try storage.syncAll()
    try index.syncLog()
    if count > 0 { logger.notice("took in \(count) acknowledged instances from the journal") }
  }

  /// What the index has passed is either in it or was refused or deleted since: the files of those that are in it.
  /// Files that were not in the journal stay as they are in any case.
  private func known(
    among records: [IngestJournal.Record], _ applied: UInt64
  ) throws(StoreError) -> Set<String> {
    var files: Set<String> = []
    for record in records where record.sequence <= applied {
      for file in JournalEntry(record.body)?.files ?? [] where file.bytes != nil { files.insert(file.uuid) }
    }
    let asked = files
    return try index.readNow { try JournalOperations.known($0, files: asked) }
  }

  /// A file that was not synced may be shorter than it was, empty or gone.
  private func restore(_ file: StoredFile) throws(StoreError) {
    guard let bytes = file.bytes else { return }
    let present = try? OpenFile(storage.path(of: file.uuid))
    if let present, present.size == bytes.count, (try? present.read(at: 0, count: bytes.count)) == bytes {
      return
    }
    try storage.write(file.uuid, bytes)
  }

  /// Nil for a file that is not there: it was removed again before the crash.
  private func prepare(_ entry: JournalEntry, _ tags: CollectedTags) throws(StoreError) -> PreparedInstance? {
    let syntax = TransferSyntax(UID(entry.transferSyntax))
    var stream = DataSetStream(
      sink: InstanceSummary(tags: tags, syntax: syntax), syntax: syntax, offset: entry.dataSetOffset,
      end: Int(entry.file.size))
    guard let content = try content(of: entry.file) else { return nil }
    var offset = entry.dataSetOffset
    do throws(DataSetError) {
      while let chunk = try? content.read(at: offset, count: 256 * 1024), !chunk.isEmpty {
        try chunk.span.withUnsafeBytes { part throws(DataSetError) in try stream.feed(part) }
        offset += chunk.count
      }
      try stream.finish()
    } catch {
      logger.error("an acknowledged instance in \(storage.path(of: entry.file.uuid)) can't be read: \(error)")
      return nil
    }
    var file = entry.file
    if entry.lacksDigest {
      file.digest = .known(try content.md5())
      if file.isCompressed { file.packed?.digest = .known(try Archive.md5(storage.path(of: file.uuid))) }
    }
    return IngestRules.prepare(
      stream.sink, tags: mainTags, syntax: syntax, origin: entry.origin, file: file,
      head: entry.head, dataSetOffset: entry.dataSetOffset, date: entry.date)
  }

  private func content(of file: StoredFile) throws(StoreError) -> AttachmentContent? {
    let path = storage.path(of: file.uuid)
    if let bytes = file.bytes {
      return try AttachmentContent(BytesInMemory(bytes: bytes), isCompressed: file.isCompressed, name: path)
    }
    try storage.restoreName(file.uuid)
    guard let source = try? OpenFile(path) else { return nil }
    return try AttachmentContent(source, isCompressed: file.isCompressed, name: path, size: Int(file.size))
  }
}
