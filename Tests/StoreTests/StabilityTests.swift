import DICOM
import TestSupport
import Testing

@testable import Store

/// Resources that receive nothing for a while become stable, once.
struct StabilityTests {
  private func names(_ archive: Archive) async throws -> [String] {
    try await archive.changes(before: nil, limit: 1000).reversed().map(\.type.name)
      .filter { $0.hasPrefix("Stable") }
  }

  private static let once = ["StableSeries", "StableStudy", "StablePatient"]

  /// Waits until nothing is unstable; then each time all three were told, in this order. Returns how often.
  private func timesStable(_ archive: Archive) async throws -> Int {
    for _ in 0..<1800 where try archive.index.readNow({ try StabilityOperations.oldest($0) }) != nil {
      try await Task.sleep(for: .milliseconds(100))
    }
    let names = try await names(archive)
    #expect(names == (0..<names.count / 3).flatMap { _ in Self.once })
    return names.count / 3
  }

  @Test func theDeeperOnesFirst() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.stableAge = 1 }
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.1"))
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.2", number: 2))
    let times = try await timesStable(archive)
    #expect(times >= 1)
    // Again only when something has come again.
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.3", number: 3))
    #expect(try await timesStable(archive) == times + 1)
    archive.close()
  }

  @Test func afterARestartToo() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder) { $0.stableAge = 1000 }
    try await archive.add(DataSetSamples.file())
    archive.close()
    archive = try makeArchive(folder) { $0.stableAge = 1 }
    #expect(try await timesStable(archive) == 1)
    archive.close()
  }

  /// What a resource says of itself turns with the change, not with the clock.
  @Test func aRowSaysSo() async throws {
    let folder = try TemporaryFolder()
    let levels = [ResourceLevel.patient, .study, .series]
    func areStable(_ archive: Archive) async throws -> [Bool] {
      var all: [Bool] = []
      for level in levels {
        let row = try #require(try await archive.rows(level).first)
        let detail = try await archive.detail(of: row.reference)
        #expect(detail?.row.isStable == row.isStable)
        all.append(row.isStable)
      }
      return all
    }
    for start in 0..<2 {
      let archive = try makeArchive(folder) { $0.stableAge = 1000 }
      if start == 0 { try await archive.add(DataSetSamples.file()) }
      #expect(try await areStable(archive) == [false, false, false])
      #expect(try await archive.rows(.instance).allSatisfy(\.isStable))
      archive.close()
    }
    let archive = try makeArchive(folder) { $0.stableAge = 1 }
    #expect(try await timesStable(archive) == 1)
    #expect(try await areStable(archive) == [true, true, true])
    archive.close()
  }

  @Test func whatIsDeletedNeverBecomesStable() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.stableAge = 5 }
    try await archive.add(DataSetSamples.file())
    try await archive.add(
      DataSetSamples.file(patientID: "P2", study: "1.5", series: "1.5.1", instance: "1.5.1.1"))
    let patient = ResourceReference(.patient, PublicID(dicomIdentifiers: ["P1"]))
    _ = try await archive.delete([patient])
    #expect(try await timesStable(archive) == 1)
    archive.close()
  }

  // MARK: Complete series

  private func slice(_ number: Int, of expected: Int) -> [UInt8] {
    DataSetSamples.file(
      instance: "1.2.3.4.\(number)", number: number,
      extra: [
        DataElement(
          Tag(0x0018, 0x1090), .IS, text: String(expected) + (String(expected).count % 2 == 0 ? "" : " "))
      ])
  }

  @Test func aSeriesIsCompleteOnce() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    func completed() async throws -> Int {
      try await archive.changes(before: nil, limit: 1000).count { $0.type == .completedSeries }
    }
    func status() throws -> SeriesStatus {
      try archive.index.readNow { db in
        let series = try ArchiveIndex.existingKey(
          db, ResourceReference(.series, PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4"])))
        return try SeriesCompletion.status(db, series: series)
      }
    }
    func shown() async throws -> SeriesStatus? {
      try await archive.window(ListQuery(level: .series), anchor: .start, limit: 9).rows.first?.seriesStatus
    }
    try await archive.add(slice(1, of: 3))
    try await archive.add(slice(3, of: 3))
    #expect(try await shown() == .missing)
    #expect(try await completed() == 0)
    #expect(try status() == .missing)
    try await archive.add(slice(2, of: 3))
    #expect(try await completed() == 1)
    #expect(try status() == .complete)
    #expect(try await shown() == .complete)
    try await archive.add(slice(4, of: 3))
    #expect(try await completed() == 1)
    #expect(try status() == .inconsistent)
    #expect(try await shown() == .inconsistent)
    archive.close()
  }
}
