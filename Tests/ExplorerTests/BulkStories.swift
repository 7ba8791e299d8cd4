import DICOM
import Store
import Testing

@testable import Explorer

/// Metadata of several rows, clicks in windows, long tasks, and names by their groups.
@Suite struct BulkStories {
  private let note = MetadataKey(rawValue: 1024)

  private func values(_ story: Story) -> [String] {
    story.archive.content.withLock { content in
      content.metadata.values.flatMap { $0 }.filter { $0.key.isUserDefined }.map(\.value).sorted()
    }
  }

  private func markTwo(_ story: Story) async {
    await story.press(.character(" "), .character(" "))
  }

  @Test func metadataOfMarkedRowsIsSetOnAll() async throws {
    let story = await Story()
    await markTwo(story)
    let marked = try #require(story.state.list?.targets.map(\.reference))
    story.archive.content.withLock {
      $0.metadata[marked[0]] = [MetadataEntry(key: note, name: "my-note", value: "old", revision: 4)]
    }
    await story.press(.character("m"))
    #expect(story.text.contains("Metadata of 2 studies"))
    #expect(story.text.contains("on 1 of 2"))
    await story.press(.enter)
    for _ in 0..<3 { await story.press(.backspace) }
    await story.type("both")
    await story.press(.enter)
    #expect(values(story) == ["both", "both"])
    #expect(story.message == "my-note written on 2 resources")
    #expect(story.text.contains("on all 2"))
    await story.press(.character("d"), .character("y"))
    #expect(values(story).isEmpty)
  }

  @Test func clicksInWindows() async {
    let story = await Story()
    await story.press(.character("d"))
    #expect(story.text.contains("[ Delete ]"))
    await story.click(on: "[ No ]")
    #expect(story.state.dialog == nil)
    let before = story.state.list?.total ?? 0
    await story.press(.character("d"))
    await story.click(on: "[ Delete ]")
    #expect(story.state.list?.total == before - 1)
    await story.press(.character("s"))
    await story.click(on: "patient's ID")
    #expect(story.state.list?.query.sort == .patientID && story.state.dialog == nil)
    await story.press(.character("l"))
    await story.click(on: "urgent")
    await story.press(.enter)
    #expect(
      story.archive.asked.contains { $0.hasPrefix("labels +urgent") || $0.hasPrefix("labels + -urgent") })
    // Beside what can be clicked nothing happens.
    await story.press(.character("s"))
    await story.click(on: "Sort by")
    #expect(story.state.dialog != nil)
  }

  @Test func longTasksShowHowFarTheyAre() async {
    let story = await Story()
    await story.press(.character("i"))
    await story.type("/data")
    await story.press(.enter)
    #expect(story.text.contains("Importing /data"))
    await story.press(.character("D"))
    #expect(story.message.contains("still under way"))
    await story.finishWork {
      await story.send(.tick(Story.now + 4))
      await story.press(.character("j"))
      #expect(story.text.contains("Importing /data: 340 of 1,204 · 85/s · 10 s left"))
      #expect(story.row(0).contains("1 job"))
      await story.press(.character("q"))
      #expect(story.text.contains("is under way; what is stored by now stays"))
      await story.press(.escape, .control("x"))
      #expect(story.terminal == [.stopWork])
      #expect(story.text.contains("stopping"))
    }
    #expect(story.message == "Imported /data" && story.state.work == nil)
    await story.act(.stopWork)
    #expect(story.message == "Nothing is under way")
    await story.press(.character(":"))
    await story.type("import /lost")
    await story.press(.enter)
    await story.finishWork()
    #expect(story.message == "there is no file or folder /lost")
  }

  @Test func namesByTheirGroups() async {
    let story = await Story()
    #expect(story.text.contains("YAMADA, TARO 山田,太郎"))
    await story.press(.character(":"))
    await story.type("set names=ideographic")
    await story.press(.enter)
    #expect(story.text.contains("山田,太郎 YAMADA, TARO"))
    await story.press(.character(":"))
    await story.type("set names=greek")
    await story.press(.enter)
    #expect(story.message.hasPrefix("Names are shown by one of: Alphabetic"))
  }

  @Test func demoStudiesGoOnlyAfterTheQuestion() async throws {
    let story = await Story()
    await story.press(.character("D"))
    await story.finishWork()
    #expect(story.message == "Wrote the demo studies")
    var row = try #require(story.state.list?.cursorRow)
    row.id = Synthetic.demo.id
    story.archive.add([row])
    await story.press(.character("D"))
    #expect(story.text.contains("Delete 1 study"))
    await story.press(.enter)
    #expect(!story.archive.asked.contains { $0.hasPrefix("delete") })
  }

  @Test func metadataEditsCanBeTakenBack() async throws {
    let story = await Story()
    await markTwo(story)
    await story.press(.character("m"), .character("a"))
    await story.type("my-note")
    await story.press(.enter)
    await story.type("x")
    await story.press(.enter, .escape)
    #expect(values(story) == ["x", "x"])
    await story.press(.character("u"))
    #expect(values(story).isEmpty)
    // One resource: an edit and a removal.
    await story.press(.escape, .character("m"), .character("a"))
    await story.type("1030")
    await story.press(.enter)
    await story.type("a")
    await story.press(.enter, .enter)
    await story.type("b")
    await story.press(.enter, .character("d"), .character("y"), .escape)
    #expect(values(story).isEmpty)
    await story.press(.character("u"))
    #expect(values(story) == ["ab"])
    // It came back as a new value, so that the edits before it are no longer at their revision.
    await story.press(.character("u"))
    #expect(values(story) == ["ab"] && story.message.contains("not taken back"))
  }

  @Test func aDeletionEmptiesTheUndo() async {
    let story = await Story()
    await story.press(.character("p"), .character("j"), .character("j"), .character("d"), .tab, .enter)
    await story.press(.character("u"))
    #expect(story.message == "Nothing to undo; a deletion can't be taken back")
  }

  @Test func readOnlyKeysAreRefusedBeforeAnythingIsTyped() async {
    let story = await Story()
    await story.press(.character("m"), .character("a"))
    await story.type("1000")
    await story.press(.enter)
    guard case .metadata(let dialog) = story.state.dialog, case .naming = dialog.mode else {
      Issue.record("the value is asked for")
      return
    }
  }
}
