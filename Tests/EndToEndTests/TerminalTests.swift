import DICOM
import Foundation
import TestSupport
import Testing

/// The explorer in a real terminal: tmux, on a socket of its own.
@Suite(.serialized) struct TerminalTests {
  @Test func aStudyArrivesWhileOneLooks() async throws {
    let folder = try TemporaryFolder()
    let terminal = Terminal()
    let storage = folder.path + "/storage"
    try await terminal.start(
      "LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0; echo LEFT; exec sleep 60"
    )
    #expect(try await terminal.shows("No studies yet"))
    let port = try Terminal.dicomPort(storage)
    let file = folder.path + "/a.dcm"
    try Data(DataSetSamples.file(patientName: "YAMADA^TARO=山田^太郎")).write(to: URL(fileURLWithPath: file))
    let sent = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port, file])
    #expect(sent.status == 0, "\(sent.output)")
    #expect(try await terminal.shows("山田"))
    try await terminal.press("l")
    #expect(try await terminal.shows("Labels of"))
    try await terminal.press("u", "r", "g", "e", "n", "t", "Enter")
    try await terminal.press("Enter")
    #expect(try await terminal.shows("urgent"))
    try await terminal.press("q")
    let hasLeft = try await eventually {
      if try await terminal.screen().contains("LEFT") { return true }
      try await terminal.press("y")
      return false
    }
    #expect(hasLeft)
    try await terminal.end()
    let verified = try await RunningProgram.run(
      RunningProgram.filmroom, ["verify", "--deep", "--storage", storage])
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test func keysWorkAfterTheEditorHasHadTheTerminal() async throws {
    let folder = try TemporaryFolder()
    let terminal = Terminal()
    let storage = folder.path + "/storage"
    let editor = try folder.write(Array("#!/bin/sh\nprintf edited > \"$1\"\n".utf8), to: "editor")
    chmod(editor, 0o700)
    try await terminal.start(
      "EDITOR=\(editor) LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0; echo LEFT; exec sleep 60"
    )
    #expect(try await terminal.shows("No studies yet"))
    try await terminal.press("D")
    #expect(try await terminal.shows("110 instances written"))
    try await terminal.press("m", "a", "1", "0", "3", "0", "Enter", "v", "Enter")
    #expect(try await terminal.shows("rev 0"))
    try await terminal.press("E")
    #expect(try await terminal.shows("edited"))
    #expect(try await terminal.shows("rev 1"))
    // The terminal is the program's again: Esc closes the window, ? opens the help.
    try await terminal.press("Escape")
    try await terminal.press("?")
    #expect(try await terminal.shows("find:"))
    // Without its terminal it would go on as a server: it is quit first.
    try await terminal.press("Escape")
    try await terminal.press("q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
  }
}
