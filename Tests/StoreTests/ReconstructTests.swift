import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// The index made anew from files.
struct ReconstructTests {
  private typealias Tag = DICOM.Tag
  private let comments = Tag(0x0020, 0x4000)
  private let address = Tag(0x0010, 0x1040)

  private func file(_ number: Int, description: String = "Chest", modality: String = "CT") -> [UInt8] {
    DataSetSamples.file(
      study: "1.1", series: "1.1.\(number)", instance: "1.1.1.\(number)", modality: modality, number: number,
      description: description, extra: [DataElement(address, .LO, text: "Street \(number)")])
  }

  private func open(_ folder: TemporaryFolder, extra: Bool = false) throws -> Archive {
    try makeArchive(folder) {
      if extra { $0.extraMainDicomTags = [.patient: [address], .instance: [address]] }
    }
  }

  private func sql(_ archive: Archive, _ statement: String) async throws {
    try await archive.committer.edit { db in
      try db.execute(sql: statement)
      return EditEffects()
    }
  }

  @Test func newMainTagsComeAndWhatPeopleAddedStays() async throws {
    let folder = try TemporaryFolder()
    var archive = try open(folder)
    let id = try await archive.add(file(1)).instance
    let patient = try #require(try await archive.infos(at: .patient).first)
    try await archive.editLabels(adding: ["kept"], removing: [], on: [patient.reference])
    let key = try archive.metadataKey(named: "1024")
    _ = try await archive.setMetadata(key, to: "kept", expecting: .any, on: patient.reference)
    try await archive.setProtected(true, patients: [patient.row.id])
    archive.close()
    archive = try open(folder, extra: true)
    defer { archive.close() }
    let old = try await archive.info(of: ResourceReference(.instance, id))
    #expect(old.mainTags[address] == nil)
    try await archive.reconstruct(patient.reference)
    let new = try await archive.info(of: ResourceReference(.instance, id))
    #expect(new.mainTags[address] == "Street 1")
    #expect(new.file == old.file && new.row.lastUpdate == old.row.lastUpdate)
    let after = try await archive.info(of: patient.reference)
    #expect(after.mainTags[address] == "Street 1" && after.row.labels == ["kept"] && after.row.isProtected)
    #expect(try await archive.metadata(of: patient.reference).contains { $0.value == "kept" })
    #expect(try archive.faults().isEmpty)
  }

  @Test func whatWasWrongIsRightAgain() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    defer { archive.close() }
    try await archive.add(file(1))
    try await archive.add(file(2, modality: "MR"))
    let before = try await archive.totals()
    try await sql(archive, "UPDATE study SET t00081030 = 'x', sort_description = 'x', search = 'x'")
    try await sql(
      archive,
      "UPDATE modality_totals SET modality = 'XX' WHERE modality = 'MR'; UPDATE study SET modalities = 'XX'")
    try await sql(archive, "UPDATE series SET t00080060 = 'XX', sort_modality = 'XX' WHERE t00080060 = 'MR'")
    #expect(try await archive.rows(.study, filter: "chest").isEmpty)
    try await archive.reconstruct(nil)
    #expect(try await archive.rows(.study, filter: "chest").count == 1)
    #expect(try await archive.rows(.study).first?.modalities == ["CT", "MR"])
    #expect(try await archive.totals() == before)
    #expect(try archive.faults().isEmpty)
  }

  @Test func aChildHasItsWayWithWhatItLiesIn() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    defer { archive.close() }
    try await archive.add(file(1, description: "First"))
    let second = try await archive.add(file(2, description: "Second")).instance
    let study = try #require(try await archive.infos(at: .study).first).reference
    #expect(try await archive.info(of: study).mainTags[.studyDescription] == "First")
    try await archive.reconstruct(ResourceReference(.instance, second))
    #expect(try await archive.info(of: study).mainTags[.studyDescription] == "Second")
  }

  @Test func onlyTheLevelAskedForIsMadeAnew() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    defer { archive.close() }
    try await archive.add(file(1))
    let study = try #require(try await archive.infos(at: .study).first).reference
    try await sql(archive, "UPDATE study SET t00081030 = 'x'")
    try await sql(archive, "UPDATE patient SET t00100010 = 'x'")
    var options = ReconstructOptions()
    options.isLimitedToLevel = true
    try await archive.reconstruct(study, options)
    #expect(try await archive.info(of: study).mainTags[.studyDescription] == "Chest")
    #expect(try await archive.infos(at: .patient).first?.mainTags[.patientName] == "x")
  }

  @Test func whatCannotBeReadIsToldAndTheRestIsDone() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    defer { archive.close() }
    let broken = try await archive.add(file(1)).instance
    try await archive.add(file(2))
    let uuid = try await archive.attachment(.dicom, of: ResourceReference(.instance, broken)).uuid
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: archive.storage.path(of: uuid)))
    try await sql(archive, "UPDATE series SET t00080060 = 'XX'")
    await #expect { try await archive.reconstruct(nil) } throws: {
      ($0 as? StoreError)?.code == .cannotUnderstand
    }
    #expect(Set(try await archive.infos(at: .series).compactMap { $0.mainTags[.modality] }) == ["CT", "XX"])
    await #expect { try await archive.reconstruct(ResourceReference(.study, broken)) } throws: {
      ($0 as? StoreError)?.code == .notFound
    }
  }

  @Test func filesAreLaidOutAsTheArchiveDoesNow() async throws {
    let folder = try TemporaryFolder()
    var archive = try open(folder)
    let id = ResourceReference(.instance, try await archive.add(file(1)).instance)
    archive.close()
    archive = try makeArchive(folder) { $0.compressesStorage = true }
    defer { archive.close() }
    try await archive.reconstruct(nil)
    #expect(try await archive.attachment(.dicom, of: id).isCompressed == false)
    var options = ReconstructOptions()
    options.renewsFiles = true
    try await archive.reconstruct(id, options)
    #expect(try await archive.attachment(.dicom, of: id).isCompressed)
    #expect(try archive.faults().isEmpty)
  }

  @Test func aFileGoesWhereItIsWanted() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    defer { archive.close() }
    let id = try await archive.add(file(1)).instance
    let path = try folder.write([1], to: "out.dcm")
    try await archive.writeFile(of: id, to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(file(1)))
    for (path, code) in [
      ("", StoreError.Code.badValue), (folder.path + "/none/a", .inputOutput),
      (folder.path + "/storage/a", .badValue), (folder.path + "/storage/../storage/incoming/a", .badValue),
      (folder.path + "/a\n", .badValue), (folder.path, .badValue),
    ] {
      await #expect { try await archive.writeFile(of: id, to: path) } throws: {
        ($0 as? StoreError)?.code == code
      }
    }
    #expect(folder.files().filter { !$0.hasPrefix("storage") } == ["out.dcm"])
  }
}
