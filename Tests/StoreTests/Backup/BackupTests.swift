import DICOM
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

/// Copies of an archive, made while another Filmroom has it open.
@Suite struct BackupTests {
  private static func backup(
    _ planted: PlantedArchive, isCancelled: @escaping () -> Bool = { false }
  ) throws -> (report: BackupReport, faults: [Fault]) {
    var faults: [Fault] = []
    let report = try Archive.backup(
      ArchiveConfiguration(storageFolder: planted.storage), to: copy(planted), logger: makeLogger(),
      progress: { _ in }, fault: { faults.append($0) }, isCancelled: isCancelled)
    return (report, faults)
  }

  private static func copy(_ planted: PlantedArchive) -> String { planted.folder.path + "/copy" }

  private static func openCopy(_ planted: PlantedArchive) throws -> Archive {
    var configuration = ArchiveConfiguration(storageFolder: copy(planted))
    configuration.mustExist = true
    return try Archive(configuration, logger: makeLogger())
  }

  private static func file(_ number: Int, pixels: Int = 32) -> [UInt8] {
    DataSetSamples.file(
      patientID: "N", study: "1.9", series: "1.9.1", instance: "1.9.1.\(number)", number: number,
      pixels: pixels)
  }

  private static func id(_ number: Int) -> PublicID {
    PublicID(dicomIdentifiers: ["N", "1.9", "1.9.1", "1.9.1.\(number)"])
  }

  @Test func theCopyEqualsTheArchive() async throws {
    let planted = try await PlantedArchive()
    let archive = try planted.open()
    defer { archive.close() }
    _ = try await archive.editLabels(adding: ["kept"], removing: [], on: [MoveInTests.reference(1)])
    let (first, faults) = try Self.backup(planted)
    #expect(faults.isEmpty && first.copied == 5 && first.ofAttachments == 5)
    do {
      let copy = try Self.openCopy(planted)
      defer { copy.close() }
      #expect(try copy.faults().isEmpty)
      for number in PlantedArchive.numbers {
        let bytes = try await copy.bytes(of: PlantedArchive.id(number), in: 0..<1_000_000)
        #expect(bytes == PlantedArchive.bytes(number))
      }
      #expect(try await copy.labelsInUse().map(\.label) == ["kept"])
    }
    // One comes, one goes, and one is deleted after its file was copied.
    try await archive.add(Self.file(1, pixels: 100_000))
    _ = try await archive.delete([MoveInTests.reference(2)])
    let (second, _) = try Self.backup(planted)
    #expect(second.copied == 1 && second.removed == 1)
    let copy = try Self.openCopy(planted)
    defer { copy.close() }
    #expect(try copy.faults().isEmpty)
    #expect(try await copy.totals().instances == 5)
    #expect(try await copy.detail(of: MoveInTests.reference(2)) == nil)
  }

  /// What is acknowledged over DICOM waits in the journal and is not in the index yet.
  @Test func theJournalIsInIt() async throws {
    let planted = try await PlantedArchive()
    let archive = try planted.open()
    defer { archive.close() }
    let syntax = TransferSyntax.explicitLittleEndian
    for number in 1...3 {
      let dataSet = DataSetSamples.instance(
        patientID: "N", study: "1.9", series: "1.9.1", instance: "1.9.1.\(number)", number: number)
      let receiver = try archive.receive(
        IncomingInstance(
          origin: InstanceOrigin(.dicomProtocol), transferSyntax: syntax,
          sopClass: "1.2.840.10008.5.1.4.1.1.2",
          sopInstance: UID("1.9.1.\(number)")))
      try DataSetWriter.encode(dataSet, as: syntax).withUnsafeBytes { try receiver.append($0) }
      let result = await withCheckedContinuation { continuation in
        receiver.finish { continuation.resume(returning: $0) }
      }
      _ = try result.get()
    }
    let (report, _) = try Self.backup(planted)
    #expect(report.fromJournal + report.ofAttachments == 8)
    let copy = try Self.openCopy(planted)
    defer { copy.close() }
    #expect(try copy.faults().isEmpty)
    #expect(try await copy.totals().instances == 8)
  }

