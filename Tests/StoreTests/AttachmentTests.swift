import Crypto
import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// User-defined attachments: set, read, replaced, deleted, counted.
@Suite struct AttachmentTests {
  static let report = AttachmentType(rawValue: 1024)
  static let other = AttachmentType(rawValue: 1025)

  /// An archive of two instances in one series, and its resources from the patient down.
  private func filled(
    _ folder: TemporaryFolder, isCompressed: Bool
  ) async throws -> (Archive, [ResourceReference]) {
    let archive = try makeArchive(folder) {
      $0.compressesStorage = isCompressed
      $0.userAttachments = ["report": UserAttachmentType(Self.report, mimeType: "application/pdf")]
    }
    let id = try await archive.add(DataSetSamples.file(pixels: 70_000)).instance
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.6", number: 2))
    let detail = try #require(try await archive.detail(of: ResourceReference(.instance, id)))
    return (archive, detail.ancestors.map(\.reference) + [detail.row.reference])
  }

  private func read(
    _ archive: Archive, _ type: AttachmentType, _ resource: ResourceReference
  ) async throws -> [UInt8] {
    let content = try await archive.content(of: type, of: resource)
    return try content.read(at: 0, count: content.size)
  }

  /// What `row` of each level counts, from the patient down.
  private func sizes(_ archive: Archive, _ chain: [ResourceReference]) async throws -> [Int64] {
    var sizes: [Int64] = []
    for resource in chain { sizes.append(try #require(try await archive.detail(of: resource)).row.diskSize) }
    return sizes
  }

  private func refusal(_ body: () async throws -> Void) async -> StoreError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? StoreError
    }
  }

