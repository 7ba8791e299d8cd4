import Foundation
import TestSupport
import Testing

@testable import Store

/// An archive that must be there already is never made.
@Suite struct ExistingArchiveTests {
  @Test func nothingIsMadeWhereThereIsNone() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StoreError.self) { try makeArchive(folder) { $0.mustExist = true } }
    #expect(error?.code == .notFound)
    #expect(error?.message == "there is no archive in \(folder.path)/storage")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/storage"))
  }

  @Test func theOneThatIsThereIsOpened() async throws {
    let folder = try TemporaryFolder()
    let made = try makeArchive(folder)
    try await made.add(DataSetSamples.file())
    made.close()
    let opened = try makeArchive(folder) { $0.mustExist = true }
    #expect(try await opened.totals().instances == 1)
    opened.close()
  }

  @Test func anIndexElsewhereCounts() throws {
    let folder = try TemporaryFolder()
    try makeArchive(folder) { $0.indexFolder = folder.path + "/index" }.close()
    try makeArchive(folder) {
      $0.indexFolder = folder.path + "/index"
      $0.mustExist = true
    }.close()
    #expect(throws: StoreError.self) { try makeArchive(folder) { $0.mustExist = true } }
  }
}
