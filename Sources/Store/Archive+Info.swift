import DICOM
import GRDB

/// Resources as the REST API shows them.
extension Archive {
  /// Those of a level that are still there, in the order asked for.
  public func infos(of ids: [PublicID], at level: ResourceLevel) async throws(StoreError) -> [ResourceInfo] {
    try await infos(level) { try InfoOperations.keys($0, level, ids) }
  }

  /// One of a level. Throws `StoreError.notFound` when it is gone.
  public func info(of resource: ResourceReference) async throws(StoreError) -> ResourceInfo {
    guard let info = try await infos(of: [resource.id], at: resource.level).first else {
      throw StoreError(.notFound, "no \(resource.level.name.lowercased()) \(resource.id)")
    }
    return info
  }

  /// A part of all resources of a level, in the order in which they came.
  public func infos(
    at level: ResourceLevel, since: Int = 0, limit: Int? = nil
  ) async throws(StoreError) -> [ResourceInfo] {
    try await infos(level) { try InfoOperations.keys($0, level, since: since, limit: limit) }
  }

  /// The identifiers of a part of all resources of a level, in the order in which they came.
  public func ids(
    at level: ResourceLevel, since: Int = 0, limit: Int? = nil
  ) async throws(StoreError) -> [PublicID] {
    try await ids(level) { try InfoOperations.keys($0, level, since: since, limit: limit) }
  }

  /// What lies below a resource, at any level below. Throws `StoreError.notFound` when it is gone.
  public func infos(
    below resource: ResourceReference, at level: ResourceLevel
  ) async throws(StoreError) -> [ResourceInfo] {
    try await infos(level) { try InfoOperations.keysBelow($0, resource, at: level) }
  }

  /// The identifiers of what lies below a resource. Throws `StoreError.notFound` when it is gone.
  public func ids(
    below resource: ResourceReference, at level: ResourceLevel
  ) async throws(StoreError) -> [PublicID] {
    try await ids(level) { try InfoOperations.keysBelow($0, resource, at: level) }
  }

  /// What a resource belongs to at a level above. Throws `StoreError.notFound` when it is gone.
  public func info(
    above resource: ResourceReference, at level: ResourceLevel
  ) async throws(StoreError) -> ResourceInfo {
    let found = try await infos(level) { [try InfoOperations.keyAbove($0, resource, at: level)] }
    guard let info = found.first else {
      throw StoreError(.notFound, "no \(level.name.lowercased()) above it")
    }
    return info
  }

  /// Core and user-defined metadata of a resource, by key. Throws `StoreError.notFound` when it is gone.
  public func metadata(of resource: ResourceReference) async throws(StoreError) -> [MetadataEntry] {
    let names = names
    return try await read { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      return try MetadataOperations.all(db, resource.level, key: key, names: names)
    }
  }

  /// The tags that the index keeps for a level.
  public func mainDicomTags(of level: ResourceLevel) -> [Tag] {
    let patient = Set(MainDicomTags.builtIn(.patient))
    let all = mainTags.all(level)
    return level == .study ? all.filter { !patient.contains($0) } : all
  }

  private func infos(
    _ level: ResourceLevel, _ keys: @Sendable @escaping (Database) throws -> [Int64]
  ) async throws(StoreError) -> [ResourceInfo] {
    let operations = InfoOperations(level: level, mainTags: mainTags)
    return try await read { try operations.fetch($0, keys: try keys($0)) }
  }

  private func ids(
    _ level: ResourceLevel, _ keys: @Sendable @escaping (Database) throws -> [Int64]
  ) async throws(StoreError) -> [PublicID] {
    try await read { try InfoOperations.ids($0, level, keys: try keys($0)) }
  }
}
