import DICOM
import Foundation
import Logging
import TestSupport
import Testing

@testable import Store

@Suite struct IngestTests {
  @Test func identifiersAreOrthancs() throws {
    // From Orthanc's own documentation of its identifiers' construction: SHA-1 of the joined identifiers.
    let id = PublicID(dicomIdentifiers: ["P1"])
    #expect(id.description.split(separator: "-").map(\.count) == [8, 8, 8, 8, 8])
    #expect(PublicID(id.description) == id)
    #expect(PublicID(dicomIdentifiers: [""]).description == "da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709")
    #expect(PublicID("da39a3ee-5e6b4b0d-3255bfef-95601890-afd8070") == nil)
    #expect(PublicID("DA39A3EE-5e6b4b0d-3255bfef-95601890-afd80709") == nil)
  }

  @Test func anInstanceIsKeptByteForByteAndCounted() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let bytes = DataSetSamples.file()
    let result = try await archive.add(bytes)
    #expect(result.status == .stored)
    #expect(result.instance == PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.5"]))
    #expect(try await archive.bytes(of: result.instance, in: 0..<bytes.count * 2) == bytes)
    let totals = try await archive.totals()
    #expect(
      totals
        == ArchiveTotals(
          patients: 1, studies: 1, series: 1, instances: 1, diskSize: Int64(bytes.count),
          uncompressedSize: Int64(bytes.count)))
    #expect(try archive.faults().isEmpty)
    // Nothing is left among what was being written.
    #expect(await eventually { folder.arriving().isEmpty })
    archive.close()
  }

  @Test func duplicatesAreSuccessWithoutASecondCopy() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    let again = try await archive.add(DataSetSamples.file(description: "Other"))
    #expect(again.status == .alreadyStored)
    #expect(try await archive.totals().instances == 1)
    #expect(try await archive.rows(.study).first?.tags[.studyDescription] == "Chest")
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func sameInstanceManyTimesAtOnceIsKeptOnce() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let bytes = DataSetSamples.file()
    let stored = try await withThrowingTaskGroup(of: StoreResult.Status.self) { group in
      for _ in 0..<8 { group.addTask { try await archive.add(bytes).status } }
      return try await group.reduce(into: 0) { $0 += $1 == .stored ? 1 : 0 }
    }
    #expect(stored == 1)
    #expect(try await archive.totals().instances == 1)
    #expect(await eventually { folder.arriving().isEmpty })
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func overwritingReplacesInPlace() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.overwriteInstances = true }
    try await archive.add(DataSetSamples.file())
    let study = try #require(try await archive.rows(.study).first)
    try await archive.editLabels(adding: ["urgent"], removing: [], on: [study.reference])
    try await archive.setProtected(true, patients: [study.patient])
    let bigger = DataSetSamples.file(pixels: 64)
    let result = try await archive.add(bigger)
    #expect(result.status == .overwritten)
    #expect(try await archive.bytes(of: result.instance, in: 0..<100_000) == bigger)
    let after = try #require(try await archive.rows(.study).first)
    #expect(after.labels == ["urgent"] && after.isProtected && after.instances == 1)
    #expect(after.diskSize == Int64(bigger.count))
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    archive.close()
  }

  @Test func whatTheHierarchyNeedsIsChecked() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for tag in [Tag.studyInstanceUID, .seriesInstanceUID, .sopInstanceUID] {
      var dataSet = DataSetSamples.instance()
      dataSet[tag] = nil
      let bytes = DataSetWriter.encodeFile(dataSet, as: .explicitLittleEndian)
      let error = await #expect(throws: StoreError.self) { try await archive.add(bytes) }
      #expect(error?.code == .dataSetMismatch && error?.tag == tag)
    }
    let bad = await #expect(throws: StoreError.self) {
      try await archive.add(DataSetSamples.file(study: "1/../2"))
    }
    #expect(bad?.code == .dataSetMismatch)
    let truncated = await #expect(throws: StoreError.self) {
      try await archive.add(DataSetSamples.file().dropLast(3))
    }
    #expect(truncated?.code == .cannotUnderstand)
    let text = await #expect(throws: StoreError.self) { try await archive.add(Array("hello".utf8)) }
    #expect(text?.message.contains("not a DICOM file") == true)
    // An empty PatientID is legal.
    try await archive.add(DataSetSamples.file(patientID: ""))
    #expect(try await archive.totals().instances == 1)
    #expect(folder.arriving().isEmpty)
    archive.close()
  }

  @Test func receptionChecksWhatWasAnnounced() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    func receive(sopInstance: UID) async throws -> Result<StoreResult, StoreError> {
      let receiver = try archive.receive(
        IncomingInstance(
          origin: InstanceOrigin(
            .dicomProtocol, remoteIP: "10.0.0.17", remoteAET: "CT1", calledAET: "FILMROOM"),
          transferSyntax: .explicitLittleEndian, sopClass: "1.2.840.10008.5.1.4.1.1.2",
          sopInstance: sopInstance))
      let bytes = DataSetWriter.encode(DataSetSamples.instance(), as: .explicitLittleEndian)
      try bytes.withUnsafeBytes { buffer in
        for start in stride(from: 0, to: buffer.count, by: 7) {
          try receiver.append(UnsafeRawBufferPointer(rebasing: buffer[start..<min(start + 7, buffer.count)]))
        }
      }
      return await withCheckedContinuation { continuation in
        receiver.finish { continuation.resume(returning: $0) }
      }
    }
    let wrong = try await receive(sopInstance: "9.9.9")
    #expect(throws: StoreError.self) { try wrong.get() }
    #expect(try await archive.totals().instances == 0)
    let right = try await receive(sopInstance: "1.2.3.4.5").get()
    let detail = try #require(try await archive.detail(of: ResourceReference(.instance, right.instance)))
    let values = Dictionary(uniqueKeysWithValues: detail.metadata.map { ($0.name, $0.value) })
    #expect(values["RemoteAET"] == "CT1" && values["RemoteIP"] == "10.0.0.17")
    #expect(values["CalledAET"] == "FILMROOM" && values["Origin"] == "DicomProtocol")
    #expect(values["TransferSyntax"] == "1.2.840.10008.1.2.1")
    #expect(values["SopClassUid"] == "1.2.840.10008.5.1.4.1.1.2" && values["IndexInSeries"] == "1")
    #expect(values["ReceptionDate"]?.count == 15 && values["PixelDataVR"] == "OW")
    let offset = try #require(Int(values["PixelDataOffset"] ?? ""))
    #expect(try await archive.bytes(of: right.instance, in: offset..<offset + 4) == [0xE0, 0x7F, 0x10, 0])
    #expect(
      values["MainDicomTagsSignature"]
        == "0008,0012;0008,0013;0008,0018;0020,0012;0020,0013;0020,0032;0020,0037;0020,0100;0020,4000;"
        + "0028,0008;0054,1330")
    archive.close()
  }

  @Test func aDiscardedInstanceLeavesNothing() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let receiver = try archive.receive(
      IncomingInstance(
        origin: InstanceOrigin(.dicomProtocol), transferSyntax: .explicitLittleEndian, sopClass: "1.2",
        sopInstance: "1.2.3"))
    // More than is gathered in memory.
    let pixels = DataElement(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 1, count: 400_000))
    let part = DataSetWriter.encode(DataSet([pixels]), as: .explicitLittleEndian).dropLast(10)
    try part.withUnsafeBytes { try receiver.append($0) }
    // Beside the names for what comes next.
    let incoming = { folder.files(below: "storage/incoming").count }
    archive.storage.lastingNames.waitUntilMade()
    #expect(incoming() == LastingNames.count + 1)
    receiver.discard()
    #expect(incoming() == LastingNames.count)
    archive.close()
  }

  @Test func twoPeopleUnderOnePatientIDAreMarked() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    try await archive.add(
      DataSetSamples.file(patientName: "ROE^RICHARD", study: "1.9", series: "1.9.1", instance: "1.9.1.1"))
    let patient = try #require(try await archive.rows(.patient).first)
    #expect(patient.hasConflictingNames && patient.studies == 2)
    let names = try await archive.rows(.study).map { $0.tags[.patientName] ?? "" }
    #expect(Set(names) == ["DOE^JANE", "ROE^RICHARD"])
    let other = try #require(try await archive.rows(.study, filter: "roe").first)
    let preview = try await archive.deletionPreview(of: [other.reference])
    #expect(preview.conflictingPatients.count == 1 && preview.emptiedParents.isEmpty)
    _ = try await archive.delete([other.reference])
    #expect(try await archive.rows(.patient).first?.hasConflictingNames == false)
    archive.close()
  }

  @Test func extraTagsAndSequencesAreKept() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.extraMainDicomTags = [.study: [Tag(0x0008, 0x1050)]] }
    let request = DataElement(
      Tag(0x0040, 0x0275), .SQ,
      .items([DataSet([DataElement(Tag(0x0040, 0x0007), .LO, text: "CT \"CHEST\"")]), DataSet()]))
    try await archive.add(
      DataSetSamples.file(extra: [request, DataElement(Tag(0x0008, 0x1050), .PN, text: "HOUSE^G")]))
    #expect(try await archive.rows(.study).first?.tags[Tag(0x0008, 0x1050)] == "HOUSE^G")
    #expect(
      try await archive.rows(.series, parent: nil).first?.tags[Tag(0x0040, 0x0275)]
        == #"[{"0040,0007":"CT \"CHEST\""},{}]"#)
    archive.close()
  }

  @Test(.enabled(if: TestData.isPresent, "FILMROOM_TEST_DATA names no folder"))
  func realFilesAreStoredOrRefusedAndKeptAsTheyAre() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    var counts: [String: Int] = [:]
    for (path, _) in try TestData.manifest() {
      let bytes = try TestData.bytes(path)
      do {
        let result = try await archive.add(bytes)
        counts["\(result.status)", default: 0] += 1
        if result.status == .stored {
          let kept = try await archive.bytes(of: result.instance, in: 0..<bytes.count + 1000)
          #expect(Array(kept.suffix(bytes.count / 2)) == Array(bytes.suffix(bytes.count / 2)), "\(path)")
        }
      } catch {
        counts[(error as? StoreError)?.message ?? "\(error)", default: 0] += 1
      }
    }
    print(counts.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }.joined(separator: "\n"))
    #expect(try archive.faults().isEmpty)
    #expect(counts.values.reduce(0, +) == (try TestData.manifest().count))
    archive.close()
  }
}
