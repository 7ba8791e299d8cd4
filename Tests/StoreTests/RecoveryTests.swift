import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// What a start finds and does: leftovers of a crash, folders that are not ours, an index of another version.
@Suite struct RecoveryTests {
  private func refusal(_ open: () throws -> Archive) -> StoreError? {
    do {
      try open().close()
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    let queue = try DatabaseQueue(path: folder.path + "/storage/filmroom.index")
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// The name of the only file in the storage area.
  private func onlyFile(_ folder: TemporaryFolder) throws -> String {
    let name = try #require(folder.files(below: "storage").first { $0.split(separator: "/").count == 3 })
    return name
  }

  @Test func whatWasBeingWrittenGoesAndWhatIsIndexedStays() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let bytes = DataSetSamples.file()
    let stored = try await archive.add(bytes)
    archive.close()
    let storage = folder.path + "/storage"
    let file = try onlyFile(folder)
    let uuid = String(file.suffix(36))
    // A crash after the commit, before the first name went.
    try FileManager.default.linkItem(atPath: "\(storage)/\(file)", toPath: "\(storage)/incoming/\(uuid)")
    // A crash while writing, and one between the second name and the commit.
    let (half, whole) = ("11112222-0000-4000-8000-000000000001", "11112222-0000-4000-8000-000000000002")
    try folder.write([1, 2], to: "storage/incoming/\(half)")
    try folder.write(bytes, to: "storage/incoming/\(whole)")
    try FileManager.default.createDirectory(atPath: "\(storage)/11/11", withIntermediateDirectories: true)
    try FileManager.default.linkItem(
      atPath: "\(storage)/incoming/\(whole)", toPath: "\(storage)/11/11/\(whole)")
    // What has no name of ours is left alone.
    try folder.write([1], to: "storage/incoming/notes.txt")
    let again = try makeArchive(folder)
    #expect(folder.files(below: "storage/incoming") == ["notes.txt"])
    #expect(folder.files(below: "storage/11/11").isEmpty)
    #expect(try await again.bytes(of: stored.instance, in: 0..<bytes.count) == bytes)
    #expect(try again.faults().isEmpty)
    again.close()
  }

  @Test func imagesWithoutTheirIndexAreNotTakenForStrangers() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    archive.close()
    let before = folder.files(below: "storage")
    for name in ["", "-wal", "-shm"] {
      try? FileManager.default.moveItem(
        atPath: folder.path + "/storage/filmroom.index" + name, toPath: folder.path + "/away" + name)
    }
    let error = refusal { try makeArchive(folder) }
    #expect(error?.message.hasSuffix("filmroom.index is missing") == true, "\(String(describing: error))")
    #expect(folder.files(below: "storage") == before.filter { !$0.hasPrefix("filmroom.index") })
    try FileManager.default.moveItem(
      atPath: folder.path + "/away", toPath: folder.path + "/storage/filmroom.index")
    let again = try makeArchive(folder)
    #expect(try again.faults().isEmpty)
    again.close()
  }

  @Test func whatHadToGoGoesAtTheNextStart() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    archive.close()
    let uuid = String(try onlyFile(folder).suffix(36))
    // A crash between the commit of a deletion and the removal of its file.
    try change(
      folder,
      """
      DELETE FROM instance; DELETE FROM series; DELETE FROM study; DELETE FROM patient; DELETE FROM attachment;
      DELETE FROM change; DELETE FROM modality_totals; UPDATE totals SET patients = 0, studies = 0, series = 0, instances = 0, disk_size = 0,
        uncompressed_size = 0; INSERT INTO doomed_file VALUES ('\(uuid)')
      """)
    let again = try makeArchive(folder)
    #expect(!folder.files(below: "storage").contains { $0.hasSuffix(uuid) })
    #expect(try again.faults().isEmpty)
    #expect(try await again.add(DataSetSamples.file()).status == .stored)
    again.close()
  }

  @Test func aNewerIndexIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try makeArchive(folder).close()
    try change(folder, "PRAGMA user_version = \(IndexSchema.version + 1)")
    let error = refusal { try makeArchive(folder) }
    #expect(error?.code == .storageUnusable)
    #expect(error?.message.contains("newer Filmroom") == true)
    try change(folder, "PRAGMA user_version = \(IndexSchema.version)")
    #expect(refusal { try makeArchive(folder) } == nil)
  }

  @Test func anotherDatabaseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/storage", withIntermediateDirectories: true)
    try change(folder, "CREATE TABLE other (id INTEGER)")
    #expect(refusal { try makeArchive(folder) }?.message.contains("no index of Filmroom") == true)
    try folder.write(
      Array("this is text and long enough to be no database at all".utf8), to: "storage/filmroom.index")
    #expect(refusal { try makeArchive(folder) }?.code == .storageUnusable)
  }

  @Test func aDamagedIndexIsToldAtOnce() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for number in 1...50 {
      try await archive.add(DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number))
    }
    archive.close()
    try change(folder, "UPDATE global_property SET value = '0'")
    let path = folder.path + "/storage/filmroom.index"
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    let size = try file.seekToEnd()
    // All pages but the first: the header stays that of an index of ours.
    try file.seek(toOffset: 8192)
    try file.write(contentsOf: Data(repeating: 0x5A, count: Int(size) - 8192))
    try file.close()
    #expect(refusal { try makeArchive(folder) }?.code == .storageUnusable)
  }

  @Test(arguments: ["photo.jpg", "index"]) func foreignFoldersAreLeftAlone(name: String) throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    try FileManager.default.createDirectory(atPath: storage + "/0a/1b", withIntermediateDirectories: true)
    try folder.write([1], to: "storage/\(name)")
    let error = refusal { try makeArchive(folder) }
    #expect(error?.code == .storageUnusable)
    #expect(error?.message.contains(name == "index" ? "Orthanc" : "something else") == true)
    #expect(folder.files(below: "storage") == [name])
  }

  @Test func aFileInsteadOfAFolderGetsASentence() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "storage")
    #expect(refusal { try makeArchive(folder) }?.message.hasSuffix("storage is no folder") == true)
    #expect(refusal { try makeArchive(folder) { $0.storageFolder = "/proc/filmroom" } } != nil)
  }

  @Test func oneArchiveOwnsAFolder() throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let error = refusal { try makeArchive(folder) }
    #expect(error?.code == .storageInUse)
    #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
    archive.close()
    #expect(refusal { try makeArchive(folder) } == nil)
  }

  @Test func aClosedArchiveSaysSo() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    archive.close()
    let error = await #expect(throws: StoreError.self) { try await archive.add(DataSetSamples.file()) }
    #expect(error?.code == .closed)
    await #expect(throws: StoreError.self) { try await archive.totals() }
    #expect(folder.files(below: "storage/incoming").isEmpty)
  }
}
