import DICOM
import Foundation
import Store
import Testing

@testable import Explorer

/// Whole screens against the ones that were looked at and found good, in `GoldenScreens.swift`.
@Suite struct GoldenTests {
  static let scenes: [(name: String, make: @Sendable () async -> Story)] = [
    ("studies-120x40", { await Story() }),
    ("studies-80x24", { await Story(width: 80, height: 24) }),
    (
      "studies-120-no-pane",
      {
        let story = await Story(width: 120, height: 24)
        await story.press(.character("\\"))
        return story
      }
    ),
    (
      "studies-ascii-80x24",
      {
        let story = await Story(width: 80, height: 24)
        story.state.glyphs = .ascii
        return story
      }
    ),
    ("pane-80x24", { await after([.tab], width: 80, height: 24) }),
    ("patients-120x24", { await after([.character("2")], height: 24) }),
    ("series-120x24", { await after([.enter], height: 24) }),
    ("instances-120x24", { await after([.enter, .enter], height: 24) }),
    ("tags-120x24", { await after([.enter, .enter, .enter, .character("z")], height: 24) }),
    ("hex-80x24", { await after([.enter, .enter, .enter, .end, .character("x")], width: 80, height: 24) }),
    ("labels-120x24", { await after([.character(" "), .character(" "), .character("l")], height: 24) }),
    (
      "deletion-80x24",
      { await after([.character(" "), .character(" "), .character("d")], width: 80, height: 24) }
    ),
    ("sort-80x24", { await after([.character("s")], width: 80, height: 24) }),
    ("help-80x24", { await after([.character("?")], width: 80, height: 24) }),
    ("log-80x24", { await after([.character("9")], width: 80, height: 24) }),
    ("jobs-120x24", { await jobs(width: 120) }),
    ("jobs-80x24", { await jobs(width: 80) }),
    ("storage-120x24", { await StorageStories.story(width: 120) }),
    ("storage-80x24", { await StorageStories.story(width: 80) }),
    ("empty-80x24", { await Story(width: 80, height: 24, studies: 0) }),
    (
      "metadata-120x24",
      {
        let story = await Story(height: 24)
        if let study = story.state.list?.cursorRow?.reference {
          story.archive.content.withLock {
            $0.metadata[study] = [
              MetadataEntry(key: .lastUpdate, name: "LastUpdate", value: "20240302T105830", revision: 0),
              MetadataEntry(
                key: MetadataKey(rawValue: 1024), name: "my-note", value: "call Dr. K.", revision: 3),
              MetadataEntry(
                key: MetadataKey(rawValue: 1031), name: "1031", value: "{\"score\": 12}", revision: 0),
            ]
          }
        }
        await story.press(.character("m"))
        return story
      }
    ),
    ("attachments-120x24", { await AttachmentStories.story() }),
    ("attachments-80x24", { await AttachmentStories.story(width: 80) }),
    (
      "activity-120x24",
      {
        let story = await Story(height: 24)
        await story.act(.activity)
        let study = Synthetic.study(
          900, of: Synthetic.people[2], kind: ("CT", "Fresh"), date: "20250101", received: Story.now)
        let series = Synthetic.series(1, of: study, received: Story.now)
        story.archive.arrive([study, series], date: Story.now - 60)
        story.archive.arrive(
          (1...40).map { Synthetic.instance($0, of: series, received: Story.now) }, date: Story.now)
        await story.deliver()
        await story.send(.remoteWrites(RESTStories.writes(on: study.reference)))
        return story
      }
    ),
    (
      "busy-120x24",
      {
        let story = await Story(height: 24)
        story.state.service.openAssociations = 2
        story.state.service.instancesPerSecond = 148
        story.state.service.http = HTTPServerStatus(
          isSecure: true, hosts: ["0.0.0.0"], port: 8042, users: 2, requestsPerSecond: 12)
        story.archive.arrive([
          Synthetic.study(
            900, of: Synthetic.people[3], kind: ("MR", "Knee left"), date: "20250101", received: Story.now,
            isStable: false)
        ])
        await story.deliver()
        return story
      }
    ),
    ("too-small", { await Story(width: 79, height: 5) }),
  ]

  private static func jobs(width: Int) async -> Story {
    let story = await Story(width: width, height: 24)
    story.jobs.content.withLock { $0.jobs = ScriptedJobs.samples(now: Double(Story.now)) }
    await story.press(.character("4"))
    _ = story.state.update(
      .jobs(.success(ScriptedJobs.samples(now: Double(Story.now))), at: Double(Story.now)))
    return story
  }

  private static func after(_ keys: [Key], width: Int = 120, height: Int = 40) async -> Story {
    let story = await Story(width: width, height: height)
    for key in keys { await story.press(key) }
    return story
  }

  @Test(arguments: scenes.map(\.name))
  func screen(_ name: String) async throws {
    let scene = try #require(Self.scenes.first { $0.name == name })
    let shown = await scene.make().text
    if ProcessInfo.processInfo.environment["FILMROOM_UPDATE"] != nil { return }
    let expected = goldenScreens[name] ?? ""
    #expect(shown == expected, "\(difference(expected, shown))")
  }

  /// Rows that differ, expected and shown.
  private func difference(_ expected: String, _ shown: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = shown.split(separator: "\n", omittingEmptySubsequences: false)
    var text = "\n"
    for index in 0..<max(old.count, new.count) {
      let before = index < old.count ? old[index] : ""
      let after = index < new.count ? new[index] : ""
      if before != after { text += "row \(index)\n- \(before)\n+ \(after)\n" }
    }
    return text
  }

  /// `FILMROOM_UPDATE=1 swift test --filter GoldenTests` writes the file anew: look at its difference then.
  @Test func updateWhenAsked() async throws {
    guard ProcessInfo.processInfo.environment["FILMROOM_UPDATE"] != nil else { return }
    var text = "/// Written by GoldenTests with FILMROOM_UPDATE=1.\nlet goldenScreens: [String: String] = [\n"
    for scene in Self.scenes {
      text += "  \"\(scene.name)\": #\"\"\"\n"
      text += await scene.make().text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
      text += "\n    \"\"\"#,\n"
    }
    text += "]\n"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("GoldenScreens.swift")
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
