import DICOM
import Foundation
import TestSupport
import Testing

/// The real program and dcmtk's clients.
@Suite(.serialized) struct ServeTests {
  private func serve(_ folder: TemporaryFolder) throws -> RunningProgram {
    try RunningProgram(
      RunningProgram.filmroom, ["serve", "--storage", folder.path + "/storage", "--dicom-port", "0"])
  }

  /// Writes some made-up instances as files.
  private func makeFiles(_ folder: TemporaryFolder, count: Int) throws -> [String] {
    try (1...count).map { number in
      let path = folder.path + "/\(number).dcm"
      let bytes = DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return path
    }
  }

  @Test func whatStorescuSendsIsKeptAndVerifies() async throws {
    let folder = try TemporaryFolder()
    let server = try serve(folder)
    let port = try await server.dicomPort()
    let echo = try await RunningProgram.run("echoscu", ["-aec", "FILMROOM", "127.0.0.1", port])
    #expect(echo.status == 0, "\(echo.output)")
    let files = try makeFiles(folder, count: 20)
    let sent = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port] + files)
    #expect(sent.status == 0, "\(sent.output)")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    // The data set is at the end of the file, as it was sent.
    let stored = folder.files(below: "storage").filter { $0.contains("/") && $0.count == 42 }
    #expect(stored.count == 20)
    let sizes = try stored.map { try Data(contentsOf: URL(fileURLWithPath: folder.path + "/storage/" + $0)) }
    let expected = DataSetWriter.encode(
      DataSetSamples.instance(instance: "1.2.3.4.7", number: 7), as: .explicitLittleEndian)
    #expect(sizes.contains { $0.suffix(expected.count).elementsEqual(expected) })
    let verified = try await RunningProgram.run(
      RunningProgram.filmroom, ["verify", "--deep", "--storage", folder.path + "/storage"])
    #expect(verified.status == 0 && verified.output.contains("20 attachments"), "\(verified.output)")
  }

  /// 256 MB; with `FILMROOM_TEST_HUGE` in the environment 2 GB. Nothing of that size is held in memory.
  @Test func aHugeInstanceArrivesWithFlatMemory() async throws {
    let isHuge = ProcessInfo.processInfo.environment["FILMROOM_TEST_HUGE"] != nil
    let pixels = isHuge ? 2_147_483_000 : 256 << 20
    let folder = try TemporaryFolder()
    var start = DataSetSamples.file(pixels: 0)
    // The length of Pixel Data is the last field of a file without pixels.
    start.replaceSubrange(
      start.count - 4..<start.count, with: (0..<4).map { UInt8(pixels >> ($0 * 8) & 255) })
    let path = try folder.write(start, to: "huge.dcm")
    truncate(path, off_t(start.count + pixels))
    let server = try serve(folder)
    let port = try await server.dicomPort()
    let before = try server.peakMemory()
    let sent = try await RunningProgram.run(
      "storescu", ["-aec", "FILMROOM", "127.0.0.1", port, path], within: 600)
    #expect(sent.status == 0, "\(sent.output)")
    let growth = try server.peakMemory() - before
    #expect(growth < 32 << 20, "grew by \(growth) bytes")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    let stored = folder.files(below: "storage").filter { $0.contains("/") && $0.count == 42 }
    #expect(stored.count == 1)
    let size = try FileManager.default.attributesOfItem(
      atPath: folder.path + "/storage/" + (stored.first ?? ""))
    #expect((size[.size] as? Int ?? 0) > pixels)
  }

  @Test func oneProcessOwnsAFolder() async throws {
    let folder = try TemporaryFolder()
    let server = try serve(folder)
    _ = try await server.dicomPort()
    let second = try await RunningProgram.run(
      RunningProgram.filmroom, ["repair", "--storage", folder.path + "/storage"])
    #expect(second.status == 1 && second.output.contains("in use by another Filmroom"), "\(second.output)")
    server.signal(SIGINT)
    #expect(await server.exitStatus() == 0)
  }

  @Test func importCountsWhatItDid() async throws {
    let folder = try TemporaryFolder()
    _ = try makeFiles(folder, count: 5)
    try Data("no image".utf8).write(to: URL(fileURLWithPath: folder.path + "/notes.txt"))
    let arguments = ["import", "--storage", folder.path + "/storage"] + [folder.path]
    let first = try await RunningProgram.run(RunningProgram.filmroom, arguments)
    #expect(first.status == 0 && first.output.contains("5 stored"), "\(first.output)")
    #expect(first.output.contains("× not a DICOM file"), "\(first.output)")
    let again = try await RunningProgram.run(RunningProgram.filmroom, arguments)
    #expect(again.output.contains("0 stored") && again.output.contains(" there already"), "\(again.output)")
  }

  @Test func wrongUseGetsASentence() async throws {
    let folder = try TemporaryFolder()
    let config = folder.path + "/config.json"
    try Data(#"{ "DicomPort" : 70000 /* too high */ }"#.utf8).write(to: URL(fileURLWithPath: config))
    let wrong = try await RunningProgram.run(RunningProgram.filmroom, ["serve", "--config", config])
    #expect(wrong.status == 1 && wrong.output.contains("DicomPort is 70000: allowed is"), "\(wrong.output)")
    let tls = folder.path + "/tls.json"
    try Data(#"{ "DicomTlsEnabled" : true }"#.utf8).write(to: URL(fileURLWithPath: tls))
    let refused = try await RunningProgram.run(RunningProgram.filmroom, ["serve", "--config", tls])
    #expect(refused.status == 1 && refused.output.contains("DicomTlsEnabled"), "\(refused.output)")
    let foreign = try await RunningProgram.run(
      RunningProgram.filmroom, ["demo", "--storage", folder.path])
    #expect(foreign.status == 1 && foreign.output.contains("holds something else"), "\(foreign.output)")
    let noTerminal = try await RunningProgram.run(
      RunningProgram.filmroom, ["--storage", folder.path + "/other"])
    #expect(noTerminal.status == 1 && noTerminal.output.contains("filmroom serve"), "\(noTerminal.output)")
  }

  @Test func verifyMakesNoArchive() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/nothing"
    let verified = try await RunningProgram.run(RunningProgram.filmroom, ["verify", "--storage", path])
    #expect(verified.status == 1 && verified.output.contains("there is no archive in \(path)"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func everySkippedFileIsNamedOnDemand() async throws {
    let folder = try TemporaryFolder()
    for number in 1...5 { try folder.write([1, 2, 3], to: "in/\(number).txt") }
    let arguments = ["import", "--storage", folder.path + "/storage", folder.path + "/in"]
    let first = try await RunningProgram.run(RunningProgram.filmroom, arguments)
    #expect(first.output.contains("and 2 more"), "\(first.output)")
    for number in 1...5 {
      #expect(first.output.contains("\(number).txt") == (number <= 3), "the first in order: \(first.output)")
    }
    let all = try await RunningProgram.run(RunningProgram.filmroom, arguments + ["--list-skipped"])
    #expect(all.output.contains("5.txt") && !all.output.contains("more"), "\(all.output)")
  }

  @Test func demoStudiesComeAndGo() async throws {
    let folder = try TemporaryFolder()
    let storage = ["--storage", folder.path + "/storage"]
    let made = try await RunningProgram.run(RunningProgram.filmroom, ["demo"] + storage)
    #expect(made.output.contains("110 instances"), "\(made.output)")
    let removed = try await RunningProgram.run(RunningProgram.filmroom, ["demo", "--remove"] + storage)
    #expect(removed.output.contains("removed (110 instances)"), "\(removed.output)")
    let none = try await RunningProgram.run(RunningProgram.filmroom, ["demo", "--remove"] + storage)
    #expect(none.output.contains("no demo studies"), "\(none.output)")
  }
}
