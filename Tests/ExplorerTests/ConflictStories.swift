import DICOM
import Store
import Testing

@testable import Explorer

/// Metadata of several rows, some of which others change while one types.
@Suite struct ConflictStories {
  private let note = MetadataKey(rawValue: 1024)

  private func value(_ story: Story, _ row: ResourceReference) -> String? {
    story.archive.content.withLock { $0.metadata[row]?.first { $0.key == note }?.value }
  }

  private func values(_ story: Story, _ rows: [ResourceReference]) -> [String?] {
    rows.map { value(story, $0) }
  }

  /// Somebody else writes, at whatever revision it is.
  private func others(_ story: Story, _ value: String?, on row: ResourceReference) {
    story.archive.content.withLock { content in
      let revision = content.metadata[row]?.first { $0.key == note }?.revision
      content.metadata[row] = value.map {
        [MetadataEntry(key: note, name: "my-note", value: $0, revision: (revision ?? -1) + 1)]
      }
    }
  }

  /// Marks four rows that all have `first`, types `mine` over it, and lets others change the last three meanwhile.
  private func conflict() async throws -> (story: Story, rows: [ResourceReference]) {
    let story = await Story()
    for _ in 0..<4 { await story.press(.character(" ")) }
    let rows = try #require(story.state.list?.targets.map(\.reference))
    for row in rows { others(story, "first", on: row) }
    await story.press(.character("m"), .enter)
    for _ in 0..<5 { await story.press(.backspace) }
    await story.type("mine")
    others(story, "two", on: rows[1])
    others(story, "three", on: rows[2])
    others(story, nil, on: rows[3])
    await story.press(.enter)
    #expect(values(story, rows) == ["mine", "two", "three", nil])
    return (story, rows)
  }

  @Test func eachIsAskedAboutByName() async throws {
    let (story, rows) = try await conflict()
    let titles = try #require(story.state.list?.targets.map { $0.longTitle(" · ").prefix(30) })
    #expect(story.text.contains("Somebody changed my-note meanwhile (1 of 3)."))
    #expect(story.text.contains("on       " + titles[1]))
    #expect(story.text.contains("theirs   rev 1  two"))
    #expect(story.text.contains("yours    for rev 0  mine"))
    #expect(story.text.contains("K all mine  T all theirs  Esc change nothing"))
    await story.press(.character("x"))
    #expect(story.text.contains("K or T all that are left"))
    await story.press(.character("k"))
    #expect(story.text.contains("on       " + titles[2]) && story.text.contains("theirs   rev 1  three"))
    await story.press(.character("t"))
    #expect(story.text.contains("(3 of 3)") && story.text.contains("theirs   (removed)"))
    // Nothing is done before the last answer, and there is no other left for which it could be given.
    #expect(values(story, rows) == ["mine", "two", "three", nil])
    #expect(!story.text.contains("K all mine"))
    await story.press(.character("k"))
    #expect(values(story, rows) == ["mine", "mine", "three", "mine"])
    #expect(story.message == "my-note written on 3 resources; stays as others left it on 1 resource")
    #expect(story.text.contains("different values"))
    // What is taken back is theirs where mine won over it.
    await story.press(.escape, .character("u"))
    #expect(values(story, rows) == ["first", "two", "three", nil])
  }

  @Test(arguments: [Key.character("K"), .character("T")]) func allThatAreLeftGetOneAnswer(key: Key)
    async throws
  {
    let (story, rows) = try await conflict()
    await story.press(key == .character("K") ? .character("t") : .character("k"), key)
    if key == .character("K") {
      #expect(values(story, rows) == ["mine", "two", "mine", "mine"])
    } else {
      #expect(values(story, rows) == ["mine", "mine", "three", nil])
    }
    guard case .metadata(let dialog) = story.state.dialog else {
      Issue.record("the window stays")
      return
    }
    #expect(dialog.mode == .browsing)
  }

  @Test func theirsForAllWritesNothing() async throws {
    let (story, rows) = try await conflict()
    let asked = story.archive.asked.filter { $0.hasPrefix("metadata") }.count
    await story.press(.character("T"))
    #expect(values(story, rows) == ["mine", "two", "three", nil])
    #expect(story.archive.asked.filter { $0.hasPrefix("metadata") }.count == asked)
    #expect(story.message == "my-note written on 1 resource; stays as others left it on 3 resources")
  }