  @Test(arguments: [false, true]) func everyLevelHasThem(isCompressed: Bool) async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: isCompressed)
    var before = try await sizes(archive, chain)
    for (depth, resource) in chain.enumerated() {
      let bytes = CompressionTests.sample(10_000 + depth * 200_000)
      #expect(
        try await archive.setAttachment(Self.report, to: bytes, expecting: .absent, of: resource) == 0)
      #expect(try await read(archive, Self.report, resource) == bytes)
      let info = try await archive.attachment(Self.report, of: resource)
      #expect(info.name == "report" && info.mimeType == "application/pdf" && info.revision == 0)
      #expect(info.isCompressed == isCompressed && info.uncompressedSize == Int64(bytes.count))
      #expect(info.md5 == Hex.text(Array(Insecure.MD5.hash(data: bytes))))
      #expect((info.diskMD5 != info.md5) == isCompressed)
      #expect(try await archive.verify(Self.report, of: resource) == nil)
      // It counts where it is and above, not below.
      let after = try await sizes(archive, chain)
      #expect(zip(after, before).map { $0 - $1 } == (0..<4).map { $0 <= depth ? info.diskSize : 0 })
      before = after
      #expect(try archive.faults().isEmpty, "\(resource.level)")
    }
    #expect(try await archive.totals().diskSize == before[0])
    let all = try await archive.attachments(of: chain[3]).map(\.type)
    #expect(all == [.dicom] + (isCompressed ? [.dicomUntilPixelData] : []) + [Self.report])
    // One instance goes with its own; the series' stays.
    _ = try await archive.delete([chain[3]])
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    #expect(try await read(archive, Self.report, chain[2]) == CompressionTests.sample(410_000))
    // The last one takes all with it.
    _ = try await archive.delete([chain[0]])
    #expect(
      await eventually { folder.stored().isEmpty })
    #expect(try await archive.totals() == ArchiveTotals())
    archive.close()
  }

  @Test func replacingAsksForTheRevision() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: false)
    let study = chain[1]
    let before = try await archive.totals()
    #expect(try await archive.setAttachment(Self.report, to: [1], expecting: .absent, of: study) == 0)
    let taken = await refusal {
      _ = try await archive.setAttachment(Self.report, to: [2], expecting: .absent, of: study)
    }
    #expect(taken?.code == .revisionConflict)
    #expect(taken?.message == "somebody else changed attachment report: expected none, it is at revision 0")
    #expect(
      try await archive.setAttachment(Self.report, to: [3, 3], expecting: .revision(0), of: study) == 1)
    let stale = await refusal {
      _ = try await archive.setAttachment(Self.report, to: [4], expecting: .revision(0), of: study)
    }
    #expect(stale?.message.contains("expected revision 0, it is at revision 1") == true)
    #expect(try await read(archive, Self.report, study) == [3, 3])
    #expect(try await archive.setAttachment(Self.report, to: [5, 5, 5], expecting: .any, of: study) == 2)
    #expect(try await archive.totals().diskSize == before.diskSize + 3)
    let wrong = await refusal {
      try await archive.removeAttachment(Self.report, expecting: .revision(1), of: study)
    }
    #expect(wrong?.code == .revisionConflict)
    try await archive.removeAttachment(Self.report, expecting: .revision(2), of: study)
    #expect(
      await refusal { try await archive.removeAttachment(Self.report, expecting: .any, of: study) }?.code
        == .notFound)
    #expect(await refusal { _ = try await archive.attachment(Self.report, of: study) }?.code == .notFound)
    let gone = await refusal {
      _ = try await archive.setAttachment(Self.report, to: [4], expecting: .revision(2), of: study)
    }
    #expect(gone?.message.contains("expected revision 2, it is gone") == true)
    #expect(try await archive.totals() == before)
    // What was refused or replaced has left nothing behind.
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    #expect(folder.arriving().isEmpty)
    let changes = try await archive.changes(before: nil, limit: 100).filter { $0.type == .updatedAttachment }
    #expect(changes.count == 4 && changes.allSatisfy { $0.resource == study })
    archive.close()
  }

  @Test func coreOnesAreProtected() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: true)
    let instance = chain[3]
    for type in [AttachmentType.dicom, .dicomAsJSON, .dicomUntilPixelData, AttachmentType(rawValue: 1023)] {
      let set = await refusal {
        _ = try await archive.setAttachment(type, to: [1], expecting: .any, of: instance)
      }
      #expect(set?.code == .readOnly, "\(type)")
    }
    for type in [AttachmentType.dicom, AttachmentType(rawValue: 4)] {
      let removal = await refusal { try await archive.removeAttachment(type, expecting: .any, of: instance) }
      #expect(removal?.code == .readOnly, "\(type)")
    }
    let json = await refusal {
      try await archive.removeAttachment(.dicomAsJSON, expecting: .any, of: instance)
    }
    #expect(json?.code == .notFound)
    try await archive.removeAttachment(.dicomUntilPixelData, expecting: .any, of: instance)
    #expect(try await archive.attachments(of: instance).map(\.type) == [.dicom])
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    let nobody = ResourceReference(.study, PublicID(dicomIdentifiers: ["nobody", "1"]))
    #expect(
      await refusal {
        _ = try await archive.setAttachment(Self.report, to: [1], expecting: .any, of: nobody)
      }?
      .code == .notFound)
    archive.close()
  }

  @Test func namesAndNumbersStandForTypes() async throws {
    let folder = try TemporaryFolder()
    let (archive, _) = try await filled(folder, isCompressed: false)
    #expect(try archive.attachmentType(named: "report") == Self.report)
    #expect(try archive.attachmentType(named: "2000").rawValue == 2000)
    #expect(try archive.attachmentType(named: "dicom-until-pixel-data") == .dicomUntilPixelData)
    for name in ["nothing", "0", "70000", ""] {
      #expect(await refusal { _ = try archive.attachmentType(named: name) }?.code == .badValue, "\(name)")
    }
    #expect(archive.userAttachmentTypes.map(\.name) == ["report"])
    archive.close()
  }

  @Test func eachCanBeCompressedAndUncompressed() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: false)
    let (study, instance) = (chain[1], chain[3])
    let bytes = CompressionTests.sample(3_000_000)
    _ = try await archive.setAttachment(Self.report, to: bytes, expecting: .absent, of: study)
    _ = try await archive.setAttachment(Self.other, to: [], expecting: .absent, of: study)
    let image = try await read(archive, .dicom, instance)
    for (type, resource, content) in [(Self.report, study, bytes), (.dicom, instance, image)] {
      let before = try await archive.attachment(type, of: resource)
      let total = try await archive.totals()
      #expect(try await archive.uncompressAttachment(type, of: resource) == false)
      #expect(try await archive.compressAttachment(type, of: resource))
      #expect(try await archive.compressAttachment(type, of: resource) == false)
      let packed = try await archive.attachment(type, of: resource)
      #expect(packed.isCompressed && packed.md5 == before.md5 && packed.revision == before.revision)
      #expect(packed.diskSize < before.diskSize && packed.diskMD5 != before.diskMD5)
      #expect(try await archive.totals().diskSize == total.diskSize + packed.diskSize - before.diskSize)
      #expect(try await read(archive, type, resource) == content)
      #expect(await eventually { (try? archive.faults().isEmpty) == true })
      #expect(try await archive.uncompressAttachment(type, of: resource))
      var after = try await archive.attachment(type, of: resource)
      after.uuid = before.uuid
      #expect(after == before)
      #expect(try await archive.totals() == total)
      #expect(await eventually { (try? archive.faults().isEmpty) == true })
    }
    #expect(try await archive.compressAttachment(Self.other, of: study) == false)
    #expect(try await read(archive, Self.other, study).isEmpty)
    archive.close()
  }

  @Test func anEmptyOneIsFineWithCompressionToo() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: true)
    _ = try await archive.setAttachment(Self.report, to: [], expecting: .absent, of: chain[0])
    let info = try await archive.attachment(Self.report, of: chain[0])
    #expect(info.diskSize == 0 && info.uncompressedSize == 0 && !info.isCompressed)
    #expect(info.md5 == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(try await read(archive, Self.report, chain[0]).isEmpty)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func whatIsDamagedIsNotCompressedAndIsTold() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: true)
    _ = try await archive.setAttachment(
      Self.report, to: CompressionTests.sample(50_000), expecting: .absent, of: chain[1])
    let info = try await archive.attachment(Self.report, of: chain[1])
    let path = archive.storage.path(of: info.uuid)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[bytes.count / 2] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try await archive.verify(Self.report, of: chain[1])?.kind == .wrongContent)
    #expect(try archive.faults(deep: false).isEmpty)
    #expect(try archive.faults(deep: true).map(\.kind) == [.wrongContent])
    await #expect(throws: StoreError.self) {
      _ = try await archive.uncompressAttachment(Self.report, of: chain[1])
    }
    #expect(try await archive.attachment(Self.report, of: chain[1]) == info)
    #expect(folder.arriving().isEmpty)
    archive.close()
  }

  @Test func oneThatIsReadStaysReadableWhenItIsReplaced() async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: true)
    let bytes = CompressionTests.sample(900_000)
    _ = try await archive.setAttachment(Self.report, to: bytes, expecting: .absent, of: chain[1])
    let content = try await archive.content(of: Self.report, of: chain[1])
    let uuid = try await archive.attachment(Self.report, of: chain[1]).uuid
    #expect(try content.read(at: 0, count: 1000) == Array(bytes.prefix(1000)))
    _ = try await archive.setAttachment(Self.report, to: [1], expecting: .revision(0), of: chain[1])
    #expect(await eventually { archive.storage.isMissing(uuid) })
    #expect(try content.read(at: 1000, count: 900_000) == Array(bytes.dropFirst(1000)))
    archive.close()
  }

  // MARK: Crashes

  /// The archive as a crash leaves it, opened: what it has of the study's attachment.
  private func afterCrash(
    _ folder: TemporaryFolder, _ name: String, _ study: ResourceReference
  ) async throws -> [UInt8]? {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: folder.path + "/storage", toPath: folder.path + "/\(name)/storage")
    let archive = try Archive(
      ArchiveConfiguration(storageFolder: folder.path + "/\(name)/storage"), logger: makeLogger())
    defer { archive.close() }
    #expect(try archive.faults().isEmpty, "\(name)")
    #expect(folder.files(below: "\(name)/storage/incoming").isEmpty, "\(name)")
    // No more files than the index has.
    let files = folder.files(below: "\(name)/storage").filter { $0.split(separator: "/").count == 3 }
    let known = try archive.index.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM attachment") }
    #expect(files.count == known, "\(name)")
    guard try await archive.attachments(of: study).contains(where: { $0.type == Self.report }) else {
      return nil
    }
    return try await read(archive, Self.report, study)
  }

  @Test(arguments: [false, true]) func aCrashAtAnyStepLeavesOldOrNew(isCompressed: Bool) async throws {
    let folder = try TemporaryFolder()
    let (archive, chain) = try await filled(folder, isCompressed: isCompressed)
    let study = chain[1]
    let (old, new) = (CompressionTests.sample(400_000), CompressionTests.sample(300_000, seed: 9))
    _ = try await archive.setAttachment(Self.report, to: old, expecting: .absent, of: study)
    // Names that are being made while the folder is copied could be in it by half.
    archive.storage.lastingNames.waitUntilMade()
    // While it is written.
    let file = try StorageFile(
      storage: archive.storage, isCompressed: isCompressed, hasDigest: true)
    try new.withUnsafeBytes { try file.append($0) }
    #expect(try await afterCrash(folder, "writing", study) == old)
    // Durable, and the index does not know it yet.
    try file.complete()
    let stored = try file.publish()
    #expect(try await afterCrash(folder, "durable", study) == old)
    // Committed; both files are there, and the first name of the new one.
    let present = try await archive.attachment(Self.report, of: study)
    try await archive.committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, study)
      _ = try AttachmentOperations.set(
        db, AttachmentRow(Self.report, stored, revision: 0),
        if: archive.revisionCheck(.revision(0), "attachment report"), study, key: key)
      return EditEffects()
    }
    #expect(!archive.storage.isMissing(present.uuid))
    #expect(try await afterCrash(folder, "committed", study) == new)
    archive.storage.forgetIncoming(stored.uuid)
    // The old file has gone, and is still to be forgotten.
    archive.storage.remove(present.uuid)
    #expect(try await afterCrash(folder, "removed", study) == new)
    // The same for a deletion.
    try await archive.committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, study)
      _ = try AttachmentOperations.remove(
        db, Self.report, if: archive.revisionCheck(.revision(1), "attachment report"), study, key: key)
      return EditEffects()
    }
    #expect(!archive.storage.isMissing(stored.uuid))
    #expect(try await afterCrash(folder, "deleted", study) == nil)
    archive.close()
  }
}

