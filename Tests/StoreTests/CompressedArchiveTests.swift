import Crypto
import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// An archive with `StorageCompression`.
@Suite struct CompressedArchiveTests {
  private func open(_ folder: TemporaryFolder, isCompressed: Bool = true) throws -> Archive {
    try makeArchive(folder) { $0.compressesStorage = isCompressed }
  }

  private func attachments(_ archive: Archive, _ instance: PublicID) async throws -> [AttachmentInfo] {
    try await archive.attachments(of: ResourceReference(.instance, instance))
  }

  private func onDisk(_ archive: Archive, _ attachment: AttachmentInfo) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: archive.storage.path(of: attachment.uuid))))
  }

  /// One instance that the journal takes, one that is a file at once, one that is hashed from the disk.
  @Test(arguments: [400, 300_000, 6_000_000]) func contentComesBackAndBothSizesAreKept(pixels: Int)
    async throws
  {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    let noise = DataElement(.pixelData, .OW, bytes: CompressionTests.sample(pixels))
    let bytes = DataSetSamples.file(extra: [noise])
    let id = try await archive.add(bytes).instance
    #expect(try await archive.bytes(of: id, in: 0..<bytes.count * 2) == bytes)
    let files = try await attachments(archive, id)
    #expect(files.map(\.type) == [.dicom, .dicomUntilPixelData])
    for file in files {
      let disk = try onDisk(archive, file)
      #expect(file.isCompressed && file.diskSize == Int64(disk.count))
      #expect(file.diskMD5 == Hex.text(Array(Insecure.MD5.hash(data: disk))))
    }
    let dicom = try #require(files.first)
    #expect(dicom.uncompressedSize == Int64(bytes.count) && dicom.diskSize < dicom.uncompressedSize)
    #expect(dicom.md5 == Hex.text(Array(Insecure.MD5.hash(data: bytes))))
    // The head: everything in front of Pixel Data, byte for byte.
    let head = try await archive.content(of: .dicomUntilPixelData, of: ResourceReference(.instance, id))
    let start = try head.read(at: 0, count: 100_000)
    #expect(start == Array(bytes.prefix(head.size)))
    #expect(Array(bytes[head.size..<head.size + 4]) == [0xE0, 0x7F, 0x10, 0])
    #expect(try archive.faults().isEmpty)
    let totals = try await archive.totals()
    #expect(totals.diskSize == files.reduce(0) { $0 + $1.diskSize })
    #expect(totals.uncompressedSize == files.reduce(0) { $0 + $1.uncompressedSize })
    for level in ResourceLevel.allCases {
      let row = try #require(try await archive.rows(level).first)
      #expect(row.diskSize == totals.diskSize, "\(level)")
      let detail = try #require(try await archive.detail(of: row.reference))
      #expect(detail.uncompressedSize == totals.uncompressedSize, "\(level)")
    }
    archive.close()
  }

  @Test func tagsAreReadFromTheHeadAndAreTheSame() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    let bytes = DataSetSamples.file(pixels: 500_000)
    let id = try await archive.add(bytes).instance
    let plain = try TagTree.read(size: bytes.count) { Array(bytes[$0..<min(bytes.count, $0 + $1)]) }
    #expect(try await archive.tags(of: id) == plain)
    // Without one the file itself has it all.
    _ = try await archive.removeAttachment(
      .dicomUntilPixelData, expecting: .any, of: ResourceReference(.instance, id))
    #expect(try await archive.tags(of: id) == plain)
    archive.close()
  }

  @Test func withoutPixelDataThereIsNoHead() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    var dataSet = DataSetSamples.instance()
    dataSet[.pixelData] = nil
    let id = try await archive.add(DataSetWriter.encodeFile(dataSet, as: .explicitLittleEndian)).instance
    #expect(try await attachments(archive, id).map(\.type) == [.dicom])
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func mixedArchivesAreFine() async throws {
    let folder = try TemporaryFolder()
    var stored: [(PublicID, [UInt8])] = []
    for (number, isCompressed) in [true, false, true, false].enumerated() {
      let archive = try open(folder, isCompressed: isCompressed)
      for pixels in [100, 200_000] {
        let bytes = DataSetSamples.file(
          instance: "1.2.3.4.\(number).\(pixels)", number: number, pixels: pixels)
        stored.append((try await archive.add(bytes).instance, bytes))
      }
      for (id, bytes) in stored { #expect(try await archive.bytes(of: id, in: 0..<bytes.count + 1) == bytes) }
      #expect(try archive.faults().isEmpty)
      archive.close()
    }
  }

  @Test func overwritingReplacesBothFiles() async throws {
    let folder = try TemporaryFolder()
    func open(_ isCompressed: Bool) throws -> Archive {
      try makeArchive(folder) {
        $0.compressesStorage = isCompressed
        $0.overwriteInstances = true
      }
    }
    var archive = try open(true)
    let id = try await archive.add(DataSetSamples.file(pixels: 100_000)).instance
    let second = DataSetSamples.file(description: "Other", pixels: 200_000)
    #expect(try await archive.add(second).status == .overwritten)
    #expect(try await attachments(archive, id).map(\.type) == [.dicom, .dicomUntilPixelData])
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    archive.close()
    archive = try open(false)
    let third = DataSetSamples.file(description: "Third", pixels: 50)
    #expect(try await archive.add(third).status == .overwritten)
    // The head was that of another file.
    let files = try await attachments(archive, id)
    #expect(files.map(\.type) == [.dicom] && files.first?.revision == 2)
    #expect(try await archive.bytes(of: id, in: 0..<100_000) == third)
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    #expect(try await archive.totals().diskSize == Int64(third.count))
    archive.close()
  }

  @Test func deletionTakesTheHeadAlong() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    let id = try await archive.add(DataSetSamples.file(pixels: 100_000)).instance
    _ = try await archive.delete([ResourceReference(.instance, id)])
    #expect(
      await eventually { folder.stored().isEmpty })
    #expect(try await archive.totals() == ArchiveTotals())
    archive.close()
  }

  // MARK: Crashes

  private func crash(_ folder: TemporaryFolder, _ name: String) throws {
    try FileManager.default.copyItem(
      atPath: folder.path + "/storage", toPath: folder.path + "/\(name)/storage")
  }

  @Test func theJournalBringsCompressedInstancesBack() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    try FileManager.default.createDirectory(atPath: folder.path + "/copy", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder.path + "/empty", withIntermediateDirectories: true)
    try crash(folder, "empty")
    var stored: [(PublicID, [UInt8])] = []
    for (number, pixels) in [100, 30_000, 400_000].enumerated() {
      let bytes = DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number, pixels: pixels)
      stored.append((try await archive.add(bytes).instance, bytes))
    }
    _ = try await archive.totals()
    try crash(folder, "copy")
    archive.close()
    // A power cut took the index's rows, and what was not synced of the small files.
    for name in ["filmroom.index", "filmroom.index-wal", "filmroom.index-shm"] {
      let target = folder.path + "/copy/storage/" + name
      try? FileManager.default.removeItem(atPath: target)
      try? FileManager.default.copyItem(atPath: folder.path + "/empty/storage/" + name, toPath: target)
    }
    StorageArea(root: folder.path + "/copy/storage").forEachFile { _, path in
      if (try? OpenFile(path).size) ?? 0 < 2000 { truncate(path, 3) }
    }
    for _ in 0..<2 {
      var configuration = ArchiveConfiguration(storageFolder: folder.path + "/copy/storage")
      configuration.compressesStorage = true
      let again = try Archive(configuration, logger: makeLogger())
      #expect(try await again.totals().instances == 3)
      for (id, bytes) in stored {
        #expect(try await again.bytes(of: id, in: 0..<bytes.count + 1) == bytes)
        #expect(try await attachments(again, id).map(\.type) == [.dicom, .dicomUntilPixelData])
      }
      #expect(try again.faults().isEmpty)
      again.close()
    }
  }

  @Test func recordsOfTheFirstVersionAreStillRead() throws {
    // Version 1, as it was written before there was compression.
    var record: [UInt8] = [1]
    for text in [
      "abcd0000-0000-4000-8000-000000000001", "1.2.840.10008.1.2.1", "10.0.0.1", "CT1", "FILM", "",
    ] {
      record.append(number: UInt16(text.utf8.count))
      record += Array(text.utf8)
    }
    record.append(1)
    record.append(number: UInt32(7))
    record.append(number: Int64(1_700_000_000))
    record.append(number: Int64(3))
    record.append(number: UInt16(16))
    record += [UInt8](repeating: 9, count: 16)
    record += [1, 4, 5, 6]
    let entry = try #require(JournalEntry(record))
    #expect(
      entry.file.bytes == [4, 5, 6] && entry.file.size == 3 && entry.head == nil && !entry.file.isCompressed)
    #expect(entry.file.md5 == [UInt8](repeating: 9, count: 16) && entry.date == 1_700_000_000)
    #expect(entry.origin.calledAET == "FILM" && entry.dataSetOffset == 7 && !entry.lacksDigest)
  }

  // MARK: Real files

  @Test(.enabled(if: TestData.isPresent, "FILMROOM_TEST_DATA names no folder"))
  func realFilesComeBackByteForByte() async throws {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    let plainFolder = try TemporaryFolder()
    let plain = try open(plainFolder, isCompressed: false)
    var stored = 0
    for (path, _) in try TestData.manifest() {
      let bytes = try TestData.bytes(path)
      let packed = try ZlibFraming.compressed(bytes)
      let content = try AttachmentContent(BytesInMemory(bytes: packed), isCompressed: true, name: path)
      #expect(try content.read(at: 0, count: bytes.count + 1) == bytes, "\(path)")
      guard let result = try? await archive.add(bytes), result.status == .stored else { continue }
      #expect(try await plain.add(bytes).status == .stored, "\(path)")
      stored += 1
      let count = bytes.count + 1000
      #expect(
        try await archive.bytes(of: result.instance, in: 0..<count)
          == (try await plain.bytes(of: result.instance, in: 0..<count)), "\(path)")
      #expect(
        try await archive.tags(of: result.instance) == (try await plain.tags(of: result.instance)), "\(path)")
    }
    #expect(stored > 0)
    #expect(try archive.faults().isEmpty)
    #expect(try await archive.totals().instances == stored)
    archive.close()
    plain.close()
  }
}
