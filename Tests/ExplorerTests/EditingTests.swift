import DICOM
import Store
import Testing

@testable import Explorer

@Suite struct EditingStories {
  @Test func protectSaysSoAndCanBeUndone() async {
    let story = await Story()
    await story.press(.character("p"))
    #expect(story.message == "DOE, JANE is protected: recycling will not remove the images  (u undoes it)")
    #expect(story.state.list?.cursorRow?.isProtected == true)
    #expect(story.row(3).hasPrefix("…◆ DOE, JANE"))
    await story.press(.character("u"))
    #expect(story.state.list?.cursorRow?.isProtected == false)
    #expect(story.archive.asked.suffix(20).contains("protect false 1"))
  }

  @Test func protectActsOnThePatientsOfAllMarks() async {
    let story = await Story()
    await story.press(.character(" "), .character(" "), .character(" "), .character("p"))
    // One of the three is protected already.
    #expect(story.message.hasPrefix("2 patients are protected"))
    await story.press(.character("u"))
    let rows = story.archive.content.withLock { $0.rows[.patient] ?? [] }
    #expect(rows.first { $0.text(ShownTag.patientID) == "J-1007" }?.isProtected == true)
    #expect(rows.first { $0.text(ShownTag.patientID) == "P-0042" }?.isProtected == false)
  }

