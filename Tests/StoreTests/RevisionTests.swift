import DICOM
import TestSupport
import Testing

@testable import Store

/// `CheckRevisions`: what is there is changed only by those who say which revision they have seen.
struct RevisionTests {
  private static let key = MetadataKey(rawValue: 1024)
  private static let type = AttachmentType(rawValue: 1024)

  private func filled(_ folder: TemporaryFolder, checks: Bool) async throws -> (Archive, ResourceReference) {
    let archive = try makeArchive(folder) { $0.checksRevisions = checks }
    try await archive.add(DataSetSamples.file())
    return (archive, try #require(try await archive.rows(.study).first).reference)
  }

  /// Sets and removes, as metadata or as an attachment.
  private func set(
    _ archive: Archive, _ isMetadata: Bool, _ expected: ExpectedRevision, _ resource: ResourceReference
  ) async throws -> Int {
    isMetadata
      ? try await archive.setMetadata(Self.key, to: "x", expecting: expected, on: resource)
      : try await archive.setAttachment(Self.type, to: [1], expecting: expected, of: resource)
  }

  private func remove(
    _ archive: Archive, _ isMetadata: Bool, _ expected: ExpectedRevision, _ resource: ResourceReference
  ) async throws {
    if isMetadata {
      try await archive.removeMetadata(Self.key, expecting: expected, on: resource)
    } else {
      try await archive.removeAttachment(Self.type, expecting: expected, of: resource)
    }
  }

  private func refusal(_ body: () async throws -> Void) async -> StoreError? {
    await #expect(throws: StoreError.self) { try await body() }
  }

  /// As Orthanc answers with the option on.
  @Test(arguments: [true, false]) func withTheOptionOnAChangeNamesWhatItReplaces(isMetadata: Bool)
    async throws
  {
    let folder = try TemporaryFolder()
    let (archive, study) = try await filled(folder, checks: true)
    #expect(try await set(archive, isMetadata, .any, study) == 0)
    let unstated = await refusal { _ = try await set(archive, isMetadata, .any, study) }
    #expect(unstated?.code == .revisionConflict)
    #expect(unstated?.message.contains(" 1024 is at revision 0, and no revision was given") == true)
    #expect(try await set(archive, isMetadata, .revision(0), study) == 1)
    let stale = await refusal { _ = try await set(archive, isMetadata, .revision(0), study) }
    #expect(stale?.message.contains("expected revision 0, it is at revision 1") == true)
    #expect(await refusal { try await remove(archive, isMetadata, .any, study) }?.code == .revisionConflict)
    let old = await refusal { try await remove(archive, isMetadata, .revision(0), study) }
    #expect(old?.message.contains("expected revision 0, it is at revision 1") == true)
    try await remove(archive, isMetadata, .revision(1), study)
    #expect(await refusal { try await remove(archive, isMetadata, .any, study) }?.code == .notFound)
    let gone = await refusal { _ = try await set(archive, isMetadata, .revision(1), study) }
    #expect(gone?.message.contains("expected revision 1, it is gone") == true)
    #expect(try await set(archive, isMetadata, .any, study) == 0)
    archive.close()
  }

  @Test(arguments: [true, false]) func withTheOptionOffTheLastOneWins(isMetadata: Bool) async throws {
    let folder = try TemporaryFolder()
    let (archive, study) = try await filled(folder, checks: false)
    for revision in 0..<3 { #expect(try await set(archive, isMetadata, .any, study) == revision) }
    // Whoever says what they have seen is still told.
    let stale = await refusal { _ = try await set(archive, isMetadata, .revision(1), study) }
    #expect(stale?.code == .revisionConflict)
    try await remove(archive, isMetadata, .any, study)
    archive.close()
  }

  /// Each counts one up from what it has read, and tries again after a conflict: no update is lost.
  @Test func concurrentWritersLoseNothing() async throws {
    let folder = try TemporaryFolder()
    let (archive, study) = try await filled(folder, checks: true)
    _ = try await archive.setMetadata(Self.key, to: "0", expecting: .any, on: study)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var done = 0
          while done < 25 {
            let entry = try #require(
              try await archive.userMetadata(of: [study])[study]?.first { $0.key == Self.key })
            do {
              _ = try await archive.setMetadata(
                Self.key, to: String((Int(entry.value) ?? 0) + 1), expecting: .revision(entry.revision),
                on: study)
              done += 1
            } catch let error as StoreError where error.code == .revisionConflict {}
          }
        }
      }
      try await group.waitForAll()
    }
    let entry = try await archive.userMetadata(of: [study])[study]?.first
    #expect(entry?.value == "200" && entry?.revision == 200)
    archive.close()
  }
}
