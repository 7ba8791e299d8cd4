import DICOM

/// What can be read of attachments.
extension Archive {
  /// The attachments of a resource itself, by type. Throws `StoreError.notFound` when the resource is gone.
  public func attachments(of resource: ResourceReference) async throws(StoreError) -> [AttachmentInfo] {
    let names = attachmentNames
    return try await read { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      return try AttachmentOperations.all(db, resource.level, key: key).map { names.info($0) }
    }
  }

  /// One attachment. Throws `StoreError.notFound` when it or the resource is gone.
  public func attachment(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentInfo {
    attachmentNames.info(try await row(of: type, of: resource))
  }

  /// The content of an attachment, for reading any part of it; compressed ones are inflated on the way. Throws
  /// `StoreError`: `notFound` when it or the resource is gone, `inputOutput` when its file can't be opened.
  public func content(
    of type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentContent {
    var row = try await row(of: type, of: resource)
    while true {
      do throws(StoreError) {
        return try open(row)
      } catch {
        // Replaced between the look into the index and the one into the folder.
        let now = try await self.row(of: type, of: resource)
        if now.uuid == row.uuid { throw error }
        row = now
      }
    }
  }

  /// The file of an attachment as it lies on the disk. Throws as `content` does.
  public func storedContent(
    of type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentContent {
    let path = storage.path(of: try await row(of: type, of: resource).uuid)
    return try AttachmentContent(OpenFile(path), isCompressed: false, name: path)
  }

  /// Throws `StoreError`.
  func open(_ row: AttachmentRow) throws(StoreError) -> AttachmentContent {
    let path = storage.path(of: row.uuid)
    return try AttachmentContent(
      OpenFile(path), isCompressed: row.isCompressed, name: path, size: Int(row.size.ofContent))
  }

  /// Checks one attachment: that its file is there and has its size, and that the MD5s of its file and of its content are
  /// right. Nil: it is sound. Throws `StoreError.notFound` when it or the resource is gone.
  public func verify(
    _ type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> Fault? {
    let row = try await row(of: type, of: resource)
    return try await Archive.blocking { () throws(StoreError) in self.damage(row, deep: true) }
  }

  /// The type that a name or a number stands for. Throws `StoreError.badValue`.
  public func attachmentType(named name: String) throws(StoreError) -> AttachmentType {
    try attachmentNames.type(named: name)
  }

  /// The names from `UserContentType` with their types, sorted by name.
  public var userAttachmentTypes: [(name: String, type: AttachmentType)] {
    attachmentNames.types.sorted { $0.key < $1.key }.map { ($0.key, $0.value.type) }
  }

  func row(
    of type: AttachmentType, of resource: ResourceReference
  ) async throws(StoreError) -> AttachmentRow {
    let name = attachmentNames.name(of: type)
    return try await read { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      guard let row = try AttachmentOperations.row(db, type, resource.level, key: key) else {
        throw StoreError(
          .notFound, "\(resource.level.name.lowercased()) \(resource.id) has no attachment \(name)")
      }
      return row
    }
  }
}
