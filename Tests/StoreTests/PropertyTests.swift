import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Values that belong to the archive as a whole.
@Suite struct PropertyTests {
  private let plugin = GlobalProperty(rawValue: 5468)

  @Test func theyAreKept() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder)
    #expect(try await archive.globalProperty(plugin) == nil)
    #expect(try await archive.globalProperties().isEmpty)
    try await archive.setGlobalProperty(plugin, to: "höher")
    try await archive.setGlobalProperty(.modalities, to: "{}")
    try await archive.setGlobalProperty(.peers, to: "{}")
    try await archive.setGlobalProperty(.peers, to: nil)
    archive.close()
    archive = try makeArchive(folder)
    #expect(try await archive.globalProperties() == [plugin: "höher", .modalities: "{}"])
    #expect(try await archive.globalProperty(plugin) == "höher")
    archive.close()
  }

  /// Each gets what the one before left.
  @Test func editsAreOneAfterTheOther() async throws {
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask { _ = try await archive.editGlobalProperty(plugin) { ($0 ?? "") + "x" } }
      }
    }
    #expect(try await archive.globalProperty(plugin)?.count == 20)
  }

  @Test(arguments: [-1, 0, 1, 19, 22, 1023, Int(Int32.max) + 1])
  func ownNumbersAreLeftAlone(number: Int) async throws {
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let property = GlobalProperty(rawValue: number)
    let error = await #expect(throws: StoreError.self) {
      try await archive.setGlobalProperty(property, to: "x")
    }
    #expect(error?.code == .readOnly)
    #expect(try await archive.globalProperty(property) == nil)
  }

  @Test func whatIsNoTextIsRefused() async throws {
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    for value in ["a\0b", String(repeating: "x", count: PropertyOperations.longestValue + 1)] {
      let error = await #expect(throws: StoreError.self) {
        try await archive.setGlobalProperty(plugin, to: value)
      }
      #expect(error?.code == .badValue)
    }
    #expect(try await archive.globalProperties().isEmpty)
  }

  @Test func knownNumbersHaveNames() {
    #expect(GlobalProperty.modalities.name == "modalities" && GlobalProperty.peers.name == "peers")
    #expect(plugin.name == "DICOMweb plugin: DICOMweb servers")
    #expect(GlobalProperty(rawValue: 2000).name == "2000")
  }

  /// The archive's own mark once had a number that a plugin may use.
  @Test func anOldMarkMakesRoom() async throws {
    let folder = try TemporaryFolder()
    try makeArchive(folder).close()
    let queue = try DatabaseQueue(path: folder.path + "/storage/filmroom.index")
    try await queue.write { db in
      try SeriesPlaceTests.forget(db)
      try db.execute(
        sql: "UPDATE global_property SET property = 100000 WHERE property = -1; PRAGMA user_version = 6")
    }
    try queue.close()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    #expect(try await archive.globalProperties().isEmpty)
    #expect(
      try archive.index.readNow { try PropertyOperations.value($0, PropertyOperations.cleanShutdown) } == "0")
  }
}
