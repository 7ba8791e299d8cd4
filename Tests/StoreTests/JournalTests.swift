import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// What the journal holds, and what a start makes of it after a crash.
@Suite struct JournalTests {
  private func bodies(_ count: Int, of size: Int = 40) -> [[UInt8]] {
    (0..<count).map { number in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 3 &+ number) } }
  }

  @Test func recordsAreReadBackInTheirOrder() throws {
    let folder = try TemporaryFolder()
    let journal = try IngestJournal(folder: folder.path + "/j", sequence: 7)
    try journal.append(bodies(3))
    try journal.append(bodies(2))
    try journal.sync()
    let records = try IngestJournal.records(in: folder.path + "/j")
    #expect(records.map(\.sequence) == [8, 9, 10, 11, 12])
    #expect(records.map(\.body) == bodies(3) + bodies(2))
    #expect(journal.sequence == 12)
    try journal.clear()
    #expect(try IngestJournal.records(in: folder.path + "/j").isEmpty)
  }

  @Test func whatIsTornOrDamagedEndsTheReading() throws {
    let folder = try TemporaryFolder()
    let journal = try IngestJournal(folder: folder.path + "/j", sequence: 0)
    try journal.append(bodies(4))
    let path = folder.path + "/j/0"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for position in [0, 5, 12, 17, 30] {
      var damaged = whole
      damaged[2 * 60 + position] ^= 0x40
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(try IngestJournal.records(in: folder.path + "/j").map(\.sequence) == [1, 2], "\(position)")
    }
    for length in [0, 10, 59, 61, 130] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(try IngestJournal.records(in: folder.path + "/j").count == length / 60)
    }
  }

  @Test func aSegmentThatIsFilledAgainShowsNothingOld() throws {
    let folder = try TemporaryFolder()
    let journal = try IngestJournal(folder: folder.path + "/j", sequence: 0)
    try journal.append(bodies(5))
    journal.switchSegments()
    try journal.append(bodies(2))
    #expect(try IngestJournal.records(in: folder.path + "/j").map(\.sequence) == Array(1...7))
    journal.otherIsFree()
    journal.switchSegments()
    try journal.append(bodies(1))
    // Record 8 lies over record 1; 2 to 5 behind it are of the round before.
    #expect(try IngestJournal.records(in: folder.path + "/j").map(\.sequence) == [6, 7, 8])
  }

  @Test func whatCouldNotBeSyncedIsWrittenOver() throws {
    let folder = try TemporaryFolder()
    let journal = try IngestJournal(folder: folder.path + "/j", sequence: 0)
    try journal.append(bodies(2))
    try journal.append(bodies(3))
    journal.takeBack()
    #expect(journal.sequence == 2)
    try journal.append([[7, 7, 7, 7]])
    let records = try IngestJournal.records(in: folder.path + "/j")
    #expect(records.prefix(3).map(\.sequence) == [1, 2, 3])
    #expect(records[2].body == [7, 7, 7, 7])
    // Once: what was synced before stays.
    journal.takeBack()
    journal.takeBack()
    #expect(journal.sequence == 2)
  }

  @Test func entriesComeBackAsTheyWere() throws {
    let file = StoredFile(
      uuid: UUIDText.make(folder: 0xABCD, high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)),
      size: 5, digest: .known(Array(0..<16)), bytes: [1, 2, 3, 4, 5])
    var entry = JournalEntry(
      IngestRules.prepare(
        InstanceSummary(tags: CollectedTags([]), syntax: .explicitLittleEndian), tags: MainDicomTags(),
        syntax: .explicitLittleEndian,
        origin: InstanceOrigin(.dicomProtocol, remoteIP: "::1", remoteAET: "CT é", calledAET: "F"),
        file: file,
        dataSetOffset: 3, date: 1_700_000_000))
    #expect(file.uuid.hasPrefix("abcd"))
    #expect(JournalEntry(entry.encoded()) == entry)
    entry.file.bytes = nil
    entry.file.digest = nil
    #expect(JournalEntry(entry.encoded()) == entry)
    // A field that is longer than any peer's can be is cut, and brings nothing down.
    var long = entry
    long.origin.httpUsername = String(repeating: "x", count: 70_000)
    #expect(JournalEntry(long.encoded())?.origin.httpUsername.utf8.count == 65_535)
    for length in 0..<entry.encoded().count {
      #expect(JournalEntry(Array(entry.encoded().prefix(length))) == nil)
    }
  }

  // MARK: Crashes

  /// What a crash leaves: the folder as it is while the archive is open.
  private func crash(_ folder: TemporaryFolder, _ name: String) throws -> ArchiveConfiguration {
    let copy = folder.path + "/" + name
    // A file that was deleted may go in the middle of the copying.
    for _ in 1..<10 {
      do {
        try FileManager.default.copyItem(atPath: folder.path + "/storage", toPath: copy)
        break
      } catch CocoaError.fileNoSuchFile {
        try FileManager.default.removeItem(atPath: copy)
      }
    }
    return ArchiveConfiguration(storageFolder: copy)
  }

  private func open(_ configuration: ArchiveConfiguration) throws -> Archive {
    try makeArchive(TemporaryFolder()) { $0 = configuration }
  }

  /// Small instances and one that is larger than the journal takes.
  private func fill(_ archive: Archive) async throws -> [(PublicID, [UInt8])] {
    var stored: [(PublicID, [UInt8])] = []
    for number in 1...12 {
      let bytes = DataSetSamples.file(
        instance: "1.2.3.4.\(number)", number: number, pixels: number == 5 ? 100_000 : 64)
      stored.append((try await archive.add(bytes).instance, bytes))
    }
    return stored
  }

  private func check(_ configuration: ArchiveConfiguration, _ stored: [(PublicID, [UInt8])]) async throws {
    let archive = try open(configuration)
    #expect(try await archive.totals().instances == stored.count)
    for (id, bytes) in stored {
      #expect(try await archive.bytes(of: id, in: 0..<bytes.count + 1) == bytes)
    }
    #expect(try archive.faults().isEmpty)
    // Also of files whose MD5 was not known yet when they were acknowledged.
    #expect(try archive.attachmentPage(after: (0, 0, 0)).allSatisfy { $0.row.md5?.count == 16 })
    archive.close()
  }

  @Test func afterAKillEverythingIsThere() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let stored = try await fill(archive)
    try await check(try crash(folder, "copy"), stored)
    archive.close()
    #expect(try IngestJournal.records(in: folder.path + "/storage/journal").isEmpty)
  }

  @Test func anIndexThatLostItsLastCommitsIsMadeWhole() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let before = try crash(folder, "before")
    let stored = try await fill(archive)
    let after = try crash(folder, "after")
    // A power cut took what the index had not synced.
    for name in ["filmroom.index", "filmroom.index-wal", "filmroom.index-shm"] {
      let target = after.storageFolder + "/" + name
      try? FileManager.default.removeItem(atPath: target)
      try? FileManager.default.copyItem(atPath: before.storageFolder + "/" + name, toPath: target)
    }
    try await check(after, stored)
    // And once more: the first start has left nothing to do.
    try await check(after, stored)
    archive.close()
  }

  @Test func filesThatWereNotSyncedAreWrittenAgain() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let stored = try await fill(archive)
    let copy = try crash(folder, "copy")
    let files = StorageArea(root: copy.storageFolder)
    var number = 0
    files.forEachFile { name, path in
      number += 1
      let size = (try? OpenFile(path).size) ?? 0
      // The large one was synced before it was acknowledged.
      if size > 65_536 { return }
      switch number % 3 {
      case 0: unlink(path)
      case 1: truncate(path, 0)
      default: truncate(path, off_t(size - 1))
      }
    }
    try await check(copy, stored)
    archive.close()
  }

  @Test func whatWasDeletedStaysDeleted() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let stored = try await fill(archive)
    _ = try await archive.delete([ResourceReference(.instance, stored[3].0)])
    let copy = try crash(folder, "copy")
    try await check(copy, stored.enumerated().filter { $0.offset != 3 }.map(\.element))
    archive.close()
  }

  @Test func overwritingIsReplayedInItsOrder() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.overwriteInstances = true }
    let before = try crash(folder, "before")
    try await archive.add(DataSetSamples.file(pixels: 10))
    let second = DataSetSamples.file(pixels: 20)
    let id = try await archive.add(second).instance
    var after = try crash(folder, "after")
    after.overwriteInstances = true
    for name in ["filmroom.index", "filmroom.index-wal", "filmroom.index-shm"] {
      let target = after.storageFolder + "/" + name
      try? FileManager.default.removeItem(atPath: target)
      try? FileManager.default.copyItem(atPath: before.storageFolder + "/" + name, toPath: target)
    }
    try await check(after, [(id, second)])
    archive.close()
  }

  @Test func manySegmentsAreGoneThrough() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    // 60 kB each: three segments and more.
    let stored = try await withThrowingTaskGroup(of: (PublicID, [UInt8]).self) { group in
      for task in 0..<4 {
        group.addTask {
          var last: (PublicID, [UInt8])?
          for number in 1...250 {
            let bytes = DataSetSamples.file(
              instance: "1.2.3.\(task).\(number)", number: number, pixels: 60_000)
            last = (try await archive.add(bytes).instance, bytes)
          }
          return try #require(last)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let copy = try crash(folder, "copy")
    let again = try open(copy)
    #expect(try await again.totals().instances == 1000)
    for (id, bytes) in stored { #expect(try await again.bytes(of: id, in: 0..<bytes.count) == bytes) }
    #expect(try again.faults().isEmpty)
    again.close()
    archive.close()
  }

  @Test func onlyEditsAreSyncedAtTheirCommit() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file())
    #expect(try await archive.synchronous() == 1)
    let study = try #require(try await archive.rows(.study).first)
    try await archive.editLabels(adding: ["a"], removing: [], on: [study.reference])
    #expect(try await archive.synchronous() == 2)
    archive.close()
  }

  // MARK: What was acknowledged and can't be indexed

  /// As a modality sends it: answered as soon as it is durable.
  private func receive(_ archive: Archive, _ number: Int) async throws -> Result<StoreResult, StoreError> {
    let bytes = DataSetWriter.encode(
      DataSetSamples.instance(instance: "1.2.3.4.\(number)", number: number), as: .explicitLittleEndian)
    let receiver = try archive.receive(
      IncomingInstance(
        origin: InstanceOrigin(.dicomProtocol), transferSyntax: .explicitLittleEndian,
        sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: UID("1.2.3.4.\(number)")))
    try bytes.withUnsafeBytes { try receiver.append($0) }
    return await withCheckedContinuation { continuation in
      receiver.finish { continuation.resume(returning: $0) }
    }
  }

  @Test func whoeverReadsSeesEverythingThatWasAcknowledged() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for number in 1...30 {
      _ = try await receive(archive, number).get()
      #expect(try await archive.totals().instances == number)
    }
    // A second time: acknowledged, and not kept twice.
    _ = try await receive(archive, 7).get()
    #expect(try await archive.totals().instances == 30)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func whatCantBeIndexedNowIsIndexedLater() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    _ = try await receive(archive, 1).get()
    #expect(try await archive.totals().instances == 1)
    try await archive.index.pool.writeWithoutTransaction {
      try $0.execute(sql: "ALTER TABLE attachment RENAME TO away")
    }
    _ = try await receive(archive, 2).get()
    #expect(try await archive.totals().instances == 1)
    // Nothing more is promised meanwhile.
    await #expect(throws: StoreError.self) { try await receive(archive, 3).get() }
    #expect(archive.storageProblem() != nil)
    let copy = try crash(folder, "copy")
    try await archive.index.pool.writeWithoutTransaction {
      try $0.execute(sql: "ALTER TABLE away RENAME TO attachment")
    }
    #expect(try await eventually { try await archive.totals().instances == 2 })
    _ = try await receive(archive, 3).get()
    #expect(try await archive.totals().instances == 3)
    #expect(archive.storageProblem() == nil)
    #expect(try archive.faults().isEmpty)
    archive.close()
    // A crash in between: the journal has it.
    let queue = try DatabaseQueue(path: copy.storageFolder + "/filmroom.index")
    try await queue.writeWithoutTransaction { try $0.execute(sql: "ALTER TABLE away RENAME TO attachment") }
    try queue.close()
    let again = try open(copy)
    #expect(try await again.totals().instances == 2)
    #expect(try again.faults().isEmpty)
    again.close()
  }
}

