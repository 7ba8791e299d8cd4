import TestSupport
import Testing

@testable import Store

/// The list of changes, as those read it who follow an archive.
struct ChangeTests {
  private func filled(_ folder: TemporaryFolder) async throws -> Archive {
    let archive = try makeArchive(folder) { $0.stableAge = 3600 }
    for patient in 1...3 {
      try await archive.add(
        DataSetSamples.file(
          patientID: "P\(patient)", study: "1.\(patient)", series: "1.\(patient).1",
          instance: "1.\(patient).1.1"))
    }
    return archive
  }

  @Test func theyAreReadPageByPage() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    var seen: [Change] = []
    var page = ChangePage(changes: [], isDone: false, last: 0)
    while !page.isDone {
      page = try await archive.changes(since: page.last, limit: 5)
      #expect(page.changes.count == 5 || page.isDone)
      seen += page.changes
    }
    #expect(seen.map(\.sequence) == Array(1...12))
    #expect(seen.prefix(4).map(\.type.name) == ["NewPatient", "NewStudy", "NewSeries", "NewInstance"])
    #expect(page.last == 12)
    #expect(try await archive.changes(since: 12, limit: 5) == ChangePage(changes: [], isDone: true, last: 12))
    #expect(try await archive.lastChange().changes == [seen[11]])
    let studies = try await archive.changes(since: 0, limit: 2, types: [.newStudy])
    #expect(studies.changes.map(\.sequence) == [2, 6] && !studies.isDone && studies.last == 6)
    let some: Set<ChangeType> = [.newStudy, .newInstance, .stableSeries]
    #expect(try await archive.changes(since: 2, limit: 3, types: some).changes.map(\.sequence) == [4, 6, 8])
    #expect(try await archive.changes(since: 0, limit: 9, types: []).changes.isEmpty)
    archive.close()
  }

  @Test func whatIsDeletedLeavesTheListAndTheNumbersGoOn() async throws {
    let folder = try TemporaryFolder()
    var archive = try await filled(folder)
    let patient = ResourceReference(.patient, PublicID(dicomIdentifiers: ["P3"]))
    _ = try await archive.delete([patient])
    let rest = try await archive.changes(since: 0, limit: 100)
    #expect(rest.changes.map(\.sequence) == Array(1...8) && rest.isDone && rest.last == 12)
    #expect(try await archive.lastChange().last == 12)
    try await archive.clearChanges()
    archive.close()
    archive = try makeArchive(folder) { $0.stableAge = 3600 }
    #expect(try await archive.lastChange() == ChangePage(changes: [], isDone: true, last: 12))
    try await archive.add(
      DataSetSamples.file(patientID: "P4", study: "1.9", series: "1.9.1", instance: "1.9.1.1"))
    #expect(try await archive.changes(since: 12, limit: 1).changes.map(\.sequence) == [13])
    archive.close()
  }
}
