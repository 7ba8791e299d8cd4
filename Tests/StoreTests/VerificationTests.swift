import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Faults planted in an archive are found and named; nothing else is.
@Suite struct VerificationTests {
  private struct Planted {
    let folder: TemporaryFolder
    let archive: Archive
    /// Path of one attachment.
    let path: String
  }

  private func filled() async throws -> Planted {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for number in 1...3 {
      try await archive.add(DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number))
    }
    let name = try #require(folder.files(below: "storage").first { $0.split(separator: "/").count == 3 })
    return Planted(folder: folder, archive: archive, path: folder.path + "/storage/" + name)
  }

  private func edit(_ planted: Planted, _ sql: String, foreignKeys: Bool = true) throws {
    try planted.archive.index.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = \(foreignKeys)")
      try db.execute(sql: sql)
      try db.execute(sql: "PRAGMA foreign_keys = ON")
    }
  }

  @Test func aSoundArchiveHasNone() async throws {
    let planted = try await filled()
    var last = VerificationProgress()
    try planted.archive.verify(deep: true, progress: { last = $0 }, fault: { Issue.record("\($0)") })
    #expect(last.attachments == 3 && last.ofAttachments == 3 && last.bytes > 0)
    planted.archive.close()
  }

  @Test func filesThatAreGoneShorterOrChangedAreNamed() async throws {
    let planted = try await filled()
    let url = URL(fileURLWithPath: planted.path)
    let whole = try Data(contentsOf: url)
    var flipped = whole
    flipped[whole.count - 3] ^= 1
    try flipped.write(to: url)
    #expect(try planted.archive.faults(deep: false).isEmpty)
    var faults = try planted.archive.faults()
    #expect(faults.map(\.kind) == [.wrongContent] && faults.first?.subject == planted.path)
    try whole.dropLast().write(to: url)
    faults = try planted.archive.faults(deep: false)
    #expect(faults.map(\.kind) == [.wrongSize] && faults.first?.subject == planted.path)
    try FileManager.default.removeItem(at: url)
    faults = try planted.archive.faults(deep: false)
    #expect(faults.map(\.kind) == [.missingFile] && faults.first?.subject == planted.path)
    // A folder in its place can't be read.
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    #expect(try planted.archive.faults().first?.subject == planted.path)
    planted.archive.close()
  }

  @Test func filesAndRowsWithoutTheOtherAreNamed() async throws {
    let planted = try await filled()
    let stranger = String(planted.path.dropLast(36)) + UUID().uuidString.lowercased()
    try Data([1]).write(to: URL(fileURLWithPath: stranger))
    #expect(
      try planted.archive.faults() == [Fault(kind: .fileWithoutRow, subject: stranger, detail: "")])
    try FileManager.default.removeItem(atPath: stranger)
    try edit(planted, "DELETE FROM attachment WHERE uuid = '\(planted.path.suffix(36))'")
    let kinds = Set(try planted.archive.faults().map(\.kind))
    #expect(kinds == [.fileWithoutRow, .instanceWithoutFile])
    planted.archive.close()
  }

  @Test(arguments: [
    "UPDATE totals SET instances = 4", "UPDATE totals SET disk_size = 1",
    "UPDATE totals SET uncompressed_size = 1", "UPDATE patient SET studies = 2",
    "UPDATE patient SET uncompressed_size = 3", "UPDATE study SET instances = 1",
    "UPDATE study SET series = 0",
    "UPDATE series SET instances = 2", "UPDATE totals SET studies = 0",
    "UPDATE instance SET disk_size = disk_size + 1 WHERE id = 2", "UPDATE series SET disk_size = 1",
  ]) func countersThatAreWrongAreNamed(sql: String) async throws {
    let planted = try await filled()
    try edit(planted, sql)
    let kinds = Set(try planted.archive.faults().map(\.kind))
    #expect(kinds == [.wrongCount])
    planted.archive.close()
  }

  @Test(arguments: [
    "UPDATE instance SET parent = 99 WHERE id = 1", "DELETE FROM series", "UPDATE study SET parent = 7",
    "DELETE FROM instance WHERE id = 2",
  ]) func rowsThatHangInTheAirAreNamed(sql: String) async throws {
    let planted = try await filled()
    try edit(planted, sql, foreignKeys: false)
    #expect(try planted.archive.faults().contains { $0.kind == .rowWithoutParent })
    planted.archive.close()
  }
}
