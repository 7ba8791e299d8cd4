import DICOM
import TestSupport
import Testing

@testable import Store

/// `LogExportedResources`: what was sent elsewhere is written down.
struct ExportedTests {
  private static let chain = [
    ResourceReference(.patient, PublicID(dicomIdentifiers: ["P1"])),
    ResourceReference(.study, PublicID(dicomIdentifiers: ["P1", "1.2.3"])),
    ResourceReference(.series, PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4"])),
    ResourceReference(.instance, PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.1"])),
  ]

  private func filled(_ folder: TemporaryFolder, logs: Bool = true) async throws -> Archive {
    let archive = try makeArchive(folder) { $0.logsExportedResources = logs }
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.1"))
    return archive
  }

  @Test func everyLevelHasItsIdentifiers() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let gone = ResourceReference(.study, PublicID(dicomIdentifiers: ["P1", "9"]))
    try await archive.recordExport(of: Self.chain + [gone], to: "PACS")
    let page = try await archive.exportedResources(since: 0, limit: 10)
    #expect(page.resources.map(\.resource) == Self.chain && page.resources.map(\.sequence) == [1, 2, 3, 4])
    #expect(page.isDone && page.last == 4)
    let all = ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.1"]
    for (depth, entry) in page.resources.enumerated() {
      let names = [entry.patientID, entry.studyInstanceUID, entry.seriesInstanceUID, entry.sopInstanceUID]
      #expect(names == all.prefix(depth + 1) + Array(repeating: "", count: 3 - depth))
      #expect(entry.remote == "PACS" && entry.date > 0)
    }
    archive.close()
  }

  @Test func numbersOnlyGrowAndTheListOutlivesWhatItNames() async throws {
    let folder = try TemporaryFolder()
    var archive = try await filled(folder)
    for _ in 0..<3 { try await archive.recordExport(of: [Self.chain[1]], to: "PEER") }
    let first = try await archive.exportedResources(since: 0, limit: 2)
    #expect(first.resources.map(\.sequence) == [1, 2] && !first.isDone && first.last == 2)
    let rest = try await archive.exportedResources(since: first.last, limit: 2)
    #expect(rest.resources.map(\.sequence) == [3] && rest.isDone && rest.last == 3)
    #expect(try await archive.exportedResources(since: 3, limit: 2).last == 3)
    _ = try await archive.delete([Self.chain[0]])
    #expect(try await archive.lastExportedResource()?.studyInstanceUID == "1.2.3")
    try await archive.clearExportedResources()
    #expect(try await archive.lastExportedResource() == nil)
    #expect(try await archive.exportedResources(since: 0, limit: 5).resources.isEmpty)
    archive.close()
    archive = try await filled(folder)
    try await archive.recordExport(of: [Self.chain[0]], to: "PACS")
    #expect(try await archive.lastExportedResource()?.sequence == 4)
    archive.close()
  }

  @Test func nothingIsWrittenDownWithoutTheOption() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder, logs: false)
    try await archive.recordExport(of: Self.chain, to: "PACS")
    #expect(try await archive.lastExportedResource() == nil)
    archive.close()
  }
}
