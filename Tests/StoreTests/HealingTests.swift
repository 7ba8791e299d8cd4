import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

/// An image whose file is lost is healed by the same instance coming again, however it comes.
@Suite struct HealingTests {
  private func expectHealed(_ planted: PlantedArchive, _ archive: Archive, _ number: Int) async throws {
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    let bytes = PlantedArchive.bytes(number)
    #expect(try await archive.bytes(of: PlantedArchive.id(number), in: 0..<bytes.count * 2) == bytes)
    #expect(try await archive.totals().instances == PlantedArchive.numbers.count)
    archive.close()
    #expect(try planted.faults(deep: true) == [])
  }

  @Test(arguments: [1, 4]) func importingItAgain(number: Int) async throws {
    let planted = try await PlantedArchive()
    let labelled = try planted.open()
    let resource = ResourceReference(.instance, PlantedArchive.id(number))
    try await labelled.editLabels(adding: ["key-image"], removing: [], on: [resource])
    labelled.close()
    try planted.remove(planted.path(number))
    let archive = try planted.open()
    let result = try await archive.add(PlantedArchive.bytes(number))
    #expect(result.status == .overwritten && result.instance == PlantedArchive.id(number))
    #expect(try await archive.detail(of: resource)?.row.labels == ["key-image"])
    try await expectHealed(planted, archive, number)
  }

  @Test(arguments: [1, 4]) func importingItAgainWhereTheIndexLacksTheFile(number: Int) async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(number)
    try planted.remove(path)
    try planted.sql("DELETE FROM attachment WHERE uuid = '\(path.suffix(36))'")
    let archive = try planted.open()
    #expect(try await archive.add(PlantedArchive.bytes(number)).status == .stored)
    try await expectHealed(planted, archive, number)
  }

  @Test(arguments: [1, 4]) func receivingItAgain(number: Int) async throws {
    let planted = try await PlantedArchive()
    try planted.remove(planted.path(number))
    let archive = try planted.open()
    let file = PlantedArchive.bytes(number)
    let header = try file.span.withUnsafeBytes { buffer in try FileHeader(buffer) }
    let receiver = try archive.receive(
      IncomingInstance(
        origin: InstanceOrigin(.dicomProtocol, remoteAET: "CT1"), transferSyntax: header.transferSyntax,
        sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: UID("1.2.3.4.\(number)")))
    try file[header.dataSetOffset...].withUnsafeBytes { try receiver.append($0) }
    let result = await withCheckedContinuation { continuation in
      receiver.finish { continuation.resume(returning: $0) }
    }
    #expect(throws: Never.self) { try result.get() }
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    archive.close()
    #expect(try planted.faults(deep: true) == [])
  }

  @Test func oneWhoseFileIsThereStaysAsItIs() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(1)
    try planted.flipBit(of: path)
    let archive = try planted.open()
    #expect(try await archive.add(PlantedArchive.bytes(1)).status == .alreadyStored)
    archive.close()
    #expect(try planted.path(1) == path)
  }
}
