import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// What a repair does with each kind of fault: what is mended, what is moved aside, what is left and named.
@Suite struct RepairTests {
  @Test func aSoundArchiveIsLeftAsItIs() async throws {
    let planted = try await PlantedArchive()
    let before = planted.folder.files()
    let repaired = try await planted.repair()
    #expect(repaired.steps == [] && repaired.outcome.isSound && repaired.outcome.report == nil)
    #expect(repaired.outcome.attachments == PlantedArchive.numbers.count)
    #expect(planted.folder.files() == before)
  }

  @Test(arguments: [
    "UPDATE totals SET instances = 77, disk_size = 1", "DELETE FROM totals",
    "UPDATE patient SET studies = 7, uncompressed_size = 2; UPDATE study SET series = 0",
    "UPDATE series SET instances = 9; UPDATE instance SET disk_size = 3",
  ]) func countersAreSetRight(sql: String) async throws {
    let planted = try await PlantedArchive()
    try planted.sql(sql)
    let wrong = try planted.faults(deep: true)
    let repaired = try await planted.repair()
    #expect(repaired.outcome.isSound && Set(repaired.steps.map(\.kind)) == [.countMended])
    #expect(repaired.steps.map(\.subject) == wrong.map(\.subject))
    #expect(try planted.faults(deep: true) == [])
  }

  // MARK: Files without a row

  @Test func aWholeFileIsTakenInWhereItLies() async throws {
    let planted = try await PlantedArchive()
    let bytes = DataSetSamples.file(patientID: "P9", study: "9.1", series: "9.2", instance: "9.3")
    let path = try planted.stray(bytes)
    let repaired = try await planted.repair()
    let id = PublicID(dicomIdentifiers: ["P9", "9.1", "9.2", "9.3"])
    #expect(repaired.steps == [RepairStep(kind: .fileAdopted, subject: path, detail: "instance \(id)")])
    #expect(try repaired.report().contains(path) && repaired.outcome.isSound)
    #expect(try planted.content(path) == bytes)
    let archive = try planted.open()
    #expect(try await archive.bytes(of: id, in: 0..<100_000) == bytes)
    #expect(try await archive.totals().patients == 3)
    archive.close()
    #expect(try planted.faults(deep: true) == [])
  }

  @Test func anOldFileIsNoNewArrival() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.stray(
      DataSetSamples.file(patientID: "P2", study: "1.2.4", series: "1.2.4.1", instance: "9.3"))
    let old = Date(timeIntervalSince1970: 1_000_000_000)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
    let (dates, sources) = (
      "SELECT last_update FROM series WHERE \(PlantedArchive.key(5, .series))",
      "SELECT source FROM series WHERE \(PlantedArchive.key(5, .series))"
    )
    let before = (try planted.value(dates), try planted.value(sources))
    #expect(try await planted.repair().outcome.isSound)
    #expect(try planted.value(dates) == before.0 && planted.value(sources) == before.1)
    #expect(try planted.value("SELECT min(last_update) FROM instance") == 1_000_000_000.databaseValue)
  }

  @Test(arguments: ["ff/ee/abcd0000-0000-4000-8000-000000000001", "ff/ee/IMG0001.dcm"])
  func aWholeFileWithAnotherNameGetsOneOfOurs(name: String) async throws {
    let planted = try await PlantedArchive()
    try planted.write(DataSetSamples.file(instance: "9.3"), to: "\(planted.storage)/\(name)")
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileAdopted] && repaired.outcome.isSound)
    #expect(try planted.faults(deep: true) == [])
  }

  @Test func aFileWithoutMetaInformationIsTakenInAsAProperOne() async throws {
    let planted = try await PlantedArchive()
    let bytes = DataSetWriter.encode(DataSetSamples.instance(instance: "9.3"), as: .explicitLittleEndian)
    try planted.stray(bytes)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileAdopted, .fileSetAside] && repaired.outcome.isSound)
    #expect(try repaired.setAside().map { try planted.content($0) } == [bytes])
    #expect(try planted.faults(deep: true) == [])
  }

  @Test func twoCopiesOfOneImage() async throws {
    let planted = try await PlantedArchive()
    let bytes = DataSetSamples.file(instance: "9.3")
    try planted.stray(bytes, name: "abcd0000-0000-4000-8000-000000000001")
    try planted.stray(bytes, name: "abcd0000-0000-4000-8000-000000000002")
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind).sorted() == [.fileAdopted, .fileSetAside])
    #expect(try repaired.setAside().map { try planted.content($0) } == [bytes])
    #expect(try planted.faults(deep: true) == [])
  }

  @Test(arguments: ["copy", "other", "text", "truncated", "empty", "dicomdir"])
  func whatCanNotBeUsedIsMovedAside(what: String) async throws {
    let planted = try await PlantedArchive()
    let (bytes, reason): ([UInt8], String) =
      switch what {
      case "copy": (PlantedArchive.bytes(1), "a second copy of instance \(PlantedArchive.id(1))")
      case "other":
        (PlantedArchive.bytes(1, description: "X"), "another version of instance \(PlantedArchive.id(1))")
      case "text": (Array("hello".utf8), "not a DICOM file")
      case "truncated": (Array(DataSetSamples.file(instance: "9.3").dropLast(3)), "ends")
      case "empty": ([], "no whole DICOM file")
      default:
        (
          DataSetSamples.file(extra: [DataElement(.sopClassUID, .UI, text: "1.2.840.10008.1.3.10")]),
          "DICOMDIR"
        )
      }
    let path = try planted.stray(bytes)
    let kept = try planted.path(1)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileSetAside] && repaired.outcome.isSound)
    let step = try #require(repaired.steps.first)
    #expect(step.subject == path && step.detail.contains(reason), "\(step)")
    #expect(try repaired.setAside().map { try planted.content($0) } == [bytes])
    let report = try repaired.report()
    #expect(report.contains(path) && report.contains(reason))
    #expect(try planted.content(kept) == PlantedArchive.bytes(1))
    #expect(try planted.faults(deep: true) == [])
  }

  /// A name that is no text can't be named, and so not be moved; the rest is mended all the same.
  @Test func whatCanNotBeMovedStaysAndIsTold() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.stray(DataSetSamples.file(instance: "9.3"))
    let folder = Array(String(path.dropLast(36)).utf8CString.dropLast())
    let file = open(folder + [CChar(bitPattern: 0xFF), 0], O_CREAT | O_WRONLY, 0o600)
    try #require(file >= 0)
    close(file)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind).sorted() == [.fileAdopted, .notMended] && !repaired.outcome.isSound)
    #expect(try planted.faults(deep: true).map(\.kind) == [.fileWithoutRow])
  }

  @Test func foldersAndLinksAreMovedAsideWhole() async throws {
    let planted = try await PlantedArchive()
    let folder = planted.storage + "/ab/cd/notes"
    try planted.write([1], to: folder + "/a.txt")
    try FileManager.default.createSymbolicLink(
      atPath: planted.storage + "/ab/cd/link", withDestinationPath: "/nowhere")
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileSetAside, .fileSetAside] && repaired.outcome.isSound)
    #expect(try planted.faults(deep: true) == [])
    #expect(planted.folder.files().contains { $0.hasSuffix("notes/a.txt") })
  }
}
