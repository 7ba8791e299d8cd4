import DICOM
import Foundation
import Logging
import Store
import TestSupport
import Testing

/// The storage folder fills up, turns read-only or loses its device: senders are told, nothing is half-stored, what was
/// answered with success is there, and reception works again afterwards.
@Suite(.serialized) struct StorageFaultTests {
  /// Small instances, and some that don't fit the journal.
  private func makeFiles(_ folder: TemporaryFolder, _ round: Int, count: Int = 8) throws -> [String] {
    try (0..<count).map { number in
      let uid = "1.2.\(round).1.\(number)"
      let bytes = DataSetSamples.file(
        study: "1.2.\(round)", series: "1.2.\(round).1", instance: uid, number: number,
        pixels: number % 4 == 3 ? 400_000 : 20_000)
      return try folder.write(bytes, to: "in/\(round)/\(number).dcm")
    }
  }

  /// How many instances a client sent with success, and how many were refused for want of resources; every refusal
  /// must have that status and a comment.
  private func send(_ files: [String], port: String) async throws -> (stored: Int, refused: Int) {
    let client = try RunningProgram(
      "storescu", ["-d", "--no-halt", "-aec", "FILMROOM", "127.0.0.1", port] + files,
      environment: ["TCP_NODELAY": "1"])
    _ = await client.exitStatus()
    let output = client.output
    let stored = output.ranges(of: "DIMSE Status                  : 0x0000").count
    let refused = output.ranges(of: "DIMSE Status                  : 0xa700").count
    #expect(stored + refused == files.count, "\(output.suffix(2000))")
    #expect(output.ranges(of: "(0000,0902) LO [").count == refused)
    return (stored, refused)
  }

  private func echoes(port: String) async throws -> Bool {
    try await RunningProgram.run("echoscu", ["-to", "1", "-ta", "1", "-td", "1", "127.0.0.1", port]).status
      == 0
  }

  private func check(_ storage: String, holds count: Int) async throws {
    let archive = try Archive(
      ArchiveConfiguration(storageFolder: storage),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(try await archive.totals().instances == count)
    try archive.verify(deep: true, progress: { _ in }, fault: { Issue.record("\($0)") })
    archive.close()
    #expect(StorageFaultTests.leftovers(storage).isEmpty)
  }

  private static func leftovers(_ storage: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: storage + "/incoming")) ?? []
  }

  private func environment(_ folder: TemporaryFolder, fault: String) -> [String: String] {
    [
      "LD_PRELOAD": RunningProgram.tracer, "FILMROOM_TRACE_FILE": "/dev/null",
      "FILMROOM_TRACE_ROOT": folder.path + "/storage", "FILMROOM_FAULT_FILE": fault,
    ]
  }

  private func start(_ folder: TemporaryFolder, fault: String) throws -> RunningProgram {
    try RunningProgram(
      RunningProgram.filmroom, ["serve", "--storage", folder.path + "/storage", "--dicom-port", "0"],
      environment: environment(folder, fault: fault))
  }

  @Test(arguments: [EROFS, EIO]) func aFolderThatCannotBeWritten(_ error: Int32) async throws {
    let folder = try TemporaryFolder()
    let fault = folder.path + "/fault"
    let server = try start(folder, fault: fault)
    let port = try await server.dicomPort()
    #expect(try await send(try makeFiles(folder, 1), port: port) == (8, 0))
    try folder.write(Array("\(error)".utf8), to: "fault")
    #expect(try await send(try makeFiles(folder, 2), port: port) == (0, 8))
    #expect(try await echoes(port: port))
    try FileManager.default.removeItem(atPath: fault)
    // What was refused comes again, as a modality sends it again.
    #expect(
      try await eventually { try await send(try makeFiles(folder, 3, count: 1), port: port).stored == 1 })
    #expect(try await send(try makeFiles(folder, 2), port: port) == (8, 0))
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    try await check(folder.path + "/storage", holds: 17)
  }

  @Test(arguments: [EROFS, EIO], [SIGKILL, SIGTERM])
  func whatWasAcknowledgedOutlivesTheFault(_ error: Int32, _ signal: Int32) async throws {
    let folder = try TemporaryFolder()
    let fault = folder.path + "/fault"
    let server = try start(folder, fault: fault)
    let port = try await server.dicomPort()
    // The index has not come to all of them when the fault comes, and the process ends with the fault.
    #expect(try await send(try makeFiles(folder, 1, count: 40), port: port) == (40, 0))
    try folder.write(Array("\(error)".utf8), to: "fault")
    _ = try await send(try makeFiles(folder, 2), port: port)
    server.signal(signal)
    #expect(await server.exitStatus() != nil)
    try await check(folder.path + "/storage", holds: 40)
  }

  @Test func theExplorerSaysSo() async throws {
    let folder = try TemporaryFolder()
    let fault = folder.path + "/fault"
    let storage = folder.path + "/storage"
    let terminal = Terminal()
    let variables = environment(folder, fault: fault).map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    try await terminal.start(
      "env LC_ALL=C.UTF-8 \(variables) \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0")
    #expect(try await terminal.shows("No studies yet"))
    let port = try Terminal.dicomPort(storage)
    try folder.write(Array("\(EROFS)".utf8), to: "fault")
    #expect(try await send(try makeFiles(folder, 1, count: 2), port: port) == (0, 2))
    #expect(try await terminal.shows("storage can't be written"))
    try FileManager.default.removeItem(atPath: fault)
    #expect(try await send(try makeFiles(folder, 1, count: 2), port: port) == (2, 0))
    #expect(try await terminal.shows("DOE, JANE"))
    #expect(
      try await eventually { try await !terminal.screen().contains("storage can't be written") })
    try await terminal.press("q")
    try await terminal.end()
  }

  @Test(.enabled(if: canMount, "needs the right to mount a file system"))
  func aFullDisk() async throws {
    let folder = try TemporaryFolder()
    let mount = folder.path + "/mount"
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    let server = try RunningProgram(
      "unshare",
      [
        "-m", "sh", "-c",
        """
        mount -t tmpfs -o size=24m none \(mount) && head -c 14000000 /dev/zero >\(mount)/filler &&
        exec \(RunningProgram.filmroom) serve --storage \(mount)/storage --dicom-port 0
        """,
      ])
    let port = try await server.dicomPort()
    let inside = "/proc/\(server.processID)/root\(mount)"
    let first = try await send(try makeFiles(folder, 1, count: 120), port: port)
    #expect(first.stored > 0 && first.refused > 0)
    #expect(try await echoes(port: port))
    #expect(Self.leftovers(inside + "/storage").count <= first.stored)
    try FileManager.default.removeItem(atPath: inside + "/filler")
    #expect(
      try await eventually { try await send(try makeFiles(folder, 3, count: 1), port: port).stored == 1 })
    let second = try await send(try makeFiles(folder, 2), port: port)
    #expect(second == (8, 0))
    // A kill loses nothing; the file system lives as long as the process, so its files are copied before.
    server.signal(SIGSTOP)
    let copy = folder.path + "/copy"
    // What a killed program leaves behind can't be copied.
    try? FileManager.default.removeItem(atPath: inside + "/storage/filmroom.socket")
    try FileManager.default.copyItem(atPath: inside + "/storage", toPath: copy)
    server.signal(SIGKILL)
    _ = await server.exitStatus()
    try await check(copy, holds: first.stored + 9)
  }

  /// Whether a file system can be mounted where only the test sees it.
  private static let canMount: Bool = {
    guard let program = try? RunningProgram("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]) else {
      return false
    }
    return program.waitForEnd() == 0
  }()
}
