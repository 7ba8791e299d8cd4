import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Rows that belong to nothing, an index that is gone or damaged, everything at once, and a repair that only tells.
@Suite struct RepairRowTests {
  @Test(arguments: [
    "DELETE FROM instance WHERE \(PlantedArchive.key(1))", "DELETE FROM series", "DELETE FROM patient",
    "UPDATE study SET parent = 77 WHERE \(PlantedArchive.key(5, .study))",
    "UPDATE instance SET parent = 99 WHERE \(PlantedArchive.key(4))",
  ]) func rowsThatHangInTheAirGoAndTheirFilesAreTakenInAnew(sql: String) async throws {
    let planted = try await PlantedArchive()
    try planted.sql(sql)
    let repaired = try await planted.repair()
    let kinds = Set(repaired.steps.map(\.kind))
    #expect(kinds.isSuperset(of: [.rowRemoved, .fileAdopted]) && kinds.isSubset(of: Self.mending))
    #expect(repaired.outcome.isSound)
    #expect(try planted.faults(deep: true) == [])
    let archive = try planted.open()
    let totals = try await archive.totals()
    #expect(totals.instances == 5 && totals.series == 3 && totals.studies == 2 && totals.patients == 2)
    for number in PlantedArchive.numbers {
      let bytes = PlantedArchive.bytes(number)
      #expect(try await archive.bytes(of: PlantedArchive.id(number), in: 0..<bytes.count * 2) == bytes)
    }
    archive.close()
  }

  private static let mending: Set<RepairStep.Kind> = [.rowRemoved, .fileAdopted, .countMended]

  @Test func whatRemovedRowsHeldIsInTheReport() async throws {
    let planted = try await PlantedArchive()
    let archive = try planted.open()
    let series = ResourceReference(.series, PlantedArchive.id(5, .series))
    try await archive.editLabels(adding: ["second-read"], removing: [], on: [series])
    _ = try await archive.setMetadata(
      MetadataKey(rawValue: 1024), to: "two\nlines", expecting: .absent, on: series)
    archive.close()
    try planted.sql(
      """
      DELETE FROM study WHERE \(PlantedArchive.key(5, .study)); INSERT INTO label VALUES (1, 99, 'stranger');
      """)
    let repaired = try await planted.repair()
    #expect(repaired.outcome.isSound)
    let report = try repaired.report()
    #expect(report.contains("series \(series.id)"))
    for kept in ["\"second-read\"", "metadata 1024 \"two\\nlines\"", "\"stranger\""] {
      #expect(report.contains(kept), "\(kept)")
    }
    // What people wrote is not for the screen.
    #expect(!repaired.steps.contains { $0.description.contains("second-read") })
    #expect(try planted.value("SELECT count(*) FROM label") == 0.databaseValue)
    #expect(try planted.faults(deep: true) == [])
  }

  // MARK: The index

  enum Loss: CaseIterable { case gone, goneWithLock, text, pages, table }

  private func lose(_ planted: PlantedArchive, _ loss: Loss) throws {
    let index = planted.storage + "/filmroom.index"
    switch loss {
    case .gone: try planted.remove(index)
    case .goneWithLock:
      try planted.remove(index)
      try planted.remove(planted.storage + "/filmroom.lock")
    case .text: try planted.write(Array("no database at all, and long enough to be none".utf8), to: index)
    case .pages:
      let bytes = try planted.content(index)
      try planted.write(bytes[..<8192] + [UInt8](repeating: 0x5A, count: bytes.count - 8192), to: index)
    case .table: try planted.sql("DROP TABLE metadata")
    }
  }

