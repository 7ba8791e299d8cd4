import DICOM
import Foundation
import TestSupport
import Testing

/// `verify` and `repair` of the real program, over an archive with planted faults.
@Suite(.serialized) struct RepairTests {
  private let folder: TemporaryFolder
  private var storage: String { folder.path + "/storage" }

  init() async throws {
    folder = try TemporaryFolder()
    for number in 1...4 {
      let bytes = DataSetSamples.file(
        instance: "1.2.3.4.\(number)", number: number, pixels: number == 4 ? 100_000 : 32)
      try folder.write(bytes, to: "images/\(number).dcm")
    }
    let imported = try await run("import", "--storage", storage, folder.path + "/images")
    try #require(imported.status == 0, "\(imported.output)")
  }

  @discardableResult
  private func run(_ arguments: String...) async throws -> (status: Int32?, output: String) {
    try await RunningProgram.run(RunningProgram.filmroom, arguments)
  }

  /// The file of an instance, known by its content.
  private func file(_ number: Int) throws -> String {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/images/\(number).dcm"))
    let path = folder.files(below: "storage").map { storage + "/" + $0 }.first {
      (try? Data(contentsOf: URL(fileURLWithPath: $0))) == bytes
    }
    return try #require(path)
  }

  private func plant() throws -> (lost: String, changed: String, stray: String, text: String) {
    let (lost, changed) = (try file(1), try file(2))
    try FileManager.default.removeItem(atPath: lost)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: changed))
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: URL(fileURLWithPath: changed))
    let stray = try folder.write(DataSetSamples.file(instance: "9.3"), to: "storage/ab/cd/stray.dcm")
    let text = try folder.write(Array("hello".utf8), to: "storage/ab/cd/hello.txt")
    return (lost, changed, stray, text)
  }

  @Test func whatVerifyFindsRepairMendsOrNames() async throws {
    let planted = try plant()
    let verified = try await run("verify", "--deep", "--storage", storage)
    #expect(verified.status == 1 && verified.output.contains(": 4 faults\n"), "\(verified.output)")
    #expect(verified.output.contains("`filmroom repair --deep` mends"), "\(verified.output)")
    let before = folder.files(below: "storage")
    let told = try await run("repair", "--deep", "--dry-run", "--storage", storage)
    #expect(told.status == 1 && told.output.contains("Nothing was changed"), "\(told.output)")
    #expect(folder.files(below: "storage") == before)
    let repaired = try await run("repair", "--deep", "--storage", storage)
    #expect(repaired.status == 1, "\(repaired.output)")
    for sentence in [
      "taken in: \(planted.stray)", "moved aside: \(planted.text)", "its file \(planted.lost) is missing",
      "its file \(planted.changed) is not what it was", "1 file that the index did not know was taken in.",
      "1 file was moved aside", "1 image is lost", "1 image is damaged", "2 faults left, named above.",
      "/report.txt",
    ] { #expect(repaired.output.contains(sentence), "\(sentence) in \(repaired.output)") }
    #expect(
      folder.files(below: "storage").contains { $0.hasPrefix("set-aside/") && $0.hasSuffix("hello.txt") })
    // What it says about lost and damaged images is true.
    try await run("import", "--storage", storage, folder.path + "/images")
    let configuration = try folder.write(
      Array("{\"OverwriteInstances\": true, \"StorageDirectory\": \"\(storage)\"}".utf8), to: "f.json")
    try await run("import", "--config", configuration, folder.path + "/images/2.dcm")
    let last = try await run("repair", "--deep", "--storage", storage)
    #expect(last.status == 0 && last.output.contains("nothing is at fault."), "\(last.output)")
    let sound = try await run("verify", "--deep", "--storage", storage)
    #expect(sound.status == 0 && !sound.output.contains("repair"), "\(sound.output)")
  }

  @Test func anIndexThatIsGoneIsMadeAnew() async throws {
    try FileManager.default.removeItem(atPath: storage + "/filmroom.index")
    let verified = try await run("verify", "--storage", storage)
    #expect(verified.status == 1 && verified.output.contains("filmroom repair"), "\(verified.output)")
    let repaired = try await run("repair", "--storage", storage)
    #expect(repaired.status == 0, "\(repaired.output)")
    for sentence in ["it is missing", "Labels, metadata, protection", "4 files that the index did not know"] {
      #expect(repaired.output.contains(sentence), "\(sentence) in \(repaired.output)")
    }
    let sound = try await run("verify", "--deep", "--storage", storage)
    #expect(sound.status == 0 && sound.output.contains("4 attachments"), "\(sound.output)")
  }

  @Test func anIndexThatIsDamagedIsToldWithTheWayOut() async throws {
    try folder.write(
      Array("no database at all, and long enough to be none".utf8), to: "storage/filmroom.index")
    let verified = try await run("verify", "--storage", storage)
    #expect(verified.status == 1 && verified.output.contains("filmroom repair"), "\(verified.output)")
    #expect(try await run("repair", "--storage", storage).status == 0)
    #expect(try await run("verify", "--deep", "--storage", storage).status == 0)
  }

  /// Damage behind the first pages shows when they are read.
  @Test(arguments: [8192, 16384, 32768]) func anIndexThatIsDamagedInsideToo(start: Int) async throws {
    let path = storage + "/filmroom.index"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try #require(bytes.count > start)
    try (bytes[..<start] + Data(repeating: 0x5A, count: bytes.count - start))
      .write(to: URL(fileURLWithPath: path))
    let verified = try await run("verify", "--storage", storage)
    #expect(verified.status == 1 && verified.output.contains("`filmroom repair`"), "\(verified.output)")
    #expect(try await run("repair", "--storage", storage).status == 0)
    #expect(try await run("verify", "--deep", "--storage", storage).status == 0)
  }

  @Test func whereNoArchiveIsNoneIsMade() async throws {
    let missing = folder.path + "/missing"
    let result = try await run("repair", "--storage", missing)
    #expect(
      result.status == 1 && result.output.contains("there is no archive in \(missing)"), "\(result.output)")
    #expect(!FileManager.default.fileExists(atPath: missing))
  }
}