extension JournalTests {
  @Test func filesOfTheIndexAreTold() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    for number in 1...5 {
      try await archive.add(DataSetSamples.file(instance: "1.\(number)", number: number))
    }
    let files = try archive.index.readNow {
      try String.fetchAll($0, sql: "SELECT uuid FROM attachment ORDER BY resource")
    }
    let asked = Set(files.prefix(2) + ["a file of nobody"])
    #expect(
      try archive.index.readNow { try JournalOperations.known($0, files: asked) } == Set(files.prefix(2)))
    #expect(try archive.index.readNow { try JournalOperations.known($0, files: []) }.isEmpty)
    archive.close()
  }
}

extension JournalTests {
  /// The room that is kept between two appends holds nothing over.
  @Test func whatWasAppendedBeforeIsNotWrittenAgain() throws {
    let folder = try TemporaryFolder()
    let journal = try IngestJournal(folder: folder.path + "/j", sequence: 0)
    let large = bodies(3, of: 600_000)
    try journal.append(large)
    try journal.append(bodies(1))
    journal.takeBack()
    try journal.append([[1, 2, 3]])
    try journal.append([])
    try journal.append(bodies(2))
    try journal.sync()
    let records = try IngestJournal.records(in: folder.path + "/j")
    #expect(records.map(\.body) == large + [[1, 2, 3]] + bodies(2))
    #expect(records.map(\.sequence) == Array(1...6))
  }

