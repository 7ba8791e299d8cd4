import DICOM
import Foundation
import TestSupport
import Testing

/// Attachments in the real program, in a real terminal.
@Suite(.serialized) struct AttachmentScreenTests {
  @Test func oneGoesInAndComesOutAgain() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let configuration = try folder.write(
      Array(
        #"""
        { "StorageDirectory" : "storage", "DicomPort" : 0, "StorageCompression" : true,
          "UserContentType" : { "report" : [ 1030, "text/plain" ] } }
        """#.utf8), to: "filmroom.json")
    // Larger than what is shown, and than what is read at a time.
    let content = Array((0..<50_000).map { "line \($0) of the report\n" }.joined().utf8)
    _ = try folder.write(content, to: "source.txt")
    let pager = try folder.write(
      Array("#!/bin/sh\ncp \"$1\" \(folder.path)/paged\necho \"$1\" > \(folder.path)/paged-path\n".utf8),
      to: "pager")
    chmod(pager, 0o700)
    let demo = try await RunningProgram.run(RunningProgram.filmroom, ["demo", "--storage", storage])
    try #require(demo.status == 0, "\(demo.output)")
    let terminal = Terminal()
    try await terminal.start(
      "cd \(folder.path); PAGER=\(pager) LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --config \(configuration); echo LEFT; exec sleep 60"
    )
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("a")
    #expect(try await terminal.shows("None of your own yet"))
    try await terminal.press("a", "r", "e", "p", "Tab", "Enter")
    #expect(try await terminal.shows("Attach file:"))
    try await terminal.press("sou", "Tab")
    #expect(try await terminal.shows("Attach file: source.txt"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("report stored, revision 0"))
    #expect(try await terminal.shows("text/plain"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("first 64 kB"))
    #expect(try await terminal.shows("line 3 of the report"))
    try await terminal.press("Escape", "V")
    #expect(try await terminal.shows("report is sound"))
    try await terminal.press("w")
    #expect(try await terminal.shows("Write to file: report.txt"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("report written to report.txt"))
    #expect(FileManager.default.contents(atPath: folder.path + "/report.txt").map(Array.init) == content)
    try await terminal.press("P")
    #expect(await eventually { FileManager.default.fileExists(atPath: folder.path + "/paged-path") })
    #expect(FileManager.default.contents(atPath: folder.path + "/paged").map(Array.init) == content)
    let copy = try String(contentsOfFile: folder.path + "/paged-path", encoding: .utf8).dropLast()
    #expect(await eventually { !FileManager.default.fileExists(atPath: String(copy)) })
    // The terminal is the program's again.
    try await terminal.press("d")
    #expect(try await terminal.shows("Delete report"))
    try await terminal.press("y")
    #expect(try await terminal.shows("None of your own yet"))
    try await terminal.press("Escape")
    try await terminal.press("q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
    let verified = try await RunningProgram.run(
      RunningProgram.filmroom, ["verify", "--deep", "--storage", storage])
    #expect(verified.status == 0, "\(verified.output)")
  }
}
