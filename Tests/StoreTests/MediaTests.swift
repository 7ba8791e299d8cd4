import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

/// ZIP files with a DICOMDIR.
struct MediaTests {
  private func filled(_ folder: TemporaryFolder) async throws -> Archive {
    let archive = try makeArchive(folder)
    for (patient, study) in [("P1", "1.1"), ("P2", "1.2"), ("P1", "1.3")] {
      for number in 1...2 {
        try await archive.add(
          DataSetSamples.file(
            patientID: patient, patientName: "MÜLLER^ANNA", study: study, series: "\(study).1",
            instance: "\(study).1.\(number)", number: number,
            extra: [
              DataElement(.seriesDescription, .LO, text: "Thin"),
              DataElement(.studyTime, .TM, text: "101010"),
              DataElement(.studyID, .SH, text: "7"), DataElement(.seriesNumber, .IS, text: "3"),
            ]))
      }
    }
    return archive
  }

  /// The entries of an export by name.
  private func export(
    _ archive: Archive, _ selection: ExportSelection, _ layout: ExportLayout = .media(isExtended: false)
  ) async throws -> [(name: String, bytes: [UInt8])] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.zip"
    _ = try await archive.export(
      selection, layout: layout, to: path, replaces: false, token: "t", progress: { _ in })
    let reader = try ZipReader(path)
    return try reader.entries.map { ($0.name, try reader.stream($0).read($0.size)) }
  }

  private func directory(_ entries: [(name: String, bytes: [UInt8])]) throws -> [DataSet] {
    let bytes = try #require(entries.last { $0.name == "DICOMDIR" }).bytes
    let header = try bytes.withUnsafeBytes { try FileHeader($0) }
    let dataSet = try DataSet(
      reading: Array(bytes[header.dataSetOffset...]), syntax: header.transferSyntax)
    return dataSet[Tag(0x0004, 0x1220)]?.items ?? []
  }

  private func kinds(_ records: [DataSet]) -> [String] { records.map { $0.text(Tag(0x0004, 0x1430)) ?? "" } }

  @Test func everyFileIsListedUnderItsName() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    defer { archive.close() }
    let entries = try await export(archive, .all)
    #expect(entries.map(\.name) == (0..<6).map { "IMAGES/IM\($0)" } + ["DICOMDIR"])
    let records = try directory(entries)
    for record in records where record.text(Tag(0x0004, 0x1430)) == "IMAGE" {
      let name = try #require(record.text(Tag(0x0004, 0x1500))).replacing("\\", with: "/")
      let file = try #require(entries.first { $0.name == name }).bytes
      let header = try file.withUnsafeBytes { try FileHeader($0) }
      let dataSet = try DataSet(reading: Array(file[header.dataSetOffset...]), syntax: header.transferSyntax)
      #expect(record.text(Tag(0x0004, 0x1511)) == dataSet.text(.sopInstanceUID))
      #expect(record.text(Tag(0x0004, 0x1510)) == dataSet.text(.sopClassUID))
      #expect(record.text(Tag(0x0004, 0x1512)) == header.transferSyntax.uid.value)
      #expect(record.text(.instanceNumber) == dataSet.text(.instanceNumber))
    }
    let patient = ["PATIENT", "STUDY", "SERIES", "IMAGE", "IMAGE"]
    #expect(kinds(records) == patient + patient.dropFirst() + patient)
    #expect(records.first?.text(.patientName) == "MÜLLER^ANNA")
    #expect(records.map { $0.text(.seriesDescription) }.allSatisfy { $0 == nil })
  }

  @Test func anExtendedOneDescribesSeries() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    defer { archive.close() }
    let records = try directory(try await export(archive, .all, .media(isExtended: true)))
    #expect(records.compactMap { $0.text(.seriesDescription) } == ["Thin", "Thin", "Thin"])
  }

  @Test func aPatientAskedForInPiecesIsListedOnce() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    defer { archive.close() }
    let studies = try await archive.infos(at: .study).map(\.reference)
    let records = try directory(try await export(archive, .resources(studies)))
    #expect(kinds(records).count { $0 == "PATIENT" } == 2)
    let ids = records.compactMap { $0.text(.patientID) }
    #expect(ids == ["P1", "P2"])
    let first = try #require(studies.first)
    #expect(kinds(try directory(try await export(archive, .resources([first])))).count == 5)
  }

  @Test func reportsHaveTheirOwnKeys() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    let concept = DataElement(
      Tag(0x0040, 0xA043), .SQ, .items([DataSet([DataElement(Tag(0x0008, 0x0104), .LO, text: "Bericht Ä")])]))
    try await archive.add(
      DataSetSamples.file(extra: [
        DataElement(.sopClassUID, .UI, text: "1.2.840.10008.5.1.4.1.1.88.11"),
        DataElement(Tag(0x0008, 0x0023), .DA, text: "20240101"), concept,
        DataElement(Tag(0x0040, 0xA491), .CS, text: "COMPLETE"),
      ]))
    let records = try directory(try await export(archive, .all))
    #expect(kinds(records) == ["PATIENT", "STUDY", "SERIES", "SR DOCUMENT"])
    let report = try #require(records.last)
    #expect(report.text(Tag(0x0008, 0x0023)) == "20240101" && report.text(Tag(0x0040, 0xA491)) == "COMPLETE")
    #expect(report[Tag(0x0040, 0xA493)]?.bytes.isEmpty == true)
    #expect(report.text(.specificCharacterSet) == "ISO_IR 192")
    #expect(
      Array(report[Tag(0x0040, 0xA043)]?.items.first?[Tag(0x0008, 0x0104)]?.bytes ?? [])
        == Array("Bericht Ä".utf8))
  }

  @Test func whatTheStandardWantsIsMadeUpWhereFilesLackIt() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    try await archive.add(DataSetSamples.file(patientID: "", date: ""))
    let records = try directory(try await export(archive, .all))
    #expect(records[0].text(.patientID) == "UNKNOWN1")
    #expect(records[1].text(.studyDate) == "19000101" && records[1].text(.studyID) == "1")
    #expect(records[2].text(.seriesNumber) == "1")
  }

  /// dcmtk follows the links from record to record, and refuses a DICOMDIR in which they lead astray.
  @Test func dcmtkReadsIt() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    defer { archive.close() }
    let disc = try TemporaryFolder()
    for (name, bytes) in try await export(archive, .all) { _ = try disc.write(bytes, to: name) }
    let dump = try await RunningProgram.run("dcmdump", [disc.path + "/DICOMDIR"])
    #expect(dump.status == 0, "\(dump.output)")
    #expect(dump.output.matches(of: /\[IMAGES\\IM[0-5]\]/).count == 6)
    // Nothing changes by adding what is there, unless it is not found there.
    let again = try await RunningProgram.run(
      "dcmmkdir", ["+A", "+id", disc.path, "+D", disc.path + "/DICOMDIR", "IMAGES/IM0"])
    #expect(again.status == 0, "\(again.output)")
    let after = try await RunningProgram.run("dcmdump", [disc.path + "/DICOMDIR"])
    for kind in ["PATIENT", "STUDY", "SERIES", "IMAGE"] {
      let count = { (text: String) in text.components(separatedBy: "[\(kind)]").count }
      #expect(count(after.output) == count(dump.output), "\(kind)")
    }
  }

  @Test func namesStayShort() {
    #expect(MediaLayout.path(0) == ["IMAGES", "IM0"])
    #expect(MediaLayout.path(999_999) == ["IMAGES", "IM999999"])
    #expect(MediaLayout.path(1_000_000) == ["IMAGES1", "IM0"])
  }

  @Test func aJobMakesOne() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    defer { archive.close() }
    let jobs = try JobsEngine(archive, JobOptions(), logger: makeLogger())
    let path = folder.path + "/a.zip"
    let id = try await jobs.submit(.media(.all, path: path, isExtended: true))
    let deadline = ContinuousClock.now + .seconds(300)
    while jobs.job(id)?.state.isCompleted != true && ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(jobs.job(id)?.state == .success)
    #expect(try ZipReader(path).entries.last?.name == "DICOMDIR")
    await jobs.close()
  }
}
