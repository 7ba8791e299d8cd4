import DICOM
import TestSupport
import Testing

@testable import Store

/// What the counters say of each resource, against a count of everything.
struct StatisticsTests {

  private func file(_ patient: Int, _ number: Int) -> [UInt8] {
    DataSetSamples.file(
      patientID: "P\(patient)", study: "1.\(patient + 1).\(number % 2 + 1)",
      series: "1.\(patient + 1).\(number % 2 + 1).\(number % 3 + 1)",
      instance: "1.\(patient + 1).9.\(number + 1)", number: number, pixels: 64 << (number % 5))
  }

  /// Adds up attachments and counts resources one by one.
  private func counted(_ archive: Archive, _ row: ResourceRow) async throws -> ResourceStatistics {
    var sum = ResourceStatistics(
      studies: 0, series: 0, instances: 0, diskSize: 0, uncompressedSize: 0, dicomDiskSize: 0,
      dicomUncompressedSize: 0)
    var rows = [row]
    var level = row.level
    while true {
      for row in rows {
        for attachment in try await archive.attachments(of: row.reference) {
          sum.diskSize += attachment.diskSize
          sum.uncompressedSize += attachment.uncompressedSize
          if attachment.type == .dicom {
            sum.dicomDiskSize += attachment.diskSize
            sum.dicomUncompressedSize += attachment.uncompressedSize
          }
        }
      }
      switch level {
      case .patient: break
      case .study: sum.studies = rows.count
      case .series: sum.series = rows.count
      case .instance: sum.instances = rows.count
      }
      guard let below = ResourceLevel(rawValue: level.rawValue + 1) else { break }
      var next: [ResourceRow] = []
      for row in rows { next += try await archive.rows(below, parent: row.reference) }
      (rows, level) = (next, below)
    }
    if row.level >= .study { sum.studies = 1 }
    if row.level >= .series { sum.series = 1 }
    return sum
  }

  private func compare(_ archive: Archive, _ step: Int) async throws {
    for level in ResourceLevel.allCases {
      for row in try await archive.rows(level) {
        let statistics = try await archive.statistics(of: row.reference)
        #expect(try await counted(archive, row) == statistics, "step \(step), \(level)")
      }
    }
  }

  @Test(arguments: [true, false]) func randomOperations(isCompressed: Bool) async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) {
      $0.compressesStorage = isCompressed
      $0.overwriteInstances = true
      $0.limits = StorageLimits(size: 0, patients: 3)
    }
    var random = SeededGenerator(seed: isCompressed ? 5 : 6)
    let type = AttachmentType(rawValue: 1024)
    var attached = 0
    for step in 0..<300 {
      let level = ResourceLevel.allCases.randomElement(using: &random) ?? .series
      let row = try await archive.rows(level).randomElement(using: &random)
      switch (Int.random(in: 0..<10, using: &random), row) {
      case (0, let row?):
        _ = try await archive.delete([row.reference])
      case (1...3, let row?):
        let bytes = CompressionTests.sample(Int.random(in: 0..<3000, using: &random))
        _ = try await archive.setAttachment(type, to: bytes, expecting: .any, of: row.reference)
        attached += 1
      case (4, let row?):
        if let present = try await archive.attachments(of: row.reference).first(where: { $0.type.isDeletable }
        ) {
          try await archive.removeAttachment(present.type, expecting: .any, of: row.reference)
        }
      case (5, let row?):
        for attachment in try await archive.attachments(of: row.reference) {
          _ =
            attachment.isCompressed
            ? try await archive.uncompressAttachment(attachment.type, of: row.reference)
            : try await archive.compressAttachment(attachment.type, of: row.reference)
        }
      default:
        let number = Int.random(in: 0..<12, using: &random)
        try await archive.add(file(Int.random(in: 0..<5, using: &random), number))
      }
      if step % 30 == 29 { try await compare(archive, step) }
    }
    #expect(attached > 20)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func oneThatIsGoneHasNone() async throws {
    let archive = try makeArchive(TemporaryFolder())
    let nobody = ResourceReference(.study, PublicID(dicomIdentifiers: ["P", "1"]))
    let error = await #expect(throws: StoreError.self) { _ = try await archive.statistics(of: nobody) }
    #expect(error?.code == .notFound)
    archive.close()
  }

  /// An index of the version before: its sizes are worked out when it is opened.
  @Test func anOlderIndexIsUpgraded() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder) { $0.compressesStorage = true }
    for number in 0..<8 { try await archive.add(file(number % 2, number)) }
    let type = AttachmentType(rawValue: 1024)
    for level in ResourceLevel.allCases {
      let row = try #require(try await archive.rows(level).first)
      _ = try await archive.setAttachment(
        type, to: CompressionTests.sample(500), expecting: .absent, of: row.reference)
    }
    try await archive.index.pool.writeWithoutTransaction { db in
      for table in ["patient", "study", "series"] {
        try db.execute(sql: "ALTER TABLE \(table) DROP COLUMN other_disk_size")
        try db.execute(sql: "ALTER TABLE \(table) DROP COLUMN other_uncompressed_size")
      }
      for index in ["change_type", "study_uid", "series_uid", "instance_uid"] {
        try db.execute(sql: "DROP INDEX \(index)")
      }
      try SeriesPlaceTests.forget(db)
      try db.execute(sql: "PRAGMA user_version = 4")
    }
    archive.close()
    archive = try makeArchive(folder)
    try await compare(archive, 0)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }
}
