import DICOM
import GRDB
import Synchronization

/// How attachments are changed. Each change is one commit, and tells `UpdatedAttachment`.
extension Archive {
  /// Begins a user-defined attachment, or what is to replace one; nothing is changed before `AttachmentWriter.finish`.
  /// Throws `StoreError`: `notFound` when the resource is gone, `readOnly` for the core's types, and when the file can't
  /// be created.
  public func writeAttachment(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentWriter {
    let name = attachmentNames.name(of: type)
    if !type.isUserDefined {
      throw StoreError(.readOnly, "attachment \(name) can't be set: user-defined ones are 1024 to 65535")
    }
    return try await beginAttachment(type, of: resource)
  }

  /// The same for any type.
  func beginAttachment(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentWriter {
    let name = attachmentNames.name(of: type)
    _ = try await read { try ArchiveIndex.existingKey($0, resource) }
    return try await Archive.blocking { () throws(StoreError) in
      try AttachmentWriter(self, type, of: resource, named: name)
    }
  }

  /// Adds or replaces a user-defined attachment with a piece of memory. Returns its revision. Throws what
  /// `writeAttachment` and `AttachmentWriter.finish` throw.
  public func setAttachment(
    _ type: AttachmentType, to bytes: [UInt8], expecting expected: ExpectedRevision,
    of resource: ResourceReference
  ) async throws(StoreError) -> Int {
    let writer = try await writeAttachment(type, of: resource)
    try await writer.append(bytes)
    return try await writer.finish(expecting: expected)
  }

  /// Adds or replaces a user-defined attachment with a file of the disk, which is only read. Returns its revision. Throws
  /// what `writeAttachment` and `AttachmentWriter.finish` throw, `closed` when its task is cancelled, and when the file
  /// can't be read. Then nothing has changed.
  public func setAttachment(
    _ type: AttachmentType, toFile path: String, expecting expected: ExpectedRevision,
    of resource: ResourceReference, progress: AttachmentProgress = { _, _ in }
  ) async throws(StoreError) -> Int {
    let file = try await Archive.blocking { () throws(StoreError) in try OpenFile(path) }
    let writer = try await writeAttachment(type, of: resource)
    let content = try AttachmentContent(file, isCompressed: false, name: path)
    try await content.forEachPieceInTurn(progress) { bytes throws(StoreError) in
      try bytes.span.withUnsafeBytes { piece throws(StoreError) in try writer.append(piece) }
    }
    return try await writer.finish(expecting: expected)
  }

  /// Deletes a user-defined attachment, or one that was made from the DICOM file. Throws `StoreError`: `notFound` when it or
  /// the resource is gone, `readOnly` for the DICOM file itself, `revisionConflict` unless it is at the expected revision.
  public func removeAttachment(
    _ type: AttachmentType, expecting expected: ExpectedRevision, of resource: ResourceReference
  ) async throws(StoreError) {
    let (date, name) = (Archive.now(), attachmentNames.name(of: type))
    let check = revisionCheck(expected, "attachment \(name)")
    if !type.isDeletable { throw StoreError(.readOnly, "attachment \(name) can't be deleted on its own") }
    try await committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      let old = try AttachmentOperations.remove(
        db, type, if: check, resource, key: key)
      var effects = try Self.updatedAttachment(db, resource, key: key, name: name, date: date)
      effects.doomedFiles = [old]
      return effects
    }
  }

  /// Compresses an attachment on the disk; its content and revision stay. False when there is nothing to do. Throws
  /// `StoreError`: `notFound` when it or the resource is gone, `revisionConflict` when it is replaced meanwhile, and when
  /// its file can't be read or is not what it was.
  public func compressAttachment(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> Bool {
    try await rewrite(type, of: resource, isCompressed: true)
  }

  /// Lays the content of an attachment on the disk as it is. As `compressAttachment`.
  public func uncompressAttachment(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> Bool {
    try await rewrite(type, of: resource, isCompressed: false)
  }

  fileprivate static func updatedAttachment(
    _ db: Database, _ resource: ResourceReference, key: Int64, name: String, date: Int64
  ) throws -> EditEffects {
    var change = try ChangeOperations.record(
      db, .updatedAttachment, resource, key: key, date: date,
      title: try ChangeOperations.title(db, resource.level, key: key))
    change.detail = name
    return EditEffects(changes: [change])
  }

  private func rewrite(
    _ type: AttachmentType, of resource: ResourceReference, isCompressed: Bool
  ) async throws(StoreError) -> Bool {
    let old = try await row(of: type, of: resource)
    let content = try await content(of: type, of: resource)
    if old.isCompressed == isCompressed || isCompressed && content.size == 0 { return false }
    let name = attachmentNames.name(of: type)
    let file = try await Archive.blocking { () throws(StoreError) in
      try self.copy(content, md5: old.md5, isCompressed: isCompressed)
    }
    let date = Archive.now()
    do throws(StoreError) {
      try await committer.edit { db in
        let key = try ArchiveIndex.existingKey(db, resource)
        try AttachmentOperations.rewrite(
          db, AttachmentRow(type, file, revision: old.revision), inPlaceOf: old.uuid, named: name, resource,
          key: key)
        var effects = try Self.updatedAttachment(db, resource, key: key, name: name, date: date)
        effects.doomedFiles = [old.uuid]
        return effects
      }
    } catch {
      storage.remove(file.uuid)
      throw error
    }
    storage.endArrival(file.uuid)
    return true
  }

  /// A new file with the same content. Throws `StoreError` when that is not what it was.
  private func copy(
    _ content: AttachmentContent, md5: [UInt8]?, isCompressed: Bool
  ) throws(StoreError) -> StoredFile {
    let file = try StorageFile(
      storage: storage, isCompressed: isCompressed, hasDigest: configuration.storeMD5)
    do throws(StoreError) {
      try content.forEachPiece { bytes throws(StoreError) in
        try bytes.span.withUnsafeBytes { piece throws(StoreError) in try file.append(piece) }
      }
      try file.complete()
      let stored = try file.publish()
      if let md5, let new = stored.md5, new != md5 {
        throw StoreError(
          .inputOutput,
          "\(content.name) is not what it was; it stays as it is. `filmroom verify --deep` says more")
      }
      return stored
    } catch {
      file.discard()
      throw error
    }
  }
}

/// Takes in the content of one attachment, of any size, with little memory. Ends with `finish` or `discard`.
///
/// `@unchecked`: one caller at a time uses it, in order.
public final class AttachmentWriter: @unchecked Sendable {
  private let archive: Archive
  private let type: AttachmentType
  private let resource: ResourceReference
  private let name: String
  private var file: StorageFile?

  init(
    _ archive: Archive, _ type: AttachmentType, of resource: ResourceReference, named name: String
  ) throws(StoreError) {
    self.archive = archive
    self.type = type
    self.resource = resource
    self.name = name
    file = try StorageFile(
      storage: archive.storage, isCompressed: archive.configuration.compressesStorage,
      hasDigest: archive.configuration.storeMD5)
  }

  deinit { discard() }

  /// The next bytes. Blocks: not for an event loop. Throws `StoreError` when they can't be written; then only `discard`
  /// may follow.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) { try file?.append(bytes) }

  /// The same with a piece of memory, away from the threads that must not block.
  func append(_ bytes: [UInt8]) async throws(StoreError) {
    try await Archive.blocking { () throws(StoreError) in
      try bytes.span.withUnsafeBytes { piece throws(StoreError) in try self.append(piece) }
    }
  }

  /// The content is complete: makes it the attachment, durably, and returns its revision, which is 0 for a new one. Throws
  /// `StoreError`: `notFound` when the resource is gone by now, `revisionConflict` unless what was there is at the expected
  /// revision, `closed` after `discard`, and when it can't be written. Then nothing has changed.
  public func finish(expecting expected: ExpectedRevision) async throws(StoreError) -> Int {
    guard let file else { throw StoreError(.closed, "the attachment was discarded") }
    do throws(StoreError) {
      let stored = try await Archive.blocking { () throws(StoreError) in
        try self.file?.complete()
        let stored = try self.file?.publish()
        // Waited for here, and not by the one writer of the index.
        _ = (stored?.md5, stored?.diskMD5)
        return stored
      }
      guard let stored else { throw StoreError(.closed, "the attachment was discarded") }
      let revision = try await archive.put(stored, as: type, named: name, expecting: expected, of: resource)
      self.file = nil
      archive.storage.endArrival(file.uuid)
      return revision
    } catch {
      discard()
      throw error
    }
  }

  /// Forgets what was taken in.
  public func discard() {
    file?.discard()
    file = nil
  }
}

extension Archive {
  fileprivate func put(
    _ file: StoredFile, as type: AttachmentType, named name: String, expecting expected: ExpectedRevision,
    of resource: ResourceReference
  ) async throws(StoreError) -> Int {
    let date = Archive.now()
    let check = revisionCheck(expected, "attachment \(name)")
    let revision = Mutex(0)
    try await committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      let (new, old) = try AttachmentOperations.set(
        db, AttachmentRow(type, file, revision: 0), if: check, resource, key: key)
      revision.withLock { $0 = new }
      var effects = try Self.updatedAttachment(db, resource, key: key, name: name, date: date)
      effects.doomedFiles = old.map { [$0] } ?? []
      return effects
    }
    return revision.withLock { $0 }
  }
}
