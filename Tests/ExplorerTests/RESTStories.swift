import DICOM
import Store
import Testing

@testable import Explorer

/// What the explorer shows of the REST API.
@Suite struct RESTStories {
  static func write(
    _ number: Int, _ method: String, _ uri: String, _ status: Int = 200, user: String = "alice",
    on resource: ResourceReference? = nil
  ) -> RemoteWrite {
    RemoteWrite(
      number: number, date: Story.now, user: user, peer: "10.0.0.7", method: method, uri: uri, status: status,
      resource: resource)
  }

  static func writes(on study: ResourceReference) -> [RemoteWrite] {
    [
      write(1, "PUT", "/studies/\(study.id)/labels/urgent", on: study),
      write(2, "POST", "/instances"), write(3, "POST", "/instances"), write(4, "POST", "/instances"),
      write(5, "DELETE", "/modalities/ct", 404, user: ""),
    ]
  }

  @Test func writesStandOnTheActivityScreenAndLeadToTheResource() async throws {
    let story = await Story()
    let study = try #require(story.state.list?.window.rows.dropFirst(2).first)
    await story.press(.character("3"))
    let empty = story.state.activity.entries.count
    await story.send(.remoteWrites(Self.writes(on: study.reference)))
    #expect(story.state.activity.entries.count == empty + 3)
    #expect(story.row(2).contains("REST DELETE refused: 404") && story.row(2).contains("/modalities/ct"))
    #expect(story.row(3).contains("3 × REST POST") && story.row(3).contains("alice, 10.0.0.7"))
    let id = study.id.description.prefix(8)
    #expect(story.row(4).contains("REST PUT") && story.row(4).contains("/studies/\(id)…/labels/urgent"))
    await story.press(.enter)
    #expect(story.message.contains("names no patient, study") && story.state.tab == .activity)
    await story.press(.down, .down, .enter)
    #expect(story.state.tab == .studies && story.state.list?.cursorRow?.id == study.id)
  }

  @Test func uploadsAreOneLineAmongWhatArrives() async {
    let story = await Story()
    await story.press(.character("3"))
    let before = story.state.activity.entries.count
    let study = Synthetic.study(
      900, of: Synthetic.people[2], kind: ("CT", "Fresh"), date: "20250101", received: Story.now)
    let series = Synthetic.series(1, of: study, received: Story.now)
    for number in 1...6 {
      story.archive.arrive([Synthetic.instance(number, of: series, received: Story.now)], date: Story.now)
      await story.deliver()
      await story.send(.remoteWrites([Self.write(number, "POST", "/instances")]))
    }
    #expect(story.state.activity.entries.count == before + 2, "\(story.text)")
    #expect(story.text.contains("6 × REST POST") && story.text.contains("6 instances arrived"))
  }

  @Test func anyNumberOfWritesIsBounded() async {
    let story = await Story()
    for number in 1...3000 {
      await story.send(.remoteWrites([Self.write(number, "PUT", "/tools/metrics-\(number)")]))
    }
    #expect(story.state.activity.events.count == ActivityState.limit)
  }

  @Test func theServerIsShown() async {
    let story = await Story(studies: 0)
    #expect(story.row(0).contains("http:8042") && story.row(0).contains("idle"))
    #expect(story.text.contains("REST API http://127.0.0.1:8042, no authentication"))
    story.state.service.http = HTTPServerStatus(
      isSecure: true, hosts: ["0.0.0.0"], port: 8043, users: 2, requestsPerSecond: 12)
    #expect(story.row(0).contains("https:8043 · 12 req/s") && !story.row(0).contains("idle"))
    await story.press(.character("3"))
    #expect(story.text.contains("REST API https://ws-17:8043, 2 users, 12 requests/s"))
    story.state.service.http = nil
    #expect(!story.text.contains("REST API") && !story.row(0).contains("http"))
  }
}
