import Foundation
import TestSupport
import Testing

@testable import Store

/// Names that are made before the files come.
@Suite struct LastingNameTests {
  private func area(_ folder: TemporaryFolder) throws -> StorageArea {
    let area = StorageArea(root: folder.path + "/storage")
    try area.prepare()
    return area
  }

  private func ahead(_ folder: TemporaryFolder) -> [String] { folder.files(below: "storage/incoming") }

  @Test func aNameStandsForAnEmptyFileInBothPlacesAndOthersAreMadeAhead() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    #expect(ahead(folder).isEmpty)
    let first = try area.takeLastingName()
    #expect(area.isReady(first) && area.isArriving(first) && !area.isMissing(first))
    area.lastingNames.waitUntilMade()
    #expect(ahead(folder).count == LastingNames.count + 1)
    let known = Set(ahead(folder))
    let second = try area.takeLastingName()
    #expect(known.contains(second) && second != first && area.isReady(second))
    area.lastingNames.close(in: area)
    #expect(Set(ahead(folder)) == [first, second])
    #expect(folder.files(below: "storage").count == 4)
    // None is made ahead any more.
    #expect(area.isReady(try area.takeLastingName()))
    area.lastingNames.close(in: area)
    #expect(ahead(folder).count == 3)
  }

  @Test func nobodyGetsTheNameOfAnother() async throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    let names = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { try (0..<50).map { _ in try area.takeLastingName() } } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(names).count == 400 && names.allSatisfy { area.isReady($0) })
    area.lastingNames.close(in: area)
    #expect(Set(ahead(folder)) == Set(names))
  }

  @Test func oneThatSomebodyClearedAwayOrWroteToIsNotGiven() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    let first = try area.takeLastingName()
    area.lastingNames.waitUntilMade()
    #expect(ahead(folder).count == LastingNames.count + 1)
    let names = ahead(folder).filter { $0 != first }
    for (place, name) in names.enumerated() {
      switch place % 3 {
      case 0: try FileManager.default.removeItem(atPath: area.path(of: name))
      case 1: try FileManager.default.removeItem(atPath: area.incomingPath(of: name))
      default: try Data([1]).write(to: URL(fileURLWithPath: area.path(of: name)))
      }
    }
    let next = try area.takeLastingName()
    #expect(!names.contains(next) && area.isReady(next))
    area.lastingNames.close(in: area)
    // What somebody wrote is not ours to remove; the rest leaves nothing.
    for (place, name) in names.enumerated() {
      if place % 3 == 2 {
        #expect(try Data(contentsOf: URL(fileURLWithPath: area.path(of: name))) == Data([1]))
      } else {
        #expect(area.isMissing(name) && !area.isArriving(name))
      }
    }
  }

  @Test func whereNoneCanBeMadeNoneIsLeft() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    try FileManager.default.removeItem(atPath: area.incoming)
    let error = #expect(throws: StoreError.self) { try area.takeLastingName() }
    #expect(error?.message.contains("incoming") == true)
    area.lastingNames.close(in: area)
  }

  @Test func whereTheFinalNamesCanNotBeMadeTheFirstOnesGo() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    // Where the folders would be lie files.
    for letters in 0...255 {
      let name = String(letters, radix: 16)
      try folder.write([], to: "storage/" + String(repeating: "0", count: 2 - name.count) + name)
    }
    #expect(throws: StoreError.self) { try area.takeLastingName() }
    area.lastingNames.close(in: area)
    #expect(ahead(folder).isEmpty)
    #expect(folder.files(below: "storage").count == 256)
  }

  @Test func oneThatWasNotUsedIsGivenAgain() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    let first = try area.takeLastingName()
    area.lastingNames.waitUntilMade()
    area.lastingNames.giveBack(first, in: area)
    #expect(try area.takeLastingName() == first)
    area.lastingNames.close(in: area)
    #expect(ahead(folder) == [first])
    area.lastingNames.giveBack(first, in: area)
    #expect(folder.files(below: "storage").isEmpty)
  }

  @Test func theFirstNameOutlivesALostFinalOne() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    let uuid = try area.takeLastingName()
    try Data([1, 2]).write(to: URL(fileURLWithPath: area.incomingPath(of: uuid)))
    try FileManager.default.removeItem(atPath: area.path(of: uuid))
    area.endArrival(uuid)
    #expect(try Data(contentsOf: URL(fileURLWithPath: area.path(of: uuid))) == Data([1, 2]))
    #expect(!area.isArriving(uuid))
    // Where the final one can't be made the first one stays.
    let other = try area.takeLastingName()
    area.lastingNames.waitUntilMade()
    try FileManager.default.moveItem(
      atPath: folder.path + "/storage/" + other.prefix(2), toPath: folder.path + "/away")
    try Data().write(to: URL(fileURLWithPath: folder.path + "/storage/" + other.prefix(2)))
    area.endArrival(other)
    #expect(area.isArriving(other))
    area.lastingNames.close(in: area)
  }

  @Test func anEmptyAttachmentIsNotTakenForOne() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) {
      $0.userAttachments = [
        "report": UserAttachmentType(AttachmentType(rawValue: 1024), mimeType: "text/plain")
      ]
    }
    let stored = try await archive.add(DataSetSamples.file())
    let instance = ResourceReference(.instance, stored.instance)
    let report = AttachmentType(rawValue: 1024)
    _ = try await archive.setAttachment(report, to: [], expecting: .absent, of: instance)
    let uuid = try await archive.attachment(report, of: instance).uuid
    archive.close()
    // A crash before its first name went.
    let area = StorageArea(root: folder.path + "/storage")
    try FileManager.default.linkItem(atPath: area.path(of: uuid), toPath: area.incomingPath(of: uuid))
    let again = try makeArchive(folder)
    #expect(try await again.content(of: report, of: instance).size == 0)
    #expect(!area.isMissing(uuid) && !area.isArriving(uuid))
    #expect(try again.faults().isEmpty)
    again.close()
  }

  @Test func aFinalNameThatWasClearedAwayIsThereAgainAfterACrash() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let bytes = DataSetSamples.file(pixels: 300_000)
    let stored = try await archive.add(bytes)
    archive.close()
    let uuid = String(try #require(folder.stored().first).suffix(36))
    let area = StorageArea(root: folder.path + "/storage")
    try FileManager.default.moveItem(atPath: area.path(of: uuid), toPath: area.incomingPath(of: uuid))
    let again = try makeArchive(folder)
    #expect(try await again.bytes(of: stored.instance, in: 0..<bytes.count) == bytes)
    #expect(!area.isArriving(uuid))
    #expect(try again.faults().isEmpty)
    again.close()
  }

  @Test func aCrashLeavesThemAndTheNextStartClearsThem() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let bytes = DataSetSamples.file(pixels: 300_000)
    try await archive.add(bytes)
    _ = try await archive.totals()
    archive.storage.lastingNames.waitUntilMade()
    #expect(await eventually { folder.arriving().isEmpty })
    // They are no strangers meanwhile.
    #expect(try archive.faults().isEmpty)
    try FileManager.default.copyItem(
      atPath: folder.path + "/storage", toPath: folder.path + "/crashed")
    archive.close()
    #expect(ahead(folder).isEmpty)
    #expect(folder.files(below: "crashed/incoming").count >= LastingNames.count)
    let again = try Archive(
      ArchiveConfiguration(storageFolder: folder.path + "/crashed"), logger: makeLogger())
    #expect(folder.files(below: "crashed/incoming").isEmpty)
    #expect(folder.files(below: "crashed").filter { $0.split(separator: "/").count == 3 }.count == 1)
    #expect(try again.faults().isEmpty)
    #expect(try await again.totals().instances == 1)
    again.close()
  }
}
