import DICOM
import TestSupport
import Testing

@testable import Store

@Suite struct EditTests {
  private func filled(_ folder: TemporaryFolder) async throws -> Archive {
    let archive = try makeArchive(folder) { $0.userMetadata = ["note": MetadataKey(rawValue: 1024)] }
    for study in 1...2 {
      for number in 1...3 {
        try await archive.add(
          DataSetSamples.file(
            study: "1.\(study)", series: "1.\(study).1", instance: "1.\(study).1.\(number)", number: number,
            description: study == 1 ? "Chest" : "Müller's knee"))
      }
    }
    return archive
  }

  @Test func editsAreThereAfterARestart() async throws {
    let folder = try TemporaryFolder()
    var archive = try await filled(folder)
    let study = try #require(try await archive.rows(.study, filter: "chest").first)
    try await archive.editLabels(adding: ["urgent", "todo"], removing: [], on: [study.reference])
    try await archive.editLabels(adding: [], removing: ["todo"], on: [study.reference])
    let key = try archive.metadataKey(named: "note")
    #expect(try await archive.setMetadata(key, to: "call", expecting: .absent, on: study.reference) == 0)
    #expect(
      try await archive.setMetadata(key, to: "called", expecting: .revision(0), on: study.reference) == 1)
    try await archive.setProtected(true, patients: [study.patient])
    archive.close()
    archive = try makeArchive(folder) { $0.userMetadata = ["note": key] }
    let detail = try #require(try await archive.detail(of: study.reference))
    #expect(detail.row.labels == ["urgent"] && detail.row.isProtected)
    #expect(detail.metadata.first { $0.name == "note" }?.value == "called")
    #expect(try await archive.labelsInUse() == [LabelUse(label: "urgent", count: 1)])
    archive.close()
  }

  @Test func revisionsAreKeptTo() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let study = try #require(try await archive.rows(.study).first).reference
    let key = MetadataKey(rawValue: 1024)
    _ = try await archive.setMetadata(key, to: "a", expecting: .absent, on: study)
    for expected in [ExpectedRevision.absent, .revision(1)] {
      let error = await #expect(throws: StoreError.self) {
        try await archive.setMetadata(key, to: "b", expecting: expected, on: study)
      }
      #expect(error?.code == .revisionConflict)
    }
    let core = await #expect(throws: StoreError.self) {
      try await archive.setMetadata(.lastUpdate, to: "x", expecting: .absent, on: study)
    }
    #expect(core?.code == .readOnly)
    let label = await #expect(throws: StoreError.self) {
      try await archive.editLabels(adding: ["no blanks"], removing: [], on: [study])
    }
    #expect(label?.code == .badValue)
    archive.close()
  }

  @Test func longValuesAreTakenWithAdviceUpToABound() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let study = try #require(try await archive.rows(.study).first).reference
    let key = MetadataKey(rawValue: 1024)
    func value(_ bytes: Int) -> String { String(repeating: "é", count: bytes / 2) }
    #expect(MetadataOperations.advice(value(1024), "note", of: study) == nil)
    #expect(MetadataOperations.advice(value(1026), "note", of: study)?.contains("has 1026 bytes") == true)
    #expect(try await archive.setMetadata(key, to: value(1 << 20), expecting: .any, on: study) == 0)
    for bad in [value(1 << 20) + "x", "a\0b"] {
      let error = await #expect(throws: StoreError.self) {
        try await archive.setMetadata(key, to: bad, expecting: .any, on: study)
      }
      #expect(error?.code == .badValue)
    }
    archive.close()
  }

  @Test(arguments: ResourceLevel.allCases) func deletionKeepsTheCountsRight(level: ResourceLevel) async throws
  {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let row = try #require(try await archive.rows(level).first)
    let expected = [ResourceLevel.patient: 6, .study: 3, .series: 3, .instance: 1][level]
    #expect(try await archive.deletionPreview(of: [row.reference]).instances == expected)
    #expect(try await archive.delete([row.reference]) == expected)
    #expect(try await archive.delete([row.reference]) == 0)
    #expect(try await archive.totals().instances == 6 - (expected ?? 0))
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    #expect(try await archive.detail(of: row.reference) == nil)
    archive.close()
  }

  @Test func windowsFollowTheOrderBothWays() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let query = ListQuery(level: .instance, isDescending: true)
    let all = try await archive.window(query, anchor: .start, limit: 10)
    #expect(all.rows.compactMap { $0.tags[.instanceNumber] } == ["3", "3", "2", "2", "1", "1"])
    let middle = try await archive.window(query, anchor: .around(all.rows[3].cursor), limit: 2)
    #expect(middle.rows.map(\.id) == all.rows[2...3].map(\.id) && middle.firstIndex == 2)
    let end = try await archive.window(query, anchor: .end, limit: 2)
    #expect(end.rows.map(\.id) == all.rows[4...5].map(\.id) && end.firstIndex == 4 && end.total == 6)
    #expect(try await archive.rows(.study, filter: "muller -chest").count == 1)
    #expect(try await archive.rows(.study, filter: "mod:CT date:202403").count == 2)
    #expect(try await archive.rows(.study, filter: "-mod:CT").isEmpty)
    archive.close()
  }

  @Test func thePatientOfWhomNothingIsLeftGivesItsNameAway() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(
      DataSetSamples.file(patientName: "ONE^A", study: "1.1", series: "1.1.1", instance: "1.1.1.1"))
    try await archive.add(
      DataSetSamples.file(patientName: "TWO^B", study: "1.2", series: "1.2.1", instance: "1.2.1.1"))
    let patient = try #require(try await archive.rows(.patient).first)
    #expect(patient.tags[.patientName] == "ONE^A" && patient.hasConflictingNames)
    let preview = try await archive.deletionPreview(of: [patient.reference])
    #expect(preview.people[patient.id] == ["ONE^A", "TWO^B"])
    let one = try #require(try await archive.rows(.study, filter: "one").first)
    _ = try await archive.delete([one.reference])
    let left = try #require(try await archive.rows(.patient).first)
    #expect(left.tags[.patientName] == "TWO^B" && !left.hasConflictingNames)
    #expect(try await archive.rows(.patient, filter: "two").count == 1)
    #expect(try await archive.rows(.patient, filter: "one").isEmpty)
    archive.close()
  }

  @Test func aDeletionIsNoArrival() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    // As if it had been received a while ago.
    try await archive.index.pool.writeWithoutTransaction {
      try $0.execute(
        sql: """
          UPDATE patient SET last_update = 1000; UPDATE study SET last_update = 1000; DELETE FROM unstable
          """)
    }
    let instance = try #require(try await archive.rows(.instance).first)
    _ = try await archive.delete([instance.reference])
    for level in [ResourceLevel.patient, .study] {
      for row in try await archive.rows(level) { #expect(row.lastUpdate == 1000 && row.isStable) }
    }
    let patient = try #require(try await archive.rows(.patient).first)
    let metadata = try await archive.detail(of: patient.reference)?.metadata
    #expect(metadata?.first { $0.key == .lastUpdate }?.value.hasPrefix("1970") == false)
    archive.close()
  }

  @Test func changesSayWhatAndWhom() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let events = archive.events()
    let study = try #require(try await archive.rows(.study, filter: "chest").first)
    try await archive.editLabels(adding: ["urgent"], removing: [], on: [study.reference])
    _ = try await archive.setMetadata(
      MetadataKey(rawValue: 1024), to: "x", expecting: .absent, on: study.reference)
    try await archive.setProtected(true, patients: [study.patient])
    _ = try await archive.delete([study.reference])
    var told: [String] = []
    for await event in events {
      // The last arrival may be told only now.
      told += event.changes.filter { !$0.title.isEmpty }.map { "\($0.title) | \($0.detail)" }
      if told.count >= 4 { break }
    }
    archive.close()
    #expect(
      told == [
        "DOE^JANE · Chest | +urgent", "DOE^JANE · Chest | note", "DOE^JANE | protected",
        "DOE^JANE · Chest | ",
      ])
  }
}
