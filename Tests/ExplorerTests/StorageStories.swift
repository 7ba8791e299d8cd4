import DICOM
import Store
import Testing

@testable import Explorer

/// The Storage screen: how full the archive is, and who goes next.
@Suite struct StorageStories {
  static func story(width: Int = 120, height: Int = 24, studies: Int = 12) async -> Story {
    let story = await Story(width: width, height: height, studies: studies)
    story.archive.content.withLock { content in
      content.limits = StorageLimits(size: 4_000_000_000, patients: 10)
      content.modalities = [
        ModalityUse(modality: "CT", series: 12, instances: 1204, diskSize: 900_000_000),
        ModalityUse(modality: "MR", series: 6, instances: 400, diskSize: 300_000_000),
        ModalityUse(modality: "US", series: 2, instances: 20, diskSize: 50_000_000),
        ModalityUse(modality: "CR", series: 1, instances: 2, diskSize: 9_000_000),
        ModalityUse(modality: "", series: 1, instances: 1, diskSize: 1000),
      ]
    }
    await story.press(.character("5"))
    return story
  }

  /// Many patients: every third of them protected.
  private static func crowd(_ count: Int) async -> Story {
    let story = await Story(width: 80, height: 24, studies: 0)
    story.archive.add(
      (0..<count).map { number in
        let person = Synthetic.Person(name: "王\(number)^小明", id: "X-\(number)", born: "", sex: "")
        return Synthetic.patient(
          person, studies: 1, key: Int64(number), received: Story.now - Int64(count - number),
          isProtected: number % 3 == 2)
      })
    await story.press(.character("5"))
    return story
  }

  private func asked(_ story: Story) -> [String] { story.archive.asked.filter { $0.hasPrefix("storage") } }

  @Test func gaugesShowTheLimitsAndWhatHappensThere() async {
    let story = await Self.story()
    #expect(story.row(0).contains("Storage"))
    #expect(story.row(2).contains("1.4 of 4 GB · 35 %") && story.row(2).contains("██████████░"))
    #expect(story.row(3).contains("9 of 10 · 90 %"))
    #expect(story.row(4).contains("Recycle") && story.row(4).contains("who is next makes room"))
    story.archive.content.withLock { $0.limits.mode = .reject }
    await story.press(.character("r"))
    #expect(story.row(4).contains("Reject") && story.row(4).contains("is refused"))
  }

  @Test func withoutALimitTheDiskIsTheLimit() async {
    let story = await Self.story()
    story.archive.content.withLock { $0.limits = StorageLimits() }
    await story.press(.character("r"))
    #expect(story.row(2).contains("120 GB free on the disk · no limit"))
    #expect(story.row(3).contains("9 · no limit") && story.row(4).contains("nobody goes"))
    story.archive.content.withLock { $0.free = nil }
    await story.press(.character("r"))
    #expect(story.row(2).contains("1.4 GB · no limit"))
  }

  @Test func aDiskThatIsFullBeforeTheLimitIsTold() async {
    let story = await Self.story()
    story.archive.content.withLock { $0.free = 5_000_000 }
    await story.press(.character("r"))
    #expect(story.row(2).contains("only 5 MB free on the disk"))
  }

  @Test func modalitiesThatFindNoPlaceAreOneLine() async {
    let story = await Self.story(width: 80)
    #expect(story.row(6).hasPrefix(" CT") && story.row(6).contains("900 MB   12 series · 1,204 instances"))
    #expect(story.row(9).hasPrefix(" others") && story.row(9).contains("2 series · 3 instances"))
    #expect(StorageText.modalities(story.state.storage.use!, rows: 5).last?.modality == "")
  }

  @Test func theOldestIsNextAndTheProtectedStandBehind() async {
    let story = await Self.story()
    let storage = story.state.storage
    let dates = storage.rows.prefix(8).map(\.lastUpdate)
    #expect(dates == dates.sorted() && storage.rows.prefix(8).allSatisfy { !$0.isProtected })
    #expect(storage.rows.suffix(1).allSatisfy(\.isProtected) && storage.orderCount == 8)
    await story.press(.end)
    #expect(story.text.contains("◆  YAMADA, TARO"), "\(story.text)")
    #expect(story.text.contains("9 patients · 1 protected · row 9"))
  }

