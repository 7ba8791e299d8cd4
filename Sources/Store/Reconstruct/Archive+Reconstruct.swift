import DICOM

/// How the index is made anew from files.
public struct ReconstructOptions: Equatable, Sendable {
  /// Only the main DICOM tags of the resource's own level, from one of its instances.
  public var isLimitedToLevel = false
  /// Whether files are also laid on the disk as `StorageCompression` has it now.
  public var renewsFiles = false

  public init() {}
}

extension Archive {
  /// Files that are read for one transaction.
  private static let reconstructedAtOnce = 100

  /// Makes what the index knows of files anew, by the present dictionary and `ExtraMainDicomTags`: main DICOM tags, what is
  /// sorted and searched by, the core metadata that come from files, kept summaries. Labels, metadata, attachments, protection
  /// and dates stay.
  ///
  /// Throws `StoreError`: `notFound` when the resource is gone, and `cannotUnderstand` at the end when files could not be
  /// read; all others are done then.
  ///
  /// - Parameter resource: it, what is below and what it lies in; nil is the whole archive.
  public func reconstruct(
    _ resource: ResourceReference?, _ options: ReconstructOptions = ReconstructOptions()
  ) async throws(StoreError) {
    if let resource { _ = try await info(of: resource) }
    if let resource, options.isLimitedToLevel {
      guard let instance = try await oneInstance(of: resource) else {
        throw StoreError(.notFound, "there is no file below \(resource.id)")
      }
      return try await renew([try await reread(instance)], [resource.level])
    }
    var faults: [StoreError] = []
    var last: Int64 = 0
    while true {
      let page = try await nextReconstructed(below: resource, after: last)
      guard let end = page.last else { break }
      last = end.key
      var instances: [PreparedInstance] = []
      for (_, id) in page {
        do throws(StoreError) {
          if options.renewsFiles { try await layOut(id) }
          instances.append(try await reread(id))
          _ = try await renewKeptSummary(of: id)
        } catch {
          switch error.code {
          case .notFound, .revisionConflict: break
          case .cannotUnderstand, .inputOutput, .dataSetMismatch: faults.append(error)
          default: throw error
          }
        }
      }
      try await renew(instances, ResourceLevel.allCases)
    }
    if let first = faults.first {
      throw StoreError(
        .cannotUnderstand,
        "\(faults.count == 1 ? "1 file" : "\(faults.count) files") could not be read; all others are done. The first: "
          + first.message)
    }
  }

  private func nextReconstructed(
    below resource: ResourceReference?, after key: Int64
  ) async throws(StoreError) -> [(key: Int64, id: PublicID)] {
    await committer.settle()
    do throws(StoreError) {
      return try await index.read {
        try ReconstructOperations.next($0, below: resource, after: key, limit: Self.reconstructedAtOnce)
      }
    } catch {
      // The resource was deleted while it was at work: nothing is left to do.
      if error.code == .notFound && key > 0 { return [] }
      throw error
    }
  }

  private func renew(_ instances: [PreparedInstance], _ levels: [ResourceLevel]) async throws(StoreError) {
    if instances.isEmpty { return }
    let (tags, date) = (mainTags, Archive.now())
    try await committer.edit { db in
      var operations = ReconstructOperations(db, tags: tags)
      var effects = EditEffects()
      for resource in try operations.renew(instances, levels) {
        guard let key = try ArchiveIndex.key(db, resource) else { continue }
        // For those who show it: no client's list of changes has it.
        effects.changes.append(
          Change(
            sequence: 0, type: .updatedMetadata, resource: resource, date: date,
            title: try ChangeOperations.title(db, resource.level, key: key), detail: "MainDicomTags"))
      }
      return effects
    }
  }

  private func layOut(_ instance: PublicID) async throws(StoreError) {
    let resource = ResourceReference(.instance, instance)
    if configuration.compressesStorage {
      _ = try await compressAttachment(.dicom, of: resource)
    } else {
      _ = try await uncompressAttachment(.dicom, of: resource)
    }
  }

  /// What the index wants to know of an instance, from its file; values that it does not want are passed over.
  private func reread(_ instance: PublicID) async throws(StoreError) -> PreparedInstance {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      let header = try Archive.header(
        try content.read(at: 0, count: min(content.size, FileHeader.sufficientLength)))
      var stream = DataSetStream(
        sink: InstanceSummary(tags: self.collectedTags, syntax: header.transferSyntax),
        syntax: header.transferSyntax, offset: header.dataSetOffset, end: content.size)
      var offset = header.dataSetOffset
      do {
        while offset < content.size && !stream.isStopped {
          let bytes = try content.read(at: offset, count: min(64 * 1024, content.size - offset))
          if bytes.isEmpty { break }
          try bytes.withUnsafeBytes { try stream.feed($0) }
          offset += bytes.count + stream.skippable
          try stream.skip()
        }
      } catch let error as StoreError {
        throw error
      } catch {
        throw StoreError(.cannotUnderstand, "instance \(instance): \(error)")
      }
      let prepared = IngestRules.prepare(
        stream.sink, tags: self.mainTags, syntax: header.transferSyntax, origin: InstanceOrigin(.unknown),
        file: StoredFile(uuid: "", size: Int64(content.size), digest: nil),
        dataSetOffset: header.dataSetOffset,
        date: 0)
      guard prepared.id(.instance) == instance else {
        throw StoreError(.cannotUnderstand, "the file of instance \(instance) holds another instance")
      }
      return prepared
    }
  }
}
