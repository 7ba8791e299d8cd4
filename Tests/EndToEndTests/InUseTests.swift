import Foundation
import Store
import TestSupport
import Testing

/// Commands while another Filmroom holds the archive: it does the work, over the socket in the storage folder.
@Suite(.serialized) struct InUseTests {
  /// A serving process without an HTTP port, as the commands find it.
  private func serve(_ storage: String, _ folder: TemporaryFolder) async throws -> RunningProgram {
    let config = folder.path + "/config.json"
    try Data(#"{ "HttpServerEnabled" : false }"#.utf8).write(to: URL(fileURLWithPath: config))
    let server = try RunningProgram(
      RunningProgram.filmroom, ["serve", "--config", config, "--storage", storage, "--dicom-port", "0"])
    let isReady = await eventually { access(storage + "/filmroom.socket", F_OK) == 0 }
    try #require(isReady, "\(server.output)")
    return server
  }

  private func run(_ arguments: [String], _ storage: String) async throws -> (status: Int32?, output: String)
  {
    try await RunningProgram.run(RunningProgram.filmroom, arguments + ["--storage", storage])
  }

  @Test func commandsDoTheSame() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let server = try await serve(storage, folder)
    let made = try await run(["demo"], storage)
    #expect(
      made.status == 0 && made.output == "4 demo studies with 110 instances written\n", "\(made.output)")
    let zip = folder.path + "/all.zip"
    let exported = try await run(["export", "--all", "--output", zip], storage)
    #expect(
      exported.status == 0 && exported.output.contains("all.zip: 110 instances, "), "\(exported.output)")
    let again = try await run(["export", "--all", "--output", zip], storage)
    #expect(again.status == 1 && again.output.contains("--force replaces it"), "\(again.output)")
    let removed = try await run(["demo", "--remove"], storage)
    #expect(removed.output.contains("removed (110 instances)"), "\(removed.output)")
    let nothing = try await run(["export", "--all", "--output", folder.path + "/none.zip"], storage)
    #expect(nothing.status == 1 && nothing.output.contains("there is nothing to export"), "\(nothing.output)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none.zip"))
    let junk = try folder.write(Array("no image".utf8), to: "notes.txt")
    let imported = try await run(["import", zip, junk], storage)
    #expect(imported.status == 0 && imported.output.contains("  110 stored\n"), "\(imported.output)")
    #expect(imported.output.contains("1 × not a DICOM file\n        \(junk)"), "\(imported.output)")
    let present = try await run(["import", zip], storage)
    #expect(present.output.contains("  110 there already\n"), "\(present.output)")
    let held = try await run(["verify", "--deep"], storage)
    #expect(held.status == 0 && held.output.hasPrefix("110 attachments, "), "\(held.output)")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    #expect(!FileManager.default.fileExists(atPath: storage + "/filmroom.socket"))
    #expect(try await run(["verify", "--deep"], storage).output == held.output)
  }

  /// As if the command had stored them itself: their origin, and one line for all of them.
  @Test func anImportIsTheCommandsOwn() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let server = try await serve(storage, folder)
    var files: [String] = []
    for number in 1...12 {
      let bytes = DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number)
      files.append(try folder.write(bytes, to: "files/\(number).dcm"))
    }
    let imported = try await run(["import", folder.path + "/files"], storage)
    #expect(imported.output.contains("  12 stored\n"), "\(imported.output)")
    #expect(try await run(["demo"], storage).status == 0)
    func get(_ path: String) async throws -> String {
      try await RunningProgram.run(
        "curl", ["-s", "--unix-socket", storage + "/filmroom.socket", "http://localhost" + path]
      ).output
    }
    let id = PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.7"])
    // Orthanc has no word for files of this machine.
    #expect(try await get("/instances/\(id)/metadata/Origin") == "Unknown")
    let names = try await get("/instances/\(id)/metadata")
    #expect(names.contains("ReceptionDate") && !names.contains("RemoteIP"), "\(names)")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
    let lines = server.output.split(separator: "\n").filter { $0.contains("REST: ") }
    #expect(lines.count == 2, "\(lines)")
    #expect(lines.first?.contains("someone from this machine: POST /filmroom/imports (/instances/") == true)
    #expect(lines.first?.contains(" and 7 more) → 200") == true, "\(lines)")
    #expect(lines.last?.contains("POST /filmroom/demo → 200") == true)
  }

  @Test func faultsAreTheSame() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    _ = try await run(["demo"], storage)
    let files = folder.files(below: "storage").filter { $0.contains("/") && $0.count == 42 }
    unlink(storage + "/" + files[0])
    truncate(storage + "/" + files[1], 10)
    let alone = try await run(["verify"], storage)
    #expect(alone.status == 1 && alone.output.contains("missing file: "), "\(alone.output)")
    let server = try await serve(storage, folder)
    let held = try await run(["verify"], storage)
    #expect(held.status == 1 && held.output == alone.output, "\(held.output)")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
  }

  @Test func aKilledProcessLeavesASocketThatStopsNobody() async throws {
    let folder = try TemporaryFolder()
    // Longer than the path of a socket may be.
    let storage = folder.path + "/" + String(repeating: "deep/", count: 30) + "storage"
    let first = try await serve(storage, folder)
    first.signal(SIGKILL)
    _ = await first.exitStatus()
    var status = stat()
    #expect(lstat(storage + "/filmroom.socket", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFSOCK && status.st_mode & 0o777 == 0o600)
    #expect(try await run(["demo"], storage).status == 0)
    unlink(storage + "/filmroom.socket")
    let second = try await serve(storage, folder)
    let verified = try await run(["verify"], storage)
    #expect(verified.status == 0 && verified.output.hasPrefix("110 attachments"), "\(verified.output)")
    second.signal(SIGTERM)
    #expect(await second.exitStatus() == 0)
  }

  @Test func whatNeedsTheFolderForItselfSaysSo() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let server = try await serve(storage, folder)
    for arguments in [["repair"], ["import", "--orthanc", folder.path]] {
      let refused = try await run(arguments, storage)
      #expect(
        refused.status == 1 && refused.output.contains("in use by another Filmroom"), "\(refused.output)")
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
  }

  @Test func nobodyIsLetInFromEverywhereUnasked() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(Array(#"{ "RemoteAccessAllowed" : true }"#.utf8), to: "config.json")
    let refused = try await run(["serve", "--config", config], folder.path + "/storage")
    #expect(
      refused.status == 1 && refused.output.contains("there are no RegisteredUsers"), "\(refused.output)")
  }
}