  @Test func whileImagesComeAndGo() async throws {
    let planted = try await PlantedArchive()
    let archive = try planted.open()
    defer { archive.close() }
    let acknowledged = Mutex(0)
    let isOver = Mutex(false)
    let sender = Task {
      var number = 100
      while !isOver.withLock({ $0 }) {
        try await archive.add(Self.file(number, pixels: number % 3 == 0 ? 100_000 : 32))
        if number % 4 == 0 {
          _ = try await archive.delete([ResourceReference(.instance, Self.id(number - 2))])
        }
        let done = number
        acknowledged.withLock { $0 = done }
        number += 1
      }
    }
    for _ in 0..<4 {
      let start = acknowledged.withLock { $0 }
      #expect(await eventually { acknowledged.withLock { $0 } > start + 20 })
      let before = acknowledged.withLock { $0 }
      let (_, faults) = try await Archive.blocking { () throws(StoreError) in
        do { return try Self.backup(planted) } catch { throw StoreError(.inputOutput, "\(error)") }
      }
      #expect(faults.isEmpty)
      let copy = try Self.openCopy(planted)
      #expect(try copy.faults().isEmpty)
      for number in 100...before where number % 4 != 2 {
        #expect(try await copy.detail(of: ResourceReference(.instance, Self.id(number))) != nil, "\(number)")
      }
      copy.close()
    }
    isOver.withLock { $0 = true }
    try await sender.value
  }

  @Test func anInterruptedOneGoesOn() async throws {
    let planted = try await PlantedArchive()
    var count = 0
    let error = #expect(throws: StoreError.self) {
      _ = try Self.backup(planted) {
        count += 1
        return count > 3
      }
    }
    #expect(error?.code == .closed)
    let unfinished = #expect(throws: StoreError.self) { _ = try Self.openCopy(planted) }
    #expect(unfinished?.message.contains("unfinished backup") == true)
    _ = try Self.backup(planted)
    count = 0
    let archive = try planted.open()
    for number in 1...9 { try await archive.add(Self.file(number)) }
    archive.close()
    _ = #expect(throws: StoreError.self) {
      _ = try Self.backup(planted) {
        count += 1
        return count > 7
      }
    }
    // The one before is still the copy.
    let copy = try Self.openCopy(planted)
    #expect(try await copy.totals().instances == 5)
    copy.close()
    let (report, _) = try Self.backup(planted)
    #expect(report.ofAttachments == 14)
    let whole = try Self.openCopy(planted)
    defer { whole.close() }
    #expect(try whole.faults().isEmpty)
  }

  @Test func faultsOfTheArchiveAreTold() async throws {
    let planted = try await PlantedArchive()
    try planted.remove(try planted.path(1))
    try planted.flipBit(of: try planted.path(2))
    let (_, faults) = try Self.backup(planted)
    #expect(Set(faults.map(\.kind)) == [.missingFile, .wrongContent])
  }

  @Test func nothingElseIsWrittenOver() async throws {
    let planted = try await PlantedArchive()
    try planted.folder.write([1], to: "copy/holiday.jpg")
    #expect(throws: StoreError.self) { _ = try Self.backup(planted) }
    try FileManager.default.removeItem(atPath: Self.copy(planted))
    _ = try Self.backup(planted)
    let copy = try Self.openCopy(planted)
    try await copy.add(Self.file(1))
    copy.close()
    let error = #expect(throws: StoreError.self) { _ = try Self.backup(planted) }
    #expect(error?.message.contains("used as an archive") == true)
    let inside = #expect(throws: StoreError.self) {
      _ = try Archive.backup(
        ArchiveConfiguration(storageFolder: planted.storage), to: planted.storage + "/copy",
        logger: makeLogger(),
        progress: { _ in }, fault: { _ in })
    }
    #expect(inside?.code == .badValue)
  }
}