  @Test(arguments: Loss.allCases) func anIndexThatCanNotBeUsedIsMadeAnew(loss: Loss) async throws {
    let planted = try await PlantedArchive()
    let paths = Set(try PlantedArchive.numbers.map { try planted.path($0) })
    // A crash between the commit of a large one and the end of its first name.
    let large = try planted.path(4)
    try FileManager.default.linkItem(atPath: large, toPath: planted.storage + "/incoming/" + large.suffix(36))
    let unfinished = planted.storage + "/incoming/abcd0000-0000-4000-8000-000000000007"
    try planted.write([1, 2], to: unfinished)
    // Nothing is in those that were only made ahead.
    let area = StorageArea(root: planted.storage)
    let ahead = try area.makeLastingNames(3)
    try lose(planted, loss)
    let kept =
      loss == .gone || loss == .goneWithLock ? nil : try planted.content(planted.storage + "/filmroom.index")
    let told = try await planted.repair(isDryRun: true)
    #expect(told.steps.map(\.kind) == [.indexReplaced] && !told.outcome.isSound)
    #expect(told.steps.first?.detail.contains("Files to read: 5") == true)
    let repaired = try await planted.repair()
    #expect(repaired.outcome.isSound && repaired.outcome.attachments == 5)
    #expect(Set(repaired.steps.map(\.kind)) == [.indexReplaced, .fileSetAside, .fileAdopted])
    let replaced = repaired.steps.first { $0.kind == .indexReplaced }
    #expect(replaced?.description.contains("\n") == false)
    #expect(replaced?.detail.contains("Labels, metadata, protection") == true)
    #expect(repaired.progress.last == RepairProgress(phase: .readingFiles, done: 5, total: 5))
    let aside = try repaired.setAside()
    #expect(try aside.contains { try planted.content($0) == [1, 2] })
    if let kept, loss != .table { #expect(try aside.contains { try planted.content($0) == kept }) }
    #expect(ahead.allSatisfy { area.isMissing($0) && !area.isArriving($0) })
    // The files lie where they lay.
    #expect(Set(try PlantedArchive.numbers.map { try planted.path($0) }) == paths)
    #expect(try planted.faults(deep: true) == [])
    let archive = try planted.open()
    #expect(try await archive.rows(.study).map(\.instances).sorted() == [1, 4])
    archive.close()
  }

  @Test func whereNoArchiveIsNoneIsMade() async throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "ab/cd/file")
    for storage in ["missing", "."] {
      let error = await #expect(throws: StoreError.self) {
        _ = try await Archive.repair(
          ArchiveConfiguration(storageFolder: folder.path + "/" + storage), RepairOptions(),
          logger: makeLogger(), progress: { _ in }, told: { _ in })
      }
      #expect(error?.code == .notFound || error?.code == .storageUnusable)
    }
    #expect(folder.files() == ["ab/cd/file"])
  }

  @Test func itNeedsTheFolderForItself() async throws {
    let planted = try await PlantedArchive()
    let archive = try planted.open()
    for isDryRun in [true, false] {
      let error = await #expect(throws: StoreError.self) { _ = try await planted.repair(isDryRun: isDryRun) }
      #expect(error?.code == .storageInUse)
    }
    archive.close()
  }

  // MARK: Everything at once

  private func plantAll(_ planted: PlantedArchive) throws {
    try planted.flipBit(of: planted.path(1))
    try planted.stray(PlantedArchive.bytes(2), name: "abcd0000-0000-4000-8000-000000000002")
    try planted.remove(planted.path(2))
    try planted.remove(planted.path(3))
    try planted.stray([1, 2, 3], name: "abcd0000-0000-4000-8000-000000000003")
    try planted.stray(DataSetSamples.file(instance: "9.3"), name: "abcd0000-0000-4000-8000-000000000004")
    try planted.sql(
      """
      UPDATE patient SET series = 9 WHERE \(PlantedArchive.key(1, .patient));
      DELETE FROM series WHERE \(PlantedArchive.key(5, .series)); INSERT INTO label VALUES (2, 99, 'x');
      """)
  }

  @Test func everythingAtOnce() async throws {
    let planted = try await PlantedArchive()
    try plantAll(planted)
    let told = try await planted.repair(isDryRun: true)
    let repaired = try await planted.repair()
    #expect(!repaired.outcome.isSound)
    #expect(repaired.steps.filter { !$0.kind.isMended }.map(\.kind).sorted() == [.imageLost, .imageDamaged])
    let faults = try planted.faults(deep: true)
    #expect(Set(faults.map(\.kind)) == [.missingFile, .wrongContent] && faults.count == 2, "\(faults)")
    // It did what it had told.
    func deeds(_ steps: [RepairStep]) -> [String] { steps.map { "\($0.kind) \($0.subject)" }.sorted() }
    #expect(deeds(told.steps) == deeds(repaired.steps))
    let again = try await planted.repair()
    #expect(again.steps.map(\.kind).sorted() == [.imageLost, .imageDamaged])
  }

  @Test func aDryRunChangesNothing() async throws {
    let planted = try await PlantedArchive()
    try plantAll(planted)
    func state() throws -> [String: [UInt8]] {
      let files = planted.folder.files().filter { !$0.contains("filmroom.") && !$0.contains("journal/") }
      return Dictionary(
        uniqueKeysWithValues: try files.map { ($0, try planted.content(planted.folder.path + "/" + $0)) })
    }
    let (before, faults) = (try state(), try planted.faults(deep: true))
    let told = try await planted.repair(isDryRun: true)
    #expect(Set(told.steps.map(\.kind)).count == 7 && !told.outcome.isSound, "\(told.steps)")
    #expect(told.outcome.report == nil)
    #expect(try state() == before)
    #expect(try planted.faults(deep: true) == faults)
  }

  @Test func countersAloneAreAFaultOfADryRun() async throws {
    let planted = try await PlantedArchive()
    try planted.sql("UPDATE totals SET series = 0")
    #expect(try await !planted.repair(isDryRun: true).outcome.isSound)
    #expect(try await planted.repair().outcome.isSound)
    #expect(try await planted.repair(isDryRun: true).outcome.isSound)
  }
}
