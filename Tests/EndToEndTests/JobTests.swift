import DICOM
import Foundation
import TestSupport
import Testing

/// Jobs and hooks of the real program.
@Suite(.serialized) struct JobProgramTests {
  @Test func theExplorerExportsInTheBackground() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let demo = try await RunningProgram.run(RunningProgram.filmroom, ["demo", "--storage", storage])
    try #require(demo.status == 0, "\(demo.output)")
    let terminal = Terminal()
    try await terminal.start(
      "cd \(folder.path); LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0; "
        + "echo LEFT; exec sleep 60")
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("*")
    #expect(try await terminal.shows("4 marked"))
    try await terminal.press("w")
    #expect(try await terminal.shows("Write ZIP file: export.zip"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("110 instances in \(folder.path)/export.zip"))
    try await terminal.press("4", "V")
    #expect(try await terminal.shows("110 attachments, 0 faults"))
    try await terminal.press("q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
    let unzip = try await RunningProgram.run("unzip", ["-tq", folder.path + "/export.zip"])
    #expect(unzip.status == 0, "\(unzip.output)")
    // The next start remembers them.
    try await terminal.start(
      "LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0; exec sleep 60")
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("4")
    #expect(try await terminal.shows("2 jobs"))
    try await terminal.press("q")
    try await terminal.end()
  }

  @Test func hooksHearOfWhatArrives() async throws {
    let folder = try TemporaryFolder()
    let heard = folder.path + "/heard"
    let configuration = try folder.write(
      Array(
        """
        {
          "StorageDirectory" : "storage", "DicomPort" : 0,
          "EventHooks" : {
            "NewStudy" : [ "/usr/bin/tee", "-a", "\(heard)" ],
            "NewInstance" : "echo no luck; exit 7"
          }
        }
        """.utf8), to: "filmroom.json")
    var server = try RunningProgram(RunningProgram.filmroom, ["serve", "--config", configuration])
    var port = try await server.dicomPort()
    let file = try folder.write(DataSetSamples.file(), to: "a.dcm")
    let sent = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port, file])
    #expect(sent.status == 0, "\(sent.output)")
    func lines() -> [Substring] {
      ((try? String(contentsOfFile: heard, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    #expect(await eventually { lines().count == 1 })
    #expect(lines().first?.hasPrefix(#"{"ChangeType":"NewStudy","Date":"2"#) == true, "\(lines())")
    #expect(await eventually { server.output.contains("exit status 7: no luck") }, "\(server.output)")
    // One that is killed in the middle of everything forgets nothing and repeats nothing that was done.
    let other = try folder.write(
      DataSetSamples.file(study: "9", series: "9.1", instance: "9.1.1"), to: "b.dcm")
    _ = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port, other])
    #expect(await eventually { lines().count == 2 })
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    server = try RunningProgram(RunningProgram.filmroom, ["serve", "--config", configuration])
    port = try await server.dicomPort()
    let third = try folder.write(
      DataSetSamples.file(study: "8", series: "8.1", instance: "8.1.1"), to: "c.dcm")
    _ = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port, third])
    #expect(await eventually { lines().count == 3 })
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
    #expect(Set(lines()).count == 3)
  }
}
