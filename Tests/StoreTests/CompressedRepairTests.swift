import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Repairs of an archive whose attachments are compressed.
@Suite struct CompressedRepairTests {
  private static let numbers = 1...3

  private static func bytes(_ number: Int) -> [UInt8] {
    DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number, pixels: number == 3 ? 200_000 : 64)
  }

  private static func id(_ number: Int) -> PublicID {
    PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.\(number)"])
  }

  private func open(_ folder: TemporaryFolder) throws -> Archive {
    try makeArchive(folder) { $0.compressesStorage = true }
  }

  private func filled() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let archive = try open(folder)
    for number in Self.numbers { try await archive.add(Self.bytes(number)) }
    archive.close()
    return folder
  }

  private func path(_ folder: TemporaryFolder, _ number: Int, _ type: AttachmentType) async throws -> String {
    let archive = try open(folder)
    defer { archive.close() }
    let info = try await archive.attachment(type, of: ResourceReference(.instance, Self.id(number)))
    return archive.storage.path(of: info.uuid)
  }

  private func repair(_ folder: TemporaryFolder, isDryRun: Bool = false) async throws -> Repaired {
    var configuration = ArchiveConfiguration(storageFolder: folder.path + "/storage")
    configuration.compressesStorage = true
    let steps = StepList()
    let outcome = try await Archive.repair(
      configuration, RepairOptions(deep: true, isDryRun: isDryRun), logger: makeLogger(), progress: { _ in },
      told: { steps.append($0) })
    return Repaired(steps: steps.all, outcome: outcome, progress: [])
  }

  private func check(_ folder: TemporaryFolder, heads: Int = 3) async throws {
    let archive = try open(folder)
    defer { archive.close() }
    #expect(try archive.faults() == [])
    #expect(try await archive.totals().instances == 3)
    var found = 0
    for number in Self.numbers {
      let bytes = Self.bytes(number)
      #expect(try await archive.bytes(of: Self.id(number), in: 0..<bytes.count + 1) == bytes)
      let types = try await archive.attachments(of: ResourceReference(.instance, Self.id(number))).map(\.type)
      found += types.contains(.dicomUntilPixelData) ? 1 : 0
    }
    #expect(found == heads)
  }

  @Test func aNewIndexIsMadeFromCompressedFilesAndTheirHeads() async throws {
    let folder = try await filled()
    for name in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: folder.path + "/storage/filmroom.index" + name)
    }
    let repaired = try await repair(folder)
    #expect(repaired.outcome.isSound, "\(repaired.steps)")
    #expect(repaired.steps.count { $0.kind == .fileAdopted } == 6, "\(repaired.steps)")
    try await check(folder)
  }

  @Test func aHeadIsNeverTakenForItsImage() async throws {
    let folder = try await filled()
    let image = try await path(folder, 3, .dicom)
    try FileManager.default.removeItem(atPath: image)
    for name in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: folder.path + "/storage/filmroom.index" + name)
    }
    let repaired = try await repair(folder)
    #expect(
      repaired.steps.contains { $0.kind == .fileSetAside && $0.detail.contains("in front of its pixel data") }
    )
    let archive = try open(folder)
    #expect(try await archive.totals().instances == 2)
    archive.close()
    let again = try await repair(folder)
    #expect(again.steps == [] && again.outcome.isSound)
  }

  @Test(arguments: [AttachmentType.dicomUntilPixelData, .dicom], [0, 1])
  func damageIsFoundAndMended(type: AttachmentType, how: Int) async throws {
    let folder = try await filled()
    let path = try await path(folder, 3, type)
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    if how == 0 {
      truncate(path, off_t(whole.count - 3))
    } else {
      var bytes = whole
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let archive = try open(folder)
    #expect(try archive.faults().map(\.kind) == [how == 0 ? .wrongSize : .wrongContent])
    archive.close()
    if type == .dicom {
      // The same image, as another archive would have it: not compressed.
      try folder.write(Self.bytes(3), to: "storage/ab/cd/abcd0000-0000-4000-8000-000000000001")
    }
    let preview = try await repair(folder, isDryRun: true)
    let repaired = try await repair(folder)
    #expect(!preview.outcome.isSound && preview.steps.map(\.kind) == repaired.steps.map(\.kind))
    #expect(repaired.outcome.isSound, "\(repaired.steps)")
    if type == .dicom {
      #expect(repaired.steps.map(\.kind).contains(.fileRestored))
    } else {
      #expect(repaired.steps.map(\.kind).contains(.rowRemoved))
    }
    try await check(folder, heads: 2)
  }

  @Test func aWrongCountOfEitherSizeIsSetRight() async throws {
    let folder = try await filled()
    let archive = try open(folder)
    let series = try #require(try await archive.rows(.series).first)
    _ = try await archive.setAttachment(
      AttachmentTests.report, to: CompressionTests.sample(5000), expecting: .absent, of: series.reference)
    let right = try await archive.totals()
    archive.close()
    let queue = try DatabaseQueue(path: folder.path + "/storage/filmroom.index")
    try await queue.writeWithoutTransaction {
      try $0.execute(
        sql:
          "UPDATE study SET disk_size = 1; UPDATE series SET uncompressed_size = 2; UPDATE totals SET disk_size = 3"
      )
    }
    try queue.close()
    let repaired = try await repair(folder)
    #expect(
      repaired.outcome.isSound && repaired.steps.map(\.kind) == [.countMended, .countMended, .countMended])
    let again = try open(folder)
    #expect(try await again.totals() == right)
    #expect(try again.faults() == [])
    again.close()
  }
}
