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
    #expect(area.isUntouched(first) && area.isArriving(first) && !area.isMissing(first))
    area.lastingNames.waitUntilMade()
    #expect(ahead(folder).count == LastingNames.count + 1)
    let known = Set(ahead(folder))
    let second = try area.takeLastingName()
    #expect(known.contains(second) && second != first && area.isUntouched(second))
    area.clearLastingNames()
    #expect(Set(ahead(folder)) == [first, second])
    #expect(folder.files(below: "storage").count == 4)
    // None is made ahead any more.
    #expect(area.isUntouched(try area.takeLastingName()))
    area.clearLastingNames()
    #expect(ahead(folder).count == 3)
  }

  @Test func nobodyGetsTheNameOfAnother() async throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    let names = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { try (0..<50).map { _ in try area.takeLastingName() } } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(names).count == 400 && names.allSatisfy { area.isUntouched($0) })
    area.clearLastingNames()
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
    #expect(!names.contains(next) && area.isUntouched(next))
    area.clearLastingNames()
    // What somebody wrote is not ours to remove.
    for name in names.enumerated().filter({ $0.offset % 3 == 2 }).map(\.element) {
      #expect(try Data(contentsOf: URL(fileURLWithPath: area.path(of: name))) == Data([1]))
    }
  }

  @Test func whereNoneCanBeMadeNoneIsLeft() throws {
    let folder = try TemporaryFolder()
    let area = try area(folder)
    try FileManager.default.removeItem(atPath: area.incoming)
    let error = #expect(throws: StoreError.self) { try area.takeLastingName() }
    #expect(error?.message.contains("incoming") == true)
    area.clearLastingNames()
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
    #expect(try again.faults().isEmpty)
    #expect(try await again.totals().instances == 1)
    again.close()
  }
}
