import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

/// Images whose files are missing or damaged: brought back where another file holds them, else named.
@Suite struct RepairImageTests {
  private func expectWhole(_ planted: PlantedArchive, _ number: Int) async throws {
    #expect(try planted.faults(deep: true) == [])
    #expect(try planted.content(planted.path(number)) == PlantedArchive.bytes(number))
  }

  @Test(arguments: [1, 4]) func aMissingFileIsFoundAgain(number: Int) async throws {
    let planted = try await PlantedArchive()
    let labelled = try planted.open()
    let resource = ResourceReference(.instance, PlantedArchive.id(number))
    try await labelled.editLabels(adding: ["key-image"], removing: [], on: [resource])
    labelled.close()
    let path = try planted.path(number)
    let elsewhere = planted.storage + "/ff/ee/" + path.suffix(36)
    try planted.write(planted.content(path), to: elsewhere)
    try planted.remove(path)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileRestored] && repaired.outcome.isSound)
    #expect(repaired.steps.first?.subject == "instance \(PlantedArchive.id(number))")
    try await expectWhole(planted, number)
    let archive = try planted.open()
    #expect(try await archive.detail(of: resource)?.row.labels == ["key-image"])
    #expect(try await archive.totals().instances == PlantedArchive.numbers.count)
    archive.close()
  }

  @Test func aRowThatLostItsAttachmentGetsItsFileBack() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(1)
    try planted.sql("DELETE FROM attachment WHERE uuid = '\(path.suffix(36))'")
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileRestored] && repaired.outcome.isSound)
    #expect(try planted.path(1) == path)
    try await expectWhole(planted, 1)
  }

  /// Without an MD5 only the size shows damage.
  @Test(arguments: [(true, true), (false, true), (true, false)])
  func aDamagedFileGivesWayToItsSoundCopy(isTruncated: Bool, storeMD5: Bool) async throws {
    let planted = try await PlantedArchive(storeMD5: storeMD5)
    let path = try planted.path(4)
    try planted.stray(planted.content(path))
    if isTruncated { try planted.truncate(path) } else { try planted.flipBit(of: path) }
    let damaged = try planted.content(path)
    // Even without reading every file: the copy makes it look.
    let repaired = try await planted.repair(deep: false)
    #expect(repaired.steps.map(\.kind) == [.fileSetAside, .fileRestored] && repaired.outcome.isSound)
    #expect(try repaired.setAside().map { try planted.content($0) } == [damaged])
    try await expectWhole(planted, 4)
  }

  @Test func aDamagedFileIsKeptWhereTheOtherIsAnotherVersion() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(1)
    try planted.truncate(path)
    let damaged = try planted.content(path)
    let other = PlantedArchive.bytes(1, description: "Abdomen")
    try planted.stray(other)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.fileSetAside, .imageDamaged] && !repaired.outcome.isSound)
    #expect(repaired.steps.first?.detail.contains("another version") == true)
    #expect(try planted.content(path) == damaged)
    #expect(try repaired.setAside().map { try planted.content($0) } == [other])
  }

  @Test func aLostImageIsNamedAndAnImportBringsItBack() async throws {
    let planted = try await PlantedArchive()
    let paths = [try planted.path(1), try planted.path(4)]
    for path in paths { try planted.remove(path) }
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.imageLost, .imageLost] && !repaired.outcome.isSound)
    #expect(
      Set(repaired.steps.map(\.subject)) == [
        "instance \(PlantedArchive.id(1))", "instance \(PlantedArchive.id(4))",
      ])
    #expect(repaired.steps.allSatisfy { $0.detail.contains("Import the same image again") })
    #expect(try repaired.report().contains(PlantedArchive.id(4).description))
    #expect(try planted.faults(deep: true).map(\.kind) == [.missingFile, .missingFile])
    let archive = try planted.open()
    for number in [1, 4] { try await archive.add(PlantedArchive.bytes(number)) }
    archive.close()
    #expect(try await planted.repair().outcome.isSound)
    try await expectWhole(planted, 4)
  }

  @Test func aDamagedImageIsNamedAndOverwritingBringsItBack() async throws {
    let planted = try await PlantedArchive()
    try planted.flipBit(of: planted.path(1))
    #expect(try await planted.repair(deep: false).outcome.isSound)
    let repaired = try await planted.repair()
    #expect(repaired.steps.map(\.kind) == [.imageDamaged] && !repaired.outcome.isSound)
    #expect(repaired.steps.first?.subject == "instance \(PlantedArchive.id(1))")
    #expect(repaired.steps.first?.detail.contains("OverwriteInstances") == true)
    let archive = try planted.open { $0.overwriteInstances = true }
    try await archive.add(PlantedArchive.bytes(1))
    archive.close()
    try await expectWhole(planted, 1)
  }
}