  @Test func labelsOfMarkedRows() async {
    let story = await Story()
    await story.press(.character(" "), .character(" "), .character("l"))
    #expect(story.text.contains("[-] urgent"))
    // Off, then a new one.
    await story.press(.down)
    await story.type("todo")
    await story.press(.enter)
    #expect(story.text.contains("[x] todo"))
    await story.press(.enter)
    #expect(story.state.dialog == nil)
    let labels = story.archive.content.withLock { content in
      (content.rows[.study] ?? []).filter { $0.labels.contains("todo") }.count
    }
    #expect(labels == 2)
    await story.press(.character("u"))
    #expect(
      story.archive.content.withLock { ($0.rows[.study] ?? []).allSatisfy { !$0.labels.contains("todo") } })
  }

  @Test func labelBoxesHaveThreeStates() {
    let rows = [0, 1].map { number in
      Synthetic.study(number, of: Synthetic.people[0], kind: ("CT", "x"), date: "20240101", received: 0)
    }
    var dialog = LabelsDialog(targets: rows)
    dialog.choices = [.init(label: "a", carriers: 1, uses: 1), .init(label: "b", carriers: 2, uses: 2)]
    #expect(dialog.box(of: dialog.choices[0]) == .some)
    dialog.toggle(0)
    #expect(dialog.box(of: dialog.choices[0]) == .on)
    dialog.toggle(0)
    #expect(dialog.box(of: dialog.choices[0]) == .off)
    dialog.toggle(0)
    #expect(dialog.box(of: dialog.choices[0]) == .some)
    dialog.toggle(1)
    #expect(dialog.removing == ["b"])
    #expect(LabelsDialog.problem(with: "two words") != nil)
    #expect(LabelsDialog.problem(with: "ok-1_B") == nil)
  }

  @Test func metadataAddEditRemove() async throws {
    let story = await Story()
    await story.press(.character("m"), .character("a"))
    await story.type("my")
    await story.press(.tab, .enter)
    await story.type("call Dr. K.")
    await story.press(.enter)
    #expect(story.text.contains("call Dr. K."))
    #expect(story.text.contains("rev 0"))
    await story.press(.enter)
    await story.type("!")
    await story.press(.enter)
    #expect(story.archive.asked.contains("metadata 1024=call Dr. K.! at 0"))
    #expect(story.text.contains("rev 1"))
    await story.press(.character("d"), .character("n"))
    #expect(!story.archive.asked.contains("remove metadata 1024"))
    await story.press(.character("d"), .character("y"))
    #expect(story.archive.asked.contains("remove metadata 1024"))
  }

  @Test func metadataConflictShowsBothValues() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    let key = MetadataKey(rawValue: 1024)
    _ = try await story.archive.setMetadata(key, to: "first", expectedRevision: nil, on: study)
    await story.press(.character("m"), .enter)
    _ = try await story.archive.setMetadata(key, to: "theirs", expectedRevision: 0, on: study)
    await story.type("-mine")
    await story.press(.enter)
    #expect(story.text.contains("Somebody changed my-note meanwhile."))
    #expect(story.text.contains("theirs   rev 1  theirs"))
    #expect(story.text.contains("yours    for rev 0  first-mine"))
    await story.press(.character("k"))
    #expect(story.archive.asked.contains("metadata 1024=first-mine at 1"))
    #expect(story.text.contains("rev 2"))
  }

  @Test func knownNumbersAreShownByName() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    let key = MetadataKey(rawValue: 4202)
    let name = try #require(NumberRegistry.name(ofMetadata: key))
    story.archive.content.withLock {
      $0.metadata[study] = [MetadataEntry(key: key, name: name, value: "v", revision: 0)]
    }
    await story.press(.character("m"))
    #expect(story.text.contains("OHIF plugin: precomputed instance…"))
  }

  @Test func metadataConflictTakeTheirs() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    let key = MetadataKey(rawValue: 1024)
    _ = try await story.archive.setMetadata(key, to: "first", expectedRevision: nil, on: study)
    await story.press(.character("m"), .enter)
    _ = try await story.archive.setMetadata(key, to: "theirs", expectedRevision: 0, on: study)
    await story.press(.enter, .character("t"))
    #expect(story.archive.content.withLock { $0.metadata[study]?.first?.value } == "theirs")
    #expect(!story.text.contains("Somebody changed"))
  }

  @Test func aConflictCanBeLeftWithoutLosingWhatWasTyped() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    let key = MetadataKey(rawValue: 1024)
    _ = try await story.archive.setMetadata(key, to: "first", expectedRevision: nil, on: study)
    await story.press(.character("m"), .enter)
    _ = try await story.archive.setMetadata(key, to: "theirs", expectedRevision: 0, on: study)
    await story.type("-mine")
    await story.press(.enter, .escape)
    #expect(story.text.contains("my-note: first-mine"))
    #expect(story.text.contains("Not saved"))
    #expect(story.archive.content.withLock { $0.metadata[study]?.first?.value } == "theirs")
  }

  @Test func removingWhatSomebodyChangedIsAskedAbout() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    let key = MetadataKey(rawValue: 1024)
    _ = try await story.archive.setMetadata(key, to: "first", expectedRevision: nil, on: study)
    await story.press(.character("m"), .character("d"))
    _ = try await story.archive.setMetadata(key, to: "theirs", expectedRevision: 0, on: study)
    await story.press(.character("y"))
    #expect(story.text.contains("theirs   rev 1  theirs"))
    #expect(story.text.contains("yours    for rev 0  (remove it)"))
    #expect(story.archive.content.withLock { $0.metadata[study]?.count } == 1)
    await story.press(.character("k"))
    #expect(story.archive.content.withLock { $0.metadata[study]?.isEmpty } == true)
  }

  @Test func aLargeValueIsSavedWithAWarning() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.cursorRow?.reference)
    for (size, isLarge) in [(1024, false), (1025, true)] {
      let key = MetadataKey(rawValue: UInt16(size))
      await story.press(.character("m"), .character("a"))
      await story.type(String(key.rawValue))
      await story.press(.enter)
      await story.send(.input(.paste(String(repeating: "x", count: size))))
      await story.press(.enter)
      #expect(story.message.contains("attachments for more") == isLarge)
      #expect(
        story.archive.content.withLock { $0.metadata[study]?.first { $0.key == key }?.value.count } == size)
      await story.press(.escape)
    }
    // What is refused is told in full, and what was typed stays.
    await story.press(.character("m"), .character("a"))
    await story.type("1031")
    await story.press(.enter)
    await story.type("v")
    let refusal = StoreError(
      .badValue, "a metadata value of 1048577 bytes is too long (1048576 are allowed); use an attachment")
    story.archive.content.withLock { $0.failure = refusal }
    await story.press(.enter)
    #expect(story.text.contains("a metadata value of 1048577 bytes is too long"))
    #expect(story.text.contains("│ attachment "))
    #expect(story.text.contains("1031: v"))
  }

  @Test func deletionAsksAndDefaultsToNo() async {
    let story = await Story()
    await story.press(.character("d"))
    #expect(story.text.contains("Delete 1 study?"))
    #expect(story.text.contains("12 instances, 6 MB."))
    await story.press(.enter)
    #expect(story.state.dialog == nil)
    #expect(!story.archive.asked.contains("delete 1"))
    await story.press(.character("d"), .right, .enter)
    #expect(story.archive.asked.contains("delete 1"))
    #expect(story.message == "Deleted 12 instances")
    #expect(story.cursorName != "DOE, JANE")
  }

  @Test func aProtectedPatientNeedsItsIdentifier() async {
    let story = await Story()
    await story.press(.down, .character("d"))
    #expect(story.text.contains("is protected"))
    await story.press(.character("y"), .enter)
    #expect(!story.archive.asked.contains("delete 1"))
    await story.press(.backspace)
    await story.type("J-1007")
    await story.press(.enter, .enter)
    // Unlocked, but still on No.
    #expect(!story.archive.asked.contains("delete 1"))
    await story.press(.character("d"))
    await story.type("J-1007")
    await story.press(.enter, .tab, .enter)
    #expect(story.archive.asked.contains("delete 1"))
  }

  @Test func quitAsksOnlyWhileSomethingIsUnderWay() async {
    let story = await Story()
    await story.press(.character("q"))
    #expect(story.terminal == [.quit])
    let busy = await Story()
    busy.state.service.openAssociations = 2
    await busy.press(.character("q"))
    #expect(busy.terminal.isEmpty)
    #expect(busy.text.contains("2 associations open"))
    await busy.press(.enter)
    #expect(busy.terminal.isEmpty)
    await busy.press(.character("q"), .character("y"))
    #expect(busy.terminal == [.quit])
  }

  @Test func suspendAsksWhileTheListenerIsOn() async {
    let story = await Story()
    await story.press(.control("z"))
    #expect(story.terminal.isEmpty)
    await story.press(.character("y"))
    #expect(story.terminal == [.suspend])
    story.state.service.dicomPort = nil
    await story.press(.control("z"))
    #expect(story.terminal == [.suspend, .suspend])
  }

  @Test func rangeAndAllMarks() async {
    let story = await Story()
    await story.press(.character("v"), .down, .down, .character("v"))
    #expect(story.state.list?.marks.count == 3)
    await story.press(.character("*"))
    #expect(story.state.list?.marks.count == 12)
    await story.press(.character("*"))
    #expect(story.state.list?.marks.isEmpty == true)
    await story.press(.character(" "), .escape)
    #expect(story.state.list?.marks.isEmpty == true)
  }

  @Test func errorsOfTheArchiveAreShown() async {
    let story = await Story()
    story.archive.content.withLock { $0.failure = StoreError(.inputOutput, "The disk is on fire") }
    await story.press(.character("p"))
    #expect(story.message == "The disk is on fire")
    #expect(story.state.undo.isEmpty)
  }
}