  @Test func protectionIsSetAndTakenBackFromHere() async {
    let story = await Self.story()
    let first = story.state.storage.current
    let second = story.state.storage.row(at: 1)
    await story.press(.character("p"))
    #expect(story.message.contains("is protected") && story.archive.asked.contains("protect true 1"))
    #expect(story.state.storage.orderCount == 7)
    #expect(story.state.storage.cursor == 0 && story.state.storage.current?.id == second?.id)
    await story.press(.character("u"))
    #expect(story.state.storage.orderCount == 8 && story.state.storage.rows.contains { $0.id == first?.id })
    await story.press(.end)
    #expect(story.text.contains("p unprotect"))
    await story.press(.character("p"))
    #expect(story.message.contains("no longer protected"))
  }

  @Test func enterGoesToThePatient() async {
    let story = await Self.story()
    await story.press(.down)
    let patient = story.state.storage.current
    await story.press(.enter)
    #expect(story.state.tab == .patients && story.state.list?.cursorRow?.id == patient?.id)
    await story.press(.character("5"))
    #expect(story.state.storage.current?.id == patient?.id)
    await story.press(.escape)
    #expect(story.state.tab == .studies)
  }

  @Test func theCursorStaysOnItsPatientWhenTheFirstOneGoes() async {
    let story = await Self.story()
    await story.press(.down, .down)
    let patient = story.state.storage.current
    let first = story.state.storage.rows[0].reference
    _ = try? await story.archive.delete([first])
    await story.deliver()
    #expect(story.state.storage.current?.id == patient?.id && story.state.storage.cursor == 1)
  }

  @Test func thousandsAreReadAWindowAtATime() async {
    let story = await Self.crowd(9000)
    #expect(asked(story).last?.hasPrefix("storage 0 ") == true && story.state.storage.rows.count < 60)
    await story.press(.end)
    #expect(story.state.storage.cursor == 8999 && story.state.storage.current?.isProtected == true)
    #expect(story.text.contains("row 9,000") && story.text.contains("◆  王"))
    #expect(story.state.storage.rows.count < 60)
    for _ in 0..<230 { await story.press(.pageUp) }
    #expect(story.state.storage.current != nil && story.state.storage.cursor < 6000)
    await story.press(.home)
    #expect(story.state.storage.current?.text(ShownTag.patientID) == "X-0")
  }

  @Test func whereTheOrderEndsTheProtectedBegin() async {
    let story = await Self.crowd(90)
    for place in 0..<90 {
      #expect(story.state.storage.current?.isProtected == (place >= 60), "\(place)")
      await story.press(.down)
    }
  }

  @Test func aFloodOfEventsIsReadOneAfterTheOther() async {
    let story = await Self.story()
    let change = Change(
      sequence: 1, type: .newInstance, resource: ResourceReference(.instance, Synthetic.id("x")), date: 0)
    let event = ArchiveEvent(changes: [change], isTruncated: false, totals: ArchiveTotals())
    let first = story.state.update(.archive(event))
    guard case .loadStorage(let request) = first.first else {
      Issue.record("not read")
      return
    }
    #expect(request.delayMilliseconds == ExplorerState.refreshDelay)
    for _ in 0..<100 { #expect(story.state.update(.archive(event)).isEmpty) }
    let use = story.state.storage.use!
    #expect(story.state.update(.storage(request, .success(use))).count == 1, "once more for all of them")
    await story.press(.character("1"))
    #expect(
      !story.state.update(.archive(event)).contains {
        if case .loadStorage = $0 { true } else { false }
      })
  }

  @Test func nothingBreaksWhereThereIsNothing() async {
    let story = await Story(width: 80, height: 24, studies: 0)
    await story.press(.character("5"), .down, .end, .pageUp)
    #expect(story.text.contains("No patients yet") && story.row(2).contains("0 bytes"))
    await story.press(.character("p"))
    #expect(story.message == "There is no patient")
    await story.press(.enter)
    #expect(story.message == "There is no patient")
  }

  @Test func noSizeIsTooSmall() async {
    for size in [Size(60, 20), Size(80, 24), Size(20, 3), Size(1, 1), Size(300, 100)] {
      let story = await Self.story()
      await story.press(.end)
      await story.send(.input(.resize(size)))
      await story.press(.up, .pageDown)
      #expect(story.screen.size == size)
      await story.send(.input(.resize(Size(80, 24))))
      #expect(story.text.contains("NEXT") && story.state.storage.current != nil)
    }
  }

  @Test func aFailureIsTold() async {
    let story = await Story(width: 80, height: 24)
    story.archive.content.withLock { $0.failure = StoreError(.inputOutput, "the disk is gone") }
    await story.press(.character("5"))
    #expect(story.text.contains("the disk is gone"))
    story.archive.content.withLock { $0.failure = nil }
    await story.press(.character("r"))
    #expect(story.text.contains("LAST RECEIVED") && !story.text.contains("the disk is gone"))
  }
}