  @Test func backLosesNothingThatWasTyped() async throws {
    let (story, rows) = try await conflict()
    // The first answer does not count when one goes back at the second.
    await story.press(.character("k"), .escape)
    #expect(values(story, rows) == ["mine", "two", "three", nil])
    #expect(story.text.contains("my-note: mine") && story.text.contains("Not saved on 3"))
    // What was written stays, and is not written again; the others are asked about again.
    await story.press(.enter)
    #expect(story.text.contains("(1 of 3)"))
    await story.press(.character("K"))
    #expect(values(story, rows) == ["mine", "mine", "mine", "mine"])
    #expect(story.archive.content.withLock { $0.metadata[rows[0]]?.first?.revision } == 1)
    await story.press(.escape, .character("u"))
    #expect(values(story, rows) == ["mine", "two", "three", nil])
    await story.press(.character("u"))
    #expect(value(story, rows[0]) == "first")
  }

  @Test func whoeverChangesItOnceMoreIsAskedAboutOnceMore() async throws {
    let (story, rows) = try await conflict()
    await story.press(.character("k"), .character("k"))
    others(story, "again", on: rows[1])
    await story.press(.character("k"))
    #expect(values(story, rows) == ["mine", "again", "mine", "mine"])
    #expect(story.text.contains("Somebody changed my-note meanwhile."))
    #expect(story.text.contains("theirs   rev 2  again") && story.text.contains("yours    for rev 1  mine"))
    await story.press(.character("t"))
    #expect(story.message == "my-note written on 3 resources; stays as others left it on 1 resource")
  }

  @Test func whatOthersWroteTheSameIsNotAskedAbout() async throws {
    let story = await Story()
    await story.press(.character(" "), .character(" "))
    let rows = try #require(story.state.list?.targets.map(\.reference))
    await story.press(.character("m"), .character("a"))
    await story.type("my-note")
    await story.press(.enter)
    await story.type("same")
    others(story, "same", on: rows[1])
    await story.press(.enter)
    #expect(values(story, rows) == ["same", "same"])
    #expect(!story.text.contains("Somebody changed") && story.text.contains("on all 2"))
  }

  @Test func removingAsksToo() async throws {
    let story = await Story()
    for _ in 0..<3 { await story.press(.character(" ")) }
    let rows = try #require(story.state.list?.targets.map(\.reference))
    for row in rows { others(story, "first", on: row) }
    await story.press(.character("m"), .character("d"))
    others(story, "two", on: rows[1])
    others(story, "three", on: rows[2])
    await story.press(.character("y"))
    #expect(story.text.contains("yours    for rev 0  (remove it)"))
    #expect(values(story, rows) == [nil, "two", "three"])
    await story.press(.character("k"), .escape)
    #expect(values(story, rows) == [nil, "two", "three"])
    #expect(story.message == "my-note removed from 1 resource; stays as others left it on 2 resources")
    await story.press(.character("d"), .character("y"))
    #expect(values(story, rows) == [nil, nil, nil])
  }

  @Test func allOfItFitsTheSmallestScreen() async throws {
    let (story, _) = try await conflict()
    await story.send(.input(.resize(Size(80, 24))))
    let keys = try #require(story.text.split(separator: "\n").first { $0.contains("K all mine") })
    #expect(keys.contains("Esc change nothing") && keys.contains("nothing │"))
    await story.press(.character("x"))
    #expect(story.text.contains("Esc changes nothing") && !story.text.contains("all mine"))
  }

  @Test func savingWhatIsThereAlreadySaysSo() async throws {
    let story = await Story()
    await story.press(.character(" "), .character(" "))
    let rows = try #require(story.state.list?.targets.map(\.reference))
    for row in rows { others(story, "first", on: row) }
    await story.press(.character("m"), .enter, .enter)
    #expect(story.message == "my-note is so on all of them already")
  }

  @Test func theChoiceCanBeClicked() async throws {
    let (story, rows) = try await conflict()
    await story.click(on: "K all mine")
    #expect(values(story, rows) == ["mine", "mine", "mine", "mine"])
  }

  @Test func answersOfOneAndOfMany() {
    typealias Numbers = Conflicts<Int, Int>
    #expect(Numbers([]) == nil)
    func conflict(_ number: Int) -> Numbers.Conflict { .init(mine: number, theirs: nil) }
    guard var one = Numbers([conflict(1)]), var many = Numbers([conflict(1), conflict(2), conflict(3)]) else {
      Issue.record("there are conflicts")
      return
    }
    #expect(
      one.answer(.character("K")) == .unknown(help: "k keeps yours, t takes theirs, Esc changes nothing"))
    #expect(one.answer(.escape) == .back)
    #expect(one.answer(.character("k")) == .settled(kept: [conflict(1)]))
    #expect(many.answer(.character("t")) == .next)
    #expect(many.current == conflict(2) && many.number == 2 && many.hasMore)
    #expect(many.answer(.character("k")) == .next)
    #expect(many.answer(.character("t")) == .settled(kept: [conflict(2)]))
  }
}