/// Attachments larger than what may be in memory.
@Suite(.serialized) struct LargeAttachmentTests {
  private static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }

  /// 256 MB; FILMROOM_LARGE_ATTACHMENT names another number of megabytes, over 4 GiB for instance.
  static let megabytes =
    ProcessInfo.processInfo.environment["FILMROOM_LARGE_ATTACHMENT"].flatMap { Int($0) } ?? 256

  @Test(arguments: [false, true]) func goInAndOutInLittleMemory(isCompressed: Bool) async throws {
    // Other tests take memory of this process too: the least of some tries counts, and that generously.
    var growth = Int.max
    for _ in 0..<5 where growth >= 128 << 20 { growth = min(growth, try await passThrough(isCompressed)) }
    #expect(growth < 128 << 20, "\(growth >> 20) MB")
  }

  /// Puts an attachment in and gets it out; returns by how many bytes the process grew meanwhile.
  private func passThrough(_ isCompressed: Bool) async throws -> Int {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.compressesStorage = isCompressed }
    let id = try await archive.add(DataSetSamples.file()).instance
    let resource = ResourceReference(.instance, id)
    let piece = CompressionTests.sample(1 << 20)
    let before = Self.residentBytes()
    var most = before
    var digest = Insecure.MD5()
    let writer = try await archive.writeAttachment(AttachmentTests.report, of: resource)
    for number in 0..<Self.megabytes {
      var own = piece
      own.withUnsafeMutableBytes { $0.storeBytes(of: UInt32(number), as: UInt32.self) }
      digest.update(data: own)
      try own.withUnsafeBytes { try writer.append($0) }
      most = max(most, Self.residentBytes())
    }
    #expect(try await writer.finish(expecting: .absent) == 0)
    let info = try await archive.attachment(AttachmentTests.report, of: resource)
    #expect(info.uncompressedSize == Int64(Self.megabytes) << 20)
    #expect(info.md5 == Hex.text(Array(digest.finalize())))
    let content = try await archive.content(of: AttachmentTests.report, of: resource)
    for number in 0..<Self.megabytes {
      let bytes = try content.read(at: number << 20, count: 1 << 20)
      var expected = piece
      expected.withUnsafeMutableBytes { $0.storeBytes(of: UInt32(number), as: UInt32.self) }
      if bytes != expected { Issue.record("megabyte \(number) is wrong") }
      most = max(most, Self.residentBytes())
    }
    #expect(try await archive.verify(AttachmentTests.report, of: resource) == nil)
    try await archive.removeAttachment(AttachmentTests.report, expecting: .revision(0), of: resource)
    #expect(await eventually { archive.storage.isMissing(info.uuid) })
    archive.close()
    return most - before
  }
}
