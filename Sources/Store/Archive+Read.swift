import DICOM
import GRDB

/// What can be asked.
extension Archive {
  /// At most `limit` rows of a list around a place in it.
  public func window(_ query: ListQuery, anchor: WindowAnchor, limit: Int) async throws(StoreError)
    -> ListWindow
  {
    await committer.settle()
    return try await index.window(query, anchor: anchor, limit: limit)
  }

  /// Everything the index knows of a resource; nil when it is gone.
  public func detail(of resource: ResourceReference) async throws(StoreError) -> ResourceDetail? {
    let (names, attachmentNames) = (self.names, self.attachmentNames)
    return try await read {
      try DetailOperations.detail($0, resource, names: names, attachmentNames: attachmentNames)
    }
  }

  public func totals() async throws(StoreError) -> ArchiveTotals {
    try await read { try ArchiveIndex.totals($0) }
  }

  /// How much lies in a resource; nothing is scanned. Throws `StoreError.notFound` when it is gone.
  public func statistics(of resource: ResourceReference) async throws(StoreError) -> ResourceStatistics {
    try await read { try StatisticsOperations.statistics($0, resource) }
  }

  /// The tag tree of an instance, read from its file. What stands before the pixel data comes from the file that
  /// holds just that, where there is one.
  public func tags(of instance: PublicID) async throws(StoreError) -> [TagNode] {
    let resource = ResourceReference(.instance, instance)
    let content = try await content(of: .dicom, of: resource)
    let head = await headContent(of: resource)
    return try await Archive.blocking { () throws(StoreError) in
      do {
        return try TagTree.read(size: content.size) { offset, count in
          if let head, offset < head.size { return try head.read(at: offset, count: count) }
          return try content.read(at: offset, count: count)
        }
      } catch let error as StoreError {
        throw error
      } catch {
        throw StoreError(.cannotUnderstand, "\(content.name): \(error)")
      }
    }
  }

  /// Nil where there is none, or none that can be read: the whole file has it all.
  private func headContent(of instance: ResourceReference) async -> AttachmentContent? {
    do throws(StoreError) {
      return try await content(of: .dicomUntilPixelData, of: instance)
    } catch {
      return nil
    }
  }

  /// Bytes of an instance's file; fewer than asked for only at its end. Whoever reads one file piece by piece takes
  /// `content`, which need not begin anew each time.
  public func bytes(of instance: PublicID, in range: Range<Int>) async throws(StoreError) -> [UInt8] {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      try content.read(at: range.lowerBound, count: range.count)
    }
  }

  /// Every label in use, the most used first.
  public func labelsInUse() async throws(StoreError) -> [LabelUse] {
    try await read { try LabelOperations.inUse($0) }
  }

  /// The labels of each of these resources; one that is gone is left out.
  public func labels(of resources: [ResourceReference]) async throws(StoreError)
    -> [ResourceReference: [String]]
  {
    try await read { db in
      var labels: [ResourceReference: [String]] = [:]
      for resource in resources {
        guard let key = try ArchiveIndex.key(db, resource) else { continue }
        labels[resource] = try LabelOperations.labels(db, resource.level, key: key)
      }
      return labels
    }
  }

  /// The user-defined metadata of each of these resources; one that is gone is left out.
  public func userMetadata(of resources: [ResourceReference]) async throws(StoreError)
    -> [ResourceReference: [MetadataEntry]]
  {
    let names = self.names
    return try await read { db in
      var metadata: [ResourceReference: [MetadataEntry]] = [:]
      for resource in resources {
        guard let key = try ArchiveIndex.key(db, resource) else { continue }
        metadata[resource] = try MetadataOperations.userDefined(db, resource.level, key: key, names: names)
      }
      return metadata
    }
  }

  /// What deleting these resources would take along.
  public func deletionPreview(of resources: [ResourceReference]) async throws(StoreError) -> DeletionPreview {
    try await read { try DetailOperations.preview($0, resources) }
  }

  /// The kept changes, newest first, older than `before`.
  public func changes(before: Int64?, limit: Int) async throws(StoreError) -> [Change] {
    try await read { try ChangeOperations.page($0, before: before, limit: limit) }
  }

  /// What is committed from now on.
  public func events() -> AsyncStream<ArchiveEvent> { hub.events() }

  /// The key that a name or a number stands for. Throws `StoreError.badValue`.
  public func metadataKey(named name: String) throws(StoreError) -> MetadataKey {
    try names.key(named: name)
  }

  /// Names from `UserMetadata`, sorted.
  public func metadataNames() -> [String] { names.keys.keys.sorted() }

  /// Reads a snapshot that has everything that was acknowledged by now.
  func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value)
    async throws(StoreError) -> Value
  {
    await committer.settle()
    return try await index.read(body)
  }
}
