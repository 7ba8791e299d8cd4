import DICOM
import Explorer
import Store

/// The archive in the same process is what the explorer shows. It always says which revision it has shown.
extension Archive: ArchiveAccess {
  public func setMetadata(
    _ key: MetadataKey, to value: String, expectedRevision: Int?, on resource: ResourceReference
  ) async throws -> Int {
    let expected = expectedRevision.map { ExpectedRevision.revision($0) } ?? .absent
    return try await setMetadata(key, to: value, expecting: expected, on: resource)
  }

  public func removeMetadata(
    _ key: MetadataKey, expectedRevision: Int, on resource: ResourceReference
  ) async throws {
    try await removeMetadata(key, expecting: .revision(expectedRevision), on: resource)
  }
}

/// So are its jobs.
extension JobsEngine: JobAccess {}
