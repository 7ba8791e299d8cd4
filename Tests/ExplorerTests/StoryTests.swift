import DICOM
import Store
import Testing

@testable import Explorer

@Suite struct ActivityStories {
  private func study(_ number: Int) -> ResourceRow {
    Synthetic.study(
      number, of: Synthetic.people[2], kind: ("CT", "Fresh"), date: "20250101", received: Story.now)
  }

  @Test func whatIsNotKeptIsShownToo() async throws {
    let story = await Story(height: 24)
    story.jobs.content.withLock { $0.jobs = ScriptedJobs.samples(now: Double(Story.now)) }
    let job = try #require(story.jobs.content.withLock { $0.jobs.first })
    await story.press(.character("p"), .character("3"))
    let row = try #require(story.archive.content.withLock { $0.rows[.study]?.last })
    _ = try await story.archive.delete([row.reference])
    try await story.archive.editLabels(
      adding: ["urgent"], removing: [],
      on: [try #require(story.archive.content.withLock { $0.rows[.study]?.first?.reference })])
    story.archive.tell(jobs: [
      JobEvent(kind: .failure, job: job.id, date: Story.now),
      JobEvent(kind: .updated, job: job.id, date: Story.now),
    ])
    await story.deliver()
    for text in ["study deleted", "labels", "protection", "job failed"] {
      #expect(story.text.contains(text), "\(text)")
    }
    #expect(!story.text.contains("job changed"))
    // The newest stands first: Enter goes to the job.
    await story.press(.enter)
    #expect(story.state.tab == .jobs)
    #expect(story.state.jobs.current?.id == job.id)
    await story.press(.character("3"), .down, .enter)
    #expect(story.state.tab == .studies)
  }

  @Test func whatTheStreamLeftOutIsRead() async {
    let story = await Story(height: 24)
    await story.press(.character("3"))
    for number in 900...902 { story.archive.arrive([study(number)], date: Story.now) }
    let told = story.archive.content.withLock { content in
      defer { content.told = [] }
      return content.told
    }
    var event = told[2]
    event.isTruncated = true
    await story.send(.archive(event))
    #expect(story.state.activity.entries.compactMap(\.newest.change?.sequence) == [3, 2, 1])
    // Not read twice, and not lost by reading anew.
    await story.press(.character("r"))
    #expect(story.state.activity.entries.compactMap(\.newest.change?.sequence) == [3, 2, 1])
  }
}

@Suite struct BrowsingStories {
  @Test func downToATagAndUpAgain() async {
    let story = await Story()
    #expect(story.cursorName == "DOE, JANE")
    await story.act(.open)
    #expect(story.state.context == .series)
    #expect(story.row(0).hasPrefix(" Studies › DOE, JANE › CT Chest with contrast 2024-12-27"))
    await story.act(.down)
    await story.act(.open)
    #expect(story.state.context == .instances)
    await story.act(.open)
    #expect(story.state.context == .tags)
    #expect(story.text.contains("(0008,0060) CS Modality"))
    await story.press(.backspace)
    await story.press(.left)
    #expect(story.state.context == .series)
    #expect(story.state.list?.cursor == 1)
    await story.press(.character("h"))
    #expect(story.state.context == .studies)
    #expect(story.cursorName == "DOE, JANE")
  }

  @Test func escapeGoesBackAndNeverQuits() async {
    let story = await Story()
    await story.act(.open)
    await story.act(.open)
    for _ in 0..<10 { await story.press(.escape) }
    #expect(story.state.context == .studies)
    #expect(story.state.stack.count == 1)
    #expect(!story.terminal.contains(.quit))
  }

  @Test func longListsAreReadInWindows() async {
    let story = await Story(studies: 1500, deep: 0)
    #expect(story.state.list?.total == 1500)
    #expect((story.state.list?.window.rows.count ?? 0) <= 180)
    await story.act(.bottom)
    #expect(story.state.list?.cursor == 1499)
    #expect(story.state.list?.cursorRow != nil)
    await story.act(.top)
    for _ in 0..<20 { await story.act(.pageDown) }
    #expect(story.state.list?.cursor == 20 * (story.state.visibleRows - 1))
    #expect(story.state.list?.cursorRow != nil)
    #expect(!story.row(3).contains("·"))
  }

  @Test func rowsNotReadYetAreDots() async {
    let story = await Story(studies: 1500, deep: 0)
    _ = story.state.update(.input(.key(.character("G"))))
    #expect(story.row(10).contains("·"))
    #expect(story.row(10).filter { $0.isLetter }.isEmpty || story.row(10).contains("│"))
  }

  @Test func filterActsWhileTyping() async {
    let story = await Story()
    await story.press(.character("/"))
    await story.type("mod:MR")
    #expect(story.state.list?.total == 2)
    await story.press(.enter)
    #expect(story.state.list?.filterText == "mod:MR")
    #expect(story.text.contains("/mod:MR"))
    await story.press(.escape)
    #expect(story.state.list?.total == 12)
  }

  @Test func filterKeepsTheCursorOnItsStudy() async {
    let story = await Story()
    for _ in 0..<4 { await story.act(.down) }
    let name = story.cursorName
    await story.press(.character("/"))
    await story.type(String(name.prefix(3)))
    #expect(story.cursorName == name)
    await story.press(.escape)
    #expect(story.cursorName == name)
  }

  @Test func sortByMenuHeaderAndCommand() async {
    let story = await Story()
    await story.press(.character("s"), .down, .enter)
    #expect(story.state.list?.query.sort == .patientName)
    #expect(story.row(1).contains("PATIENT ▴"))
    await story.press(.character("S"))
    #expect(story.state.list?.query.isDescending == true)
    let column = story.row(1).distance(
      from: story.row(1).startIndex,
      to: story.row(1).firstRange(of: "INST")?.lowerBound ?? story.row(1).startIndex)
    await story.send(.input(.mouse(MouseEvent(kind: .click, position: Point(column, 1)))))
    #expect(story.state.list?.query.sort == .instances)
    await story.press(.character(":"))
    await story.type("sort studyDate")
    await story.press(.enter)
    #expect(story.state.list?.query.sort == .studyDate)
  }

  /// The rows are there already: they only change their places, before anything is read.
  @Test func theOrderIsTurnedRoundAtOnce() async {
    for place in [0, 3, 60, 199] {
      let story = await Story(studies: 200, deep: 0)
      await story.press(.character("s"), .down, .enter)
      for _ in 0..<place { await story.act(.down) }
      let (row, before) = (story.state.list?.cursorRow?.id, story.state.list)
      let effects = story.state.update(.input(.key(.character("S"))))
      let turned = story.state.list
      #expect(turned?.cursorRow?.id == row && turned?.cursor == 199 - place)
      #expect(turned?.window.rows == before?.window.rows.reversed())
      let (top, visible) = (turned?.top ?? 0, story.state.visibleRows)
      #expect((top..<min(200, top + visible)).allSatisfy { turned?.row(at: $0) != nil })
      #expect(!effects.isEmpty)
      // What is read afterwards finds them where they are, and the other way round as before.
      await story.press(.character("S"), .character("S"))
      #expect(story.state.list?.cursor == turned?.cursor && story.state.list?.top == turned?.top)
      #expect(story.state.list?.row(at: 199 - place)?.id == row)
      await story.press(.character("S"))
      #expect(story.state.list?.cursor == place && story.state.list?.cursorRow?.id == row)
      #expect(place == 199 || story.state.list?.row(at: place + 1)?.id == before?.row(at: place + 1)?.id)
    }
  }

  /// Rows of another order or filter are not turned round: they are on their way out.
  @Test func rowsThatAreOnTheirWayOutAreNotTurnedRound() async {
    let story = await Story(studies: 200, deep: 0)
    await story.act(.down)
    let rows = story.state.list?.window.rows
    _ = story.state.sort(by: .patientName)
    let effects = story.state.update(.input(.key(.character("S"))))
    #expect(story.state.list?.window.rows == rows)
    guard case .loadWindow(let request)? = effects.first else {
      Issue.record("nothing is read")
      return
    }
    #expect(request.query.isDescending && request.purpose == .keepOrStart)
  }

  @Test func mouseSelectsOpensAndScrolls() async {
    let story = await Story(studies: 200, deep: 3)
    await story.send(.input(.mouse(MouseEvent(kind: .click, position: Point(10, 5)))))
    #expect(story.state.list?.cursor == 2)
    await story.send(.input(.mouse(MouseEvent(kind: .click, position: Point(10, 5)))))
    #expect(story.state.context == .series)
    await story.press(.escape)
    await story.send(.input(.mouse(MouseEvent(kind: .wheelDown, position: Point(10, 5)))))
    #expect(story.state.list?.top == 3)
    let hint = HintLine.hints(for: story.state).first { $0.text == "labels" }
    await story.send(.input(.mouse(MouseEvent(kind: .click, position: Point((hint?.x ?? 0) + 1, 39)))))
    #expect(story.state.context == .labels)
  }

  @Test func commandsCompleteAndRun() async {
    let story = await Story()
    await story.press(.character(":"))
    await story.type("pat")
    await story.press(.tab, .enter)
    #expect(story.state.tab == .patients)
    await story.press(.character(":"))
    await story.type("nonsense")
    await story.press(.enter)
    #expect(story.message.contains("no command “nonsense”"))
    await story.press(.character(":"))
    await story.type("label ur")
    await story.press(.tab)
    #expect(story.state.prompt?.field.text == "label urgent")
  }

  @Test func aKeyThatCannotActSaysWhy() async {
    let story = await Story()
    await story.press(.character("u"))
    #expect(story.message == "Nothing to undo; a deletion can't be taken back")
    await story.press(.character("n"))
    #expect(story.message == "Nothing has arrived since you looked")
    await story.press(.character("Z"))
    #expect(story.message == "Z does nothing here; ? shows the keys")
    let empty = await Story(studies: 0)
    await empty.press(.character("d"))
    #expect(empty.message.contains("The archive is empty"))
  }

  @Test func helpFindsAndRuns() async {
    let story = await Story()
    await story.press(.character("?"))
    await story.type("all patients")
    await story.press(.enter)
    #expect(story.state.tab == .patients)
  }

  @Test func pastesNeverBecomeKeys() async {
    let story = await Story()
    await story.send(.input(.paste("dq\u{1B}[A")))
    #expect(story.state.dialog == nil)
    #expect(story.terminal.isEmpty)
    await story.press(.character("/"))
    await story.send(.input(.paste("DOE")))
    #expect(story.state.list?.filterText == "DOE")
  }
}

@Suite struct LiveStories {
  private func newStudy(_ number: Int, date: String) -> ResourceRow {
    Synthetic.study(
      number, of: Synthetic.people[2], kind: ("CT", "Fresh"), date: date, received: Story.now, isStable: false
    )
  }

  @Test func arrivalsKeepTheCursorOnItsStudy() async {
    let story = await Story(studies: 60, deep: 0)
    for _ in 0..<50 { await story.act(.down) }
    let name = story.state.list?.cursorRow?.id
    let screenRow = (story.state.list?.cursor ?? 0) - (story.state.list?.top ?? 0)
    story.archive.arrive((0..<5).map { newStudy(900 + $0, date: "2025010\($0 + 1)") })
    await story.deliver()
    #expect(story.state.list?.cursorRow?.id == name)
    #expect(story.state.list?.cursor == 55)
    #expect((story.state.list?.cursor ?? 0) - (story.state.list?.top ?? 0) == screenRow)
    #expect(story.text.contains("5 new"))
  }

  @Test func arrivalsAreMarkedUntilSeen() async {
    let story = await Story()
    story.archive.arrive([newStudy(900, date: "20250101")])
    await story.deliver()
    #expect(story.row(3).hasPrefix("+  MÜLLER, ANNA"))
    #expect(story.cursorName == "DOE, JANE")
    await story.press(.character("n"))
    #expect(story.cursorName == "MÜLLER, ANNA")
    await story.press(.character("j"))
    #expect(story.row(3).hasPrefix("…  MÜLLER, ANNA"))
    #expect(!story.text.contains(" new"))
  }

  @Test func aDeletedRowLeavesTheCursorAtItsPlace() async throws {
    let story = await Story(studies: 60, deep: 0)
    for _ in 0..<10 { await story.act(.down) }
    let row = try #require(story.state.list?.cursorRow)
    let next = story.state.list?.row(at: 11)?.id
    _ = try await story.archive.delete([row.reference])
    await story.deliver()
    #expect(story.state.list?.cursor == 10)
    #expect(story.state.list?.cursorRow?.id == next)
  }

  @Test func eventsWhileReadingAreNotLost() async {
    let story = await Story()
    story.archive.arrive([newStudy(900, date: "20250101")])
    let first = story.state.update(
      .archive(ArchiveEvent(changes: [], isTruncated: true, totals: ArchiveTotals(studies: 13))))
    #expect(first.count == 1)
    let second = story.state.update(
      .archive(ArchiveEvent(changes: [], isTruncated: true, totals: ArchiveTotals(studies: 14))))
    #expect(second.isEmpty)
    #expect(story.state.list?.isStale == true)
  }

  @Test func activityGroupsInstancesAndJumps() async {
    let story = await Story()
    await story.act(.activity)
    let study = newStudy(900, date: "20250101")
    let series = Synthetic.series(1, of: study, received: Story.now)
    story.archive.arrive([study, series], date: Story.now)
    story.archive.arrive(
      (1...40).map { Synthetic.instance($0, of: series, received: Story.now) }, date: Story.now)
    await story.deliver()
    #expect(story.state.activity.entries.count == 3)
    #expect(story.text.contains("40 instances arrived"))
    await story.press(.down, .enter)
    #expect(story.state.context == .series)
    #expect(story.row(0).contains("MÜLLER, ANNA › CT Fresh"))
  }

  @Test func whoeverHasGoneDownIntoADeletedStudyIsTold() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow)
    await story.act(.open)
    _ = try await story.archive.delete([study.reference])
    await story.deliver()
    #expect(story.text.contains("it was deleted"))
    await story.press(.backspace)
    #expect(story.state.context == .studies)
    #expect(story.cursorName != "")
  }
}