@Suite struct TreeStories {
  private func story() async -> Story {
    let story = await Story()
    for _ in 0..<3 { await story.act(.open) }
    return story
  }

  @Test func foldingAndSearch() async {
    let story = await story()
    let lines = story.state.tree?.lines.count ?? 0
    await story.press(.down, .down, .down, .enter)
    #expect(story.state.tree?.lines.count == lines + 9)
    await story.press(.character("z"))
    #expect(story.state.tree?.lines.count == lines)
    await story.press(.character("/"))
    await story.type("sched")
    await story.press(.enter)
    // The hit lies in a folded sequence: it and its item are open now.
    #expect(story.text.contains("Scheduled Procedure Step Description"))
    #expect(story.text.contains("(0040,0275) SQ Request Attributes Sequence"))
    #expect(story.text.contains("match 1 of 1"))
  }

  @Test func nextMatchGoesRound() async {
    let story = await story()
    await story.press(.character("/"))
    await story.type("referenced")
    await story.press(.enter)
    let count = story.state.tree?.matches.count ?? 0
    #expect(count == 7)
    #expect(story.text.contains("match 1 of 7"))
    for _ in 0..<count { await story.press(.character("n")) }
    #expect(story.text.contains("match 1 of 7"))
    await story.press(.character("N"))
    #expect(story.text.contains("match 7 of 7"))
  }

  @Test func copyHexExplainAndNeighbours() async {
    let story = await story()
    await story.press(.down, .character("y"))
    #expect(story.terminal == [.copy("CT")])
    await story.press(.character("x"))
    #expect(story.text.contains("00000000  10 11"))
    await story.press(.escape, .character("e"))
    #expect(story.text.contains("In this file   CS, 2 bytes, at offset 160"))
    await story.press(.escape, .character("]"))
    #expect(story.state.tree?.instance.text(ShownTag.instanceNumber) == "2")
    #expect(story.state.tree?.cursor == 1)
    await story.press(.character("["), .character("["))
    #expect(story.message == "This is the first instance of the list")
  }
}
