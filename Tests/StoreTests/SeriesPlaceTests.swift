import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// The status of series by counters, against what reading every instance says.
@Suite struct SeriesPlaceTests {
  private static let series = ResourceReference(
    .series, PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4"]))

  /// `name` tells instances apart that take the same place.
  private static func slice(
    _ place: Int, name: Int? = nil, of expected: Int? = 3, series: String = "1.2.3.4"
  ) -> [UInt8] {
    let text = expected.map { String($0) } ?? ""
    let extra = DataElement(Tag(0x0018, 0x1090), .IS, text: text + (text.count % 2 == 0 ? "" : " "))
    return DataSetSamples.file(
      series: series, instance: "\(series).\(name ?? place)", number: place,
      extra: expected == nil ? [] : [extra])
  }

  private static func instance(_ name: Int) -> ResourceReference {
    ResourceReference(.instance, PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.\(name)"]))
  }

  private static func shown(_ archive: Archive) async throws -> SeriesStatus? {
    let rows = try await archive.window(ListQuery(level: .series), anchor: .start, limit: 9).rows
    return rows.first { $0.id == series.id }?.seriesStatus
  }

  /// As an index before there were these counters.
  static func forget(_ db: Database) throws {
    for trigger in ["taken", "left", "moved_from", "moved_to", "series", "announced"] {
      try db.execute(sql: "DROP TRIGGER place_\(trigger)")
    }
    try db.execute(
      sql: """
        DROP TABLE place; ALTER TABLE series DROP COLUMN placed; ALTER TABLE series DROP COLUMN places;
        """)
  }

  @Test func deletionsCount() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for place in 1...3 { try await archive.add(Self.slice(place)) }
    #expect(try await Self.shown(archive) == .complete)
    try await archive.add(Self.slice(3, name: 33))
    #expect(try await Self.shown(archive) == .inconsistent)
    _ = try await archive.delete([Self.instance(3)])
    #expect(try await Self.shown(archive) == .complete)
    _ = try await archive.delete([Self.instance(33)])
    #expect(try await Self.shown(archive) == .missing)
    try await archive.add(Self.slice(7))
    #expect(try await Self.shown(archive) == .inconsistent)
    _ = try await archive.delete([Self.instance(7)])
    try await archive.add(Self.slice(3))
    #expect(try await Self.shown(archive) == .complete)
    #expect(try archive.faults().isEmpty)
    _ = try await archive.delete([Self.series])
    #expect(try archive.index.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM place") } == 0)
    archive.close()
  }

  @Test func whatReplacesAnInstanceTakesItsOwnPlace() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.overwriteInstances = true }
    for place in 1...2 { try await archive.add(Self.slice(place, of: 2)) }
    #expect(try await Self.shown(archive) == .complete)
    try await archive.add(Self.slice(1, name: 2, of: 2))
    #expect(try await Self.shown(archive) == .inconsistent)
    try await archive.add(Self.slice(2, name: 2, of: 2))
    #expect(try await Self.shown(archive) == .complete)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  /// What instances say, in some order, against what the counters say.
  @Test(arguments: 0..<3) func anyOrderOfComingAndGoing(seed: UInt64) async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    var present: [Int: Int] = [:]
    for _ in 0..<120 {
      let name = 1 + random(8)
      if present.removeValue(forKey: name) != nil {
        _ = try await archive.delete([Self.instance(name)])
      } else {
        let place = random(6)
        try await archive.add(Self.slice(place, name: name, of: 4))
        present[name] = place
      }
      if present.isEmpty { continue }
      let isInconsistent =
        Set(present.values).count < present.count || present.values.contains { !(1...4).contains($0) }
      let expected: SeriesStatus =
        isInconsistent ? .inconsistent : present.count == 4 ? .complete : .missing
      #expect(try await Self.shown(archive) == expected)
    }
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func seriesWithoutANumberCostNothing() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for place in 1...4 { try await archive.add(Self.slice(place, of: nil)) }
    #expect(try await Self.shown(archive) == .unknown)
    #expect(try archive.index.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM place") } == 0)
    // It is announced later, by an index made anew for instance.
    for number in ["3", "4", "NULL", "4"] {
      try await archive.index.pool.write { try $0.execute(sql: "UPDATE series SET expected = \(number)") }
      let status: SeriesStatus = number == "3" ? .inconsistent : number == "4" ? .complete : .unknown
      #expect(try await Self.shown(archive) == status)
      #expect(try archive.faults().isEmpty)
    }
    archive.close()
  }

  @Test func anOlderIndexIsCounted() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder)
    for place in [1, 2, 3] { try await archive.add(Self.slice(place)) }
    try await archive.add(Self.slice(1, name: 9, of: nil, series: "1.2.3.5"))
    try await archive.index.pool.writeWithoutTransaction { db in
      try Self.forget(db)
      try db.execute(sql: "PRAGMA user_version = 6")
    }
    archive.close()
    archive = try makeArchive(folder)
    #expect(try await Self.shown(archive) == .complete)
    #expect(try archive.faults().isEmpty)
    _ = try await archive.delete([Self.instance(2)])
    #expect(try await Self.shown(archive) == .missing)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test(arguments: [
    "UPDATE series SET placed = 9", "UPDATE series SET places = 1", "UPDATE place SET instances = 5",
    "DELETE FROM place WHERE place = 2",
    "INSERT INTO place SELECT id, 8, 1 FROM series",
  ]) func wrongCountsAreNamedAndMended(fault: String) async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for place in 1...3 { try await archive.add(Self.slice(place)) }
    try await archive.index.pool.write { try $0.execute(sql: fault) }
    let faults = try archive.faults()
    #expect(faults.map(\.kind) == [.wrongCount])
    #expect(faults.first?.subject == "series \(Self.series.id)")
    try await archive.index.pool.write { try ConsistencyOperations.recount($0) }
    #expect(try archive.faults().isEmpty)
    #expect(try await Self.shown(archive) == .complete)
    archive.close()
  }
}
