import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct ExportTests {
  private func filled(_ folder: TemporaryFolder) async throws -> Archive {
    let archive = try makeArchive(folder)
    for study in 1...2 {
      for number in 1...3 {
        try await archive.add(
          DataSetSamples.file(
            patientName: "YAMADA^TARO=山田^太郎", study: "1.\(study)", series: "1.\(study).1",
            instance: "1.\(study).1.\(number)", number: number,
            description: study == 1 ? "Chest: a/b" : "chest: A/B", pixels: number == 3 ? 4_300_000 : 320))
      }
    }
    return archive
  }

  private func export(
    _ archive: Archive, _ selection: ExportSelection, to path: String, replaces: Bool = false
  ) async throws -> ExportSummary {
    try await archive.export(selection, to: path, replaces: replaces, token: "t", progress: { _ in })
  }

  @Test func theNamesAreReadableAndUnique() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let summary = try await export(archive, .all, to: folder.path + "/a.zip")
    #expect(summary.instances == 6 && summary.gone == 0)
    let reader = try ZipReader(folder.path + "/a.zip")
    #expect(
      Set(reader.entries.map(\.name))
        == Set(
          ["Chest_ a_b", "chest_ A_B-2"].flatMap { study in
            (0...2).map { "P1 YAMADA TARO 山田 太郎/\(study)/CT/CT00000\($0).dcm" }
          }))
    archive.close()
  }

  @Test func theFilesComeBackAsTheyWere() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let path = folder.path + "/a.zip"
    _ = try await export(archive, .all, to: path)
    let otherFolder = try TemporaryFolder()
    let other = try makeArchive(otherFolder)
    let reader = try ZipReader(path)
    for entry in reader.entries {
      #expect(try await other.importEntry(entry, of: reader).status == .stored)
    }
    for row in try await archive.rows(.instance) {
      let whole = 0..<Int(row.diskSize)
      #expect(
        try await archive.bytes(of: row.id, in: whole) == (try await other.bytes(of: row.id, in: whole)))
    }
    archive.close()
    other.close()
  }

  @Test func nothingIsTakenTwiceAndOnlyWhatWasAskedFor() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let studies = try await archive.rows(.study)
    let instances = try await archive.rows(.instance, parent: studies[0].reference)
    let mixed = ExportSelection.resources(
      [instances[1].reference, studies[0].reference, instances[1].reference, instances[0].reference])
    #expect(try await export(archive, mixed, to: folder.path + "/a.zip").instances == 3)
    let two = ExportSelection.resources(instances.prefix(2).map(\.reference))
    #expect(try await export(archive, two, to: folder.path + "/b.zip").instances == 2)
    archive.close()
  }

  @Test func aFileThatIsThereStays() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let path = try folder.write([1], to: "a.zip")
    await #expect(throws: StoreError.self) { try await export(archive, .all, to: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1]))
    _ = try await export(archive, .all, to: path, replaces: true)
    #expect(try ZipReader(path).entries.count == 6)
    archive.close()
  }

  @Test func whatIsInterruptedLeavesNothing() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    await #expect(throws: CancellationError.self) {
      try await archive.export(.all, to: folder.path + "/a.zip", replaces: false, token: "t") {
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.zip"))
        if $0.instances == 4 { throw CancellationError() }
      }
    }
    #expect(folder.files().allSatisfy { !$0.contains("zip") })
    archive.close()
  }

  @Test func deletedInstancesAreLeftOut() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let last = try #require(try await archive.rows(.study).last).reference
    let summary = try await archive.export(
      .all, to: folder.path + "/a.zip", replaces: false, token: "t"
    ) { if $0.instances == 1 { _ = try await archive.delete([last]) } }
    #expect(summary.instances + summary.gone <= 6 && summary.instances >= 3)
    #expect(try ZipReader(folder.path + "/a.zip").entries.count == summary.instances)
    archive.close()
  }

  @Test(arguments: [
    ("DOE^JANE^^", "DOE JANE"), ("../../etc", ".._.._etc"), ("..", ""), ("a\u{1B}[2J\u{202E}b", "a[2Jb"),
    ("con", "_con"), ("lpt1.txt", "_lpt1.txt"), ("trailing. .", "trailing"), ("a:b*c", "a_b_c"),
    (String(repeating: "山", count: 40), String(repeating: "山", count: 21)),
  ]) func namesAreSane(text: String, name: String) {
    #expect(ZipLayout.sanitized(text) == name)
  }

  @Test func filesAreNamedAfterTheirModality() {
    #expect(ZipLayout.fileName(modality: "CT", number: 0) == "CT000000.dcm")
    #expect(ZipLayout.fileName(modality: "RTSTRUCT", number: 1_234_567) == "RT1234567.dcm")
    #expect(ZipLayout.fileName(modality: "", number: 7) == "00000007.dcm")
    #expect(ZipLayout.fileName(modality: "日本", number: 7) == "00000007.dcm")
  }
}
