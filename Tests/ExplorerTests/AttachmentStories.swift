import DICOM
import Foundation
import Store
import TestSupport
import Testing

@testable import Explorer

@Suite struct AttachmentStories {
  static let report = AttachmentType(rawValue: 1030)

  /// A study with a text, and one with JSON.
  static func story(width: Int = 120, height: Int = 24) async -> Story {
    let story = await Story(width: width, height: height)
    if let study = story.state.list?.cursorRow?.reference {
      story.archive.content.withLock {
        $0.attachments[study] = [
          ScriptedAttachment(
            1030, "report", Array("Nothing of note.\r\n\tDr. K.".utf8), mimeType: "text/plain", revision: 2),
          ScriptedAttachment(
            9999, "Osimis WebViewer: annotations", Array(#"{"a":[1,{"b":"x, y"}]}"#.utf8)),
        ]
      }
    }
    await story.press(.character("a"))
    return story
  }

  private static func study(_ story: Story) -> ResourceReference? { story.state.list?.cursorRow?.reference }

  private func bytes(_ story: Story, _ type: AttachmentType = report) -> [UInt8]? {
    let study = Self.study(story)
    return story.archive.content.withLock { content in
      study.flatMap { content.attachments[$0]?.first { $0.info.type == type }?.bytes }
    }
  }

  @Test func textAndJSONAreShownInPlace() async {
    let story = await Self.story()
    await story.press(.enter)
    #expect(story.text.contains("│ Nothing of note."))
    #expect(story.text.contains("│     Dr. K."))
    #expect(story.archive.asked.contains("bytes 1030 0..<64000"))
    // Esc closes the text, not the window.
    await story.press(.escape, .down, .enter)
    #expect(story.text.contains("      \"b\": \"x, y\""))
    await story.press(.escape, .escape)
    #expect(story.state.dialog == nil)
  }

  @Test func whatIsNoTextIsNotShown() async throws {
    let story = await Self.story()
    let study = try #require(Self.study(story))
    try story.archive.set(Self.report, to: [0, 1, 2, 255], expecting: .any, of: study)
    await story.deliver()
    await story.press(.enter)
    #expect(story.message.hasPrefix("report is no text"))
  }

  @Test func emptyJSONStaysOnItsLine() {
    #expect(AttachmentText.indented(#"{"a":{ },"b":"{"}"#) == "{\n  \"a\": {},\n  \"b\": \"{\"\n}")
  }

  @Test func onlyTheBeginningIsShown() {
    var info = ScriptedAttachment(1030, "r", Array("aé".utf8), mimeType: "text/plain").info
    info.uncompressedSize = 1000
    // The bound has cut a character in two.
    #expect(AttachmentText.text(Array("aé".utf8.dropLast()), of: info) == "a")
    info.uncompressedSize = 2
    #expect(AttachmentText.text(Array("aé".utf8.dropLast()), of: info) == "a\u{C3}")
    info.mimeType = "application/octet-stream"
    #expect(AttachmentText.text(Array("aé".utf8.dropLast()), of: info) == nil)
  }

  @Test func oneIsAddedFromAFile() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Array("picture".utf8), to: "picture.png")
    let story = await Self.story()
    await story.press(.character("a"))
    await story.type("th")
    await story.press(.tab, .enter)
    #expect(story.text.contains("Attach file:"))
    await story.type(String(file.dropLast(3)))
    await story.press(.tab, .enter)
    #expect(bytes(story, AttachmentType(rawValue: 1031)) == Array("picture".utf8))
    #expect(story.message == "thumbnail stored, revision 0")
    #expect(story.text.contains("thumbnail"))
    // What is no file is told, and nothing changes.
    await story.press(.character("a"))
    await story.type("1040")
    await story.press(.enter)
    await story.type("/nowhere/x")
    await story.press(.enter)
    #expect(story.message == "can't open /nowhere/x")
    #expect(story.state.work == nil)
    // A slip is mended without typing it all again; what worked is not proposed.
    await story.press(.character("r"))
    #expect(story.state.prompt?.field.text == "/nowhere/x")
    await story.press(.control("u"))
    await story.type(file)
    await story.press(.enter, .character("r"))
    #expect(story.state.prompt?.field.text == "")
  }

  @Test func coreOnesAreProtected() async {
    let story = await Story()
    await story.press(.enter, .enter, .character("a"))
    #expect(story.text.contains("◆ dicom"))
    await story.press(.character("d"))
    #expect(story.message == "dicom is protected: it is the image itself, and goes with its instance")
    await story.press(.character("r"))
    #expect(story.message.hasPrefix("dicom is protected"))
    await story.press(.character("a"))
    await story.type("1")
    await story.press(.enter)
    #expect(story.message.hasPrefix("1 is protected"))
    #expect(!story.archive.asked.contains { $0.hasPrefix("detach") || $0.hasPrefix("attach") })
  }

  @Test func anExportAsksBeforeItOverwrites() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Array("mine".utf8), to: "report.txt")
    let story = await Self.story()
    func export() async {
      await story.press(.character("w"))
      #expect(story.state.prompt?.field.text == "report.txt")
      await story.press(.control("u"))
      await story.type(file)
      await story.press(.enter)
    }
    await export()
    #expect(story.text.contains("is there already."))
    await story.press(.enter)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    await export()
    await story.press(.character("y"))
    #expect(FileManager.default.contents(atPath: file).map(Array.init) == bytes(story))
    #expect(story.message.hasPrefix("report written to \(file)"))
  }

  @Test func deletingAsks() async {
    let story = await Self.story()
    await story.press(.character("d"), .enter)
    #expect(!story.archive.asked.contains { $0.hasPrefix("detach") })
    await story.press(.character("d"), .character("y"))
    #expect(story.archive.asked.contains("detach 1030 at revision(2)"))
    #expect(bytes(story) == nil)
    #expect(story.message == "report deleted")
  }

  @Test func aConflictIsAskedAbout() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Array("mine".utf8), to: "mine.txt")
    for key in [Key.character("k"), .character("t")] {
      let story = await Self.story()
      let study = try #require(Self.study(story))
      await story.press(.character("r"))
      // Somebody is quicker.
      try story.archive.set(Self.report, to: Array("theirs".utf8), expecting: .revision(2), of: study)
      await story.type(file)
      await story.press(.enter)
      #expect(story.text.contains("Somebody changed report meanwhile."))
      #expect(story.text.contains("theirs   revision 3 · 6 bytes"))
      #expect(story.text.contains("yours    \(file) · made for revision 2"))
      #expect(bytes(story) == Array("theirs".utf8))
      await story.press(key)
      #expect(bytes(story) == Array((key == .character("k") ? "mine" : "theirs").utf8))
      #expect(!story.text.contains("Somebody changed"))
    }
  }

  @Test func checkedAndHandedOn() async throws {
    let story = await Self.story()
    await story.press(.character("V"))
    #expect(story.message == "report is sound: its content is what was stored")
    await story.press(.character("P"))
    guard case .openFile(let path, .pager)? = story.terminal.last else {
      Issue.record("nothing was handed on: \(story.terminal)")
      return
    }
    #expect(path.hasSuffix("/report.txt"))
    #expect(FileManager.default.contents(atPath: path).map(Array.init) == bytes(story))
    let folder = String(path.dropLast("/report.txt".count))
    let rights = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
    #expect(rights == 0o700)
    try FileManager.default.removeItem(atPath: folder)
    story.state.capabilities.canPage = false
    await story.press(.character("P"))
    #expect(story.message == "Set $PAGER to read attachments in it")
  }
}
