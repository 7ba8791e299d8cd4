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

  /// Text goes to the pager, what is no text to the desktop, by programs that write down what they were given.
  @Test func othersShowWhatTheyAreGiven() async throws {
    let desk = try await Desk()
    let terminal = Terminal()
    try await terminal.start(desk.command("DISPLAY=:9 PAGER='page -R'"))
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("a")
    #expect(try await terminal.shows("None of your own yet"))
    for (name, file) in [("report", "a.txt"), ("scan", "b.pdf"), ("picture", "c.png")] {
      try await terminal.press("a")
      #expect(try await terminal.shows("name or number:"))
      try await terminal.press(name, "Enter")
      #expect(try await terminal.shows("Attach file:"))
      try await terminal.press(file, "Enter")
      #expect(try await terminal.shows("\(name) stored, revision 0"))
    }
    // The cursor stands on the report, which was there first.
    try await terminal.press("P")
    #expect(await desk.given("page", "report.txt") == desk.content["a.txt"])
    #expect(desk.text("page-arguments") == "-R")
    // It was given the terminal.
    #expect(desk.text("page-terminal") == "yes")
    for (name, file) in [("scan.pdf", "b.pdf"), ("picture.png", "c.png")] {
      try await terminal.press("j", "o")
      #expect(await desk.given("xdg-open", name) == desk.content[file])
      #expect(desk.text("xdg-open-terminal") == "no")
      #expect(try await terminal.shows("\(name) handed to xdg-open"))
    }
    // A viewer reads when it likes: the copies are there as long as the explorer.
    let copies = ["scan.pdf", "picture.png"].map { desk.text("xdg-open-path-" + $0) }
    #expect(copies.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    try await terminal.press("Escape", "q")
    #expect(try await terminal.shows("LEFT"))
    #expect(!copies.contains { FileManager.default.fileExists(atPath: $0) })
    try await terminal.end()
  }

  @Test func whatOthersCantShowIsSaid() async throws {
    let desk = try await Desk()
    let terminal = Terminal()
    try await terminal.start(desk.command("DISPLAY=:9 PAGER=page"))
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("a")
    #expect(try await terminal.shows("None of your own yet"))
    try await terminal.press("a", "scan", "Enter")
    #expect(try await terminal.shows("Attach file:"))
    try await terminal.press("b.pdf", "Enter")
    #expect(try await terminal.shows("scan stored, revision 0"))
    try desk.letFail()
    try await terminal.press("o")
    #expect(try await terminal.shows("The desktop has no program for scan.pdf, or it failed"))
    let copy = desk.text("xdg-open-path-scan.pdf")
    #expect(await eventually { !FileManager.default.fileExists(atPath: copy) })
    try await terminal.press("P")
    #expect(try await terminal.shows("The pager page ended with an error"))
    try desk.remove()
    try await terminal.press("o")
    #expect(try await terminal.shows("xdg-open could not be run: w writes scan.pdf into a file"))
    try await terminal.press("P")
    #expect(try await terminal.shows("The pager page could not be run"))
    try await terminal.press("Escape", "q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
    // Neither is there from the start.
    let other = Terminal()
    try await other.start(desk.command("DISPLAY=:9 PAGER="))
    #expect(try await other.shows("row 1"))
    try await other.press("a")
    #expect(try await other.shows("scan"))
    #expect(try await !other.screen().contains("o open"))
    try await other.press("o")
    #expect(try await other.shows("There is no desktop with xdg-open here: w writes it into a file"))
    try await other.press("P")
    #expect(try await other.shows("Set $PAGER to read attachments in it"))
    try await other.press("Escape", "q")
    #expect(try await other.shows("LEFT"))
    try await other.end()
  }
}

/// An archive, files to attach, and a PATH with a pager `page` and an `xdg-open` that write down what they are given.
private struct Desk {
  let folder: TemporaryFolder
  let content = [
    "a.txt": Array("line\n".utf8), "b.pdf": Array("%PDF-1.4 nothing\n".utf8) + [0, 255],
    "c.png": [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10],
  ]

  init() async throws {
    folder = try TemporaryFolder()
    for (name, bytes) in content { _ = try folder.write(bytes, to: name) }
    let settings = #"""
      { "StorageDirectory" : "storage", "DicomPort" : 0, "UserContentType" : {
          "report" : [ 1030, "text/plain" ], "scan" : [ 1031, "application/pdf" ],
          "picture" : [ 1032, "image/png" ] } }
      """#
    _ = try folder.write(Array(settings.utf8), to: "filmroom.json")
    try FileManager.default.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: false)
    for program in ["page", "xdg-open"] {
      let script = """
        #!/bin/sh
        cd \(folder.path)
        for file; do :; done
        [ $# -gt 1 ] && echo "$1" > \(program)-arguments
        [ -t 0 ] && [ -t 1 ] && echo yes > \(program)-terminal || echo no > \(program)-terminal
        /bin/cp "$file" "\(program)-was-given-${file##*/}"
        echo "$file" > "\(program)-path-${file##*/}"
        [ ! -e fails ]
        """
      chmod(try folder.write(Array(script.utf8), to: "bin/" + program), 0o700)
    }
    let demo = try await RunningProgram.run(
      RunningProgram.filmroom, ["demo", "--storage", folder.path + "/storage"])
    try #require(demo.status == 0, "\(demo.output)")
  }

  /// For the shell: the explorer, which finds nothing but these programs.
  func command(_ environment: String) -> String {
    """
    cd \(folder.path); PATH=\(folder.path)/bin LC_ALL=C.UTF-8 \(environment) \(RunningProgram.filmroom) \
    --config filmroom.json; echo LEFT; exec sleep 60
    """
  }

  func letFail() throws { _ = try folder.write([], to: "fails") }

  func remove() throws { try FileManager.default.removeItem(atPath: folder.path + "/bin") }

  /// What a program has found in a file of this name.
  func given(_ program: String, _ name: String) async -> [UInt8]? {
    let path = folder.path + "/\(program)-"
    guard await eventually({ !text("\(program)-path-\(name)").isEmpty }) else { return nil }
    return FileManager.default.contents(atPath: path + "was-given-" + name).map(Array.init)
  }

  /// A line that was written down.
  func text(_ file: String) -> String {
    let text = try? String(contentsOfFile: folder.path + "/" + file, encoding: .utf8)
    return text.map { String($0.dropLast()) } ?? ""
  }
}
