import DICOM
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

/// Where what was acknowledged can't be written where it belongs, nothing is lost, and nobody waits for ever.
@Suite struct BlockedIndexTests {
  /// Takes the place of every folder that files would go to, as a disk that takes nothing more does.
  private func block(_ root: String, while isBlocked: Bool) throws {
    for number in 0...255 {
      let path = root + "/" + String(format: "%02x", number)
      if isBlocked {
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
      } else {
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  /// More than one transaction takes.
  @Test func whoAsksIsAnsweredWhileNothingCanBeIndexed() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let root = folder.path + "/storage"
    try block(root, while: true)
    let summary = InstanceSummary(tags: CollectedTags([]), syntax: .explicitLittleEndian)
    let count = IndexWorkQueue.most + 100
    for number in 1...count {
      let file = StoredFile(uuid: FileNames().next(), size: 3, digest: nil, bytes: [1, 2, 3])
      let instance = IngestRules.prepare(
        summary, tags: MainDicomTags(), syntax: .explicitLittleEndian, origin: InstanceOrigin(.dicomProtocol),
        file: file, dataSetOffset: 0, date: 0)
      archive.committer.index(
        .init(instance: instance, sequence: UInt64(number), overwrite: false, isAwaited: false))
    }
    let done = Mutex<[String]>([])
    Task.detached {
      await archive.committer.settle()
      done.withLock { $0.append("settled") }
    }
    archive.committer.edit({ _ in EditEffects() }) { _ in done.withLock { $0.append("edited") } }
    #expect(await eventually(within: 60) { done.withLock { $0.count == 2 } })
    #expect(archive.committer.waitForRoom() != nil)
    try block(root, while: false)
    #expect(await eventually(within: 60) { archive.committer.hasRoom })
    #expect(archive.committer.settleNow() == nil)
    #expect(try await archive.totals().instances == 1)
    archive.close()
  }

  /// The first of two can't be written at the start: both stay for the next one, the large one's file too.
  @Test(arguments: [[64, 100_000], [100_000, 64], [64, 64]])
  func aStartThatFailsLosesNothing(pixels: [Int]) async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let before = folder.path + "/before"
    try FileManager.default.copyItem(atPath: folder.path + "/storage", toPath: before)
    var stored: [(PublicID, [UInt8])] = []
    for (number, count) in pixels.enumerated() {
      let bytes = DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number, pixels: count)
      stored.append((try await archive.add(bytes).instance, bytes))
    }
    let copy = folder.path + "/copy"
    try FileManager.default.copyItem(atPath: folder.path + "/storage", toPath: copy)
    archive.close()
    // A power cut took what the index had not synced.
    for name in ["filmroom.index", "filmroom.index-wal", "filmroom.index-shm"] {
      try? FileManager.default.removeItem(atPath: copy + "/" + name)
      try? FileManager.default.copyItem(atPath: before + "/" + name, toPath: copy + "/" + name)
    }
    let area = StorageArea(root: copy)
    let small = try #require(
      IngestJournal.records(in: area.journal).compactMap { JournalEntry($0.body)?.file }
        .first { $0.bytes != nil })
    unlink(area.path(of: small.uuid))
    try FileManager.default.createDirectory(
      atPath: area.path(of: small.uuid), withIntermediateDirectories: true)
    for _ in 0..<2 {
      #expect(throws: StoreError.self) {
        try makeArchive(TemporaryFolder()) { $0 = ArchiveConfiguration(storageFolder: copy) }
      }
    }
    rmdir(area.path(of: small.uuid))
    let again = try makeArchive(TemporaryFolder()) { $0 = ArchiveConfiguration(storageFolder: copy) }
    #expect(try await again.totals().instances == 2)
    for (id, bytes) in stored {
      #expect(try await again.bytes(of: id, in: 0..<bytes.count + 1) == bytes)
    }
    #expect(try again.faults().isEmpty)
    again.close()
  }
}