  @Test func theMD5OfASmallFileIsToCome() throws {
    let content: [UInt8] = [1, 2, 3, 4, 5]
    let plain = try StoredFile(
      uuid: FileNames().next(), content: content, isCompressed: false, hasDigest: true)
    let entry = try #require(JournalEntry(Self.entry(plain).encoded()))
    #expect(entry.lacksDigest && entry.file.digest == nil && entry.file.bytes == content)
    #expect(plain.md5.map(Hex.text) == "7cfdd07889b3295d6a550914ab35e068")
    #expect(plain.diskMD5 == plain.md5)
    let packed = try StoredFile(
      uuid: FileNames().next(), content: content, isCompressed: true, hasDigest: true)
    #expect(JournalEntry(Self.entry(packed).encoded()) == Self.entry(packed))
    #expect(!Self.entry(packed).lacksDigest && packed.md5 == plain.md5 && packed.diskMD5 != packed.md5)
    let without = try StoredFile(
      uuid: FileNames().next(), content: content, isCompressed: false, hasDigest: false)
    #expect(!Self.entry(without).lacksDigest && without.md5 == nil)
  }

  private static func entry(_ file: StoredFile) -> JournalEntry {
    JournalEntry(
      IngestRules.prepare(
        InstanceSummary(tags: CollectedTags([]), syntax: .explicitLittleEndian), tags: MainDicomTags(),
        syntax: .explicitLittleEndian, origin: InstanceOrigin(.dicomProtocol), file: file, dataSetOffset: 0,
        date: 0))
  }
}

extension JournalEntry {
  fileprivate func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    encode(to: &bytes)
    return bytes
  }
}

extension IngestJournal {
  fileprivate func append(_ bodies: [[UInt8]]) throws(StoreError) {
    try append(bodies.count) { index, bytes in bytes += bodies[index] }
  }
}

extension Archive {
  /// How the last transaction was synced: 1 not at its commit, 2 in full.
  fileprivate func synchronous() async throws -> Int? {
    try await index.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }
}
