import DICOM
import Store
import Testing

@testable import Explorer

/// The Jobs screen, and what makes jobs.
@Suite struct JobStories {
  private func onJobs(width: Int = 120, height: Int = 24) async -> Story {
    let story = await Story(width: width, height: height)
    story.jobs.content.withLock { $0.jobs = ScriptedJobs.samples(now: Double(Story.now)) }
    await story.press(.character("4"))
    story.state.take(ScriptedJobs.samples(now: Double(Story.now)), at: Double(Story.now))
    return story
  }

  @Test func everyStateIsShownWithWhatMatters() async {
    let story = await onJobs(width: 140)
    let rows = (2...7).map { story.row($0) }
    #expect(rows[0].contains("Pending") && rows[0].contains("Export everything to all.zip (+2)"))
    #expect(rows[1].contains("Paused") && rows[1].contains("25 %") && rows[1].contains("█████░"))
    #expect(
      rows[2].contains("Running") && rows[2].contains("3 s left · 85/s · 44.7 MB/s · 256 of 512"))
    #expect(rows[3].contains("Retry") && rows[3].contains("again at 11:00:20: no room left"))
    #expect(rows[4].contains("Success") && rows[4].contains("512 instances in /data/chest.zip"))
    #expect(rows[5].contains("Failure") && rows[5].contains("1 fault"))
  }

  @Test func theRequestsGoToTheJobUnderTheCursor() async {
    let story = await onJobs()
    await story.press(.character("+"), .character("-"), .down, .character("p"), .down, .character("p"))
    await story.press(.character("c"), .end, .character("a"))
    #expect(
      story.jobs.asked
        == ["priority 3 f", "priority 1 f", "resume e", "pause d", "cancel d", "resubmit a"])
  }

  @Test func whatCanNotBeIsSaid() async {
    let story = await onJobs()
    await story.press(.character("a"))
    #expect(story.message.contains("Only a failed job"))
    await story.press(.end, .character("p"))
    #expect(story.message.contains("over") && story.jobs.asked.isEmpty)
    story.jobs.content.withLock { $0.failure = StoreError(.notFound, "there is no job a") }
    await story.press(.character("a"))
    #expect(story.message == "there is no job a")
  }

  @Test func enterTellsEverything() async {
    let story = await onJobs()
    await story.press(.end, .enter)
    for fact in ["Error      20", "missing file: /data/aa/bb/x", "Identifier a"] {
      #expect(story.text.contains(fact), "\(story.text)")
    }
  }

  @Test func theCursorStaysOnItsJob() async {
    let story = await onJobs()
    await story.press(.down)
    var more = ScriptedJobs.samples(now: Double(Story.now))
    more.append(.sample("g", .verification(deep: false), .pending, created: 0) { _ in })
    story.jobs.content.withLock { [more] in $0.jobs = more }
    await story.press(.character("r"))
    #expect(story.state.jobs.current?.id == "e" && story.state.jobs.cursor == 2)
  }

  @Test func theMarkedRowsAreExported() async {
    let story = await Story()
    await story.press(.character(" "), .character(" "), .character("w"))
    #expect(story.text.contains("Write ZIP file: export.zip"))
    for _ in 0..<10 { await story.press(.backspace) }
    await story.type("/nowhere/chest.zip")
    await story.press(.enter)
    #expect(story.jobs.asked.count == 1)
    #expect(story.jobs.asked.first?.contains("path: \"/nowhere/chest.zip\"") == true, "\(story.jobs.asked)")
    #expect(story.jobs.asked.first?.ranges(of: "ResourceReference(").count == 2)
    #expect(story.message.contains("4 shows how far it is"))
  }

  @Test func aFileThatIsThereIsNotOverwritten() async {
    let story = await Story()
    await story.press(.character(":"))
    await story.type("export /etc/hostname")
    await story.press(.enter)
    #expect(story.message.contains("/etc/hostname is there already") && story.jobs.asked.isEmpty)
  }

  @Test func theEndOfAJobIsTold() async {
    let story = await Story()
    await story.press(.character(":"))
    await story.type("verify deep")
    await story.press(.enter)
    #expect(story.jobs.asked == ["submit verification(deep: true)"])
    story.jobs.content.withLock {
      $0.jobs = [
        .sample("job-0", .verification(deep: true), .success, created: 0) { $0.outcome = "0 faults" }
      ]
    }
    story.archive.tell(jobs: [JobEvent(kind: .success, job: "job-0", date: 0)])
    await story.deliver()
    #expect(story.message == "Verify every file's content: 0 faults")
    story.archive.tell(jobs: [JobEvent(kind: .updated, job: "x", date: 0)])
    await story.press(.down)
    #expect(story.message.isEmpty, "once")
  }

  @Test func aLargeDeletionGoesInTheBackground() async {
    let story = await Story()
    story.archive.content.withLock { content in
      for level in ResourceLevel.allCases {
        for index in (content.rows[level] ?? []).indices { content.rows[level]?[index].instances *= 1000 }
      }
    }
    await story.press(.character("d"), .character("y"))
    #expect(story.jobs.asked.first?.hasPrefix("submit deletion") == true, "\(story.text)")
    #expect(story.state.dialog == nil)
  }

  @Test func theHeaderShowsHowFarTheyAre() async {
    let story = await Story()
    story.state.service.runningJobs = 2
    story.state.service.jobPercent = 45
    #expect(story.row(0).contains("2 jobs 45 %"))
  }
}

extension ExplorerState {
  fileprivate mutating func take(_ jobs: [Job], at date: Double) {
    _ = update(.jobs(.success(jobs), at: date))
  }
}
