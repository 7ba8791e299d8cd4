import DICOM
import Store
import Testing

@testable import Explorer

/// How little is read and painted for a key.
@Suite struct PaintTests {
  /// Rows of the screen that differ.
  private func changed(_ old: Grid, _ new: Grid) -> [Int] {
    (0..<new.size.height).filter { !old.row($0).elementsEqual(new.row($0)) }
  }

  @Test func aStepDownPaintsTwoRowsAndTheRowNumber() async {
    let story = await Story(width: 140, studies: 60)
    await story.act(.hidePane)
    await story.press(.down)
    for _ in 0..<10 {
      let old = story.screen
      let layout = story.state.layout
      let cursor = layout.body.y + (story.state.list?.cursor ?? 0)
      let isProtected = story.state.selected?.isProtected
      await story.press(.character("j"))
      // The hint of `p` says what it would do.
      let hints = story.state.selected?.isProtected == isProtected ? [] : [layout.hints.y]
      #expect(changed(old, story.screen) == [cursor, cursor + 1, layout.message.y] + hints)
    }
  }

  @Test func theStatusAsksForSecondsOnlyWhileSomethingGoesOn() {
    #expect(!ServiceStatus(dicomPort: 4242, totalReceived: 5).isBusy)
    #expect(ServiceStatus(openAssociations: 1).isBusy)
    #expect(ServiceStatus(instancesPerSecond: 1).isBusy)
    #expect(ServiceStatus(runningJobs: 1).isBusy)
    var http = HTTPServerStatus(isSecure: false, hosts: ["127.0.0.1"], port: 8042, users: nil)
    #expect(!ServiceStatus(http: http).isBusy)
    http.requestsPerSecond = 1
    #expect(ServiceStatus(http: http).isBusy)
  }

  /// However far the cursor runs before the first answer is there, the next question is for where it is.
  @Test func aBurstOfKeysAsksForFewWindows() async throws {
    let story = await Story(studies: 900)
    var requests: [WindowRequest] = []
    var key = Key.character("j")
    for count in [500, 450] {
      var waiting: [WindowRequest] = []
      for _ in 0..<count {
        for case .loadWindow(let request) in story.state.update(.input(.key(key))) { waiting.append(request) }
      }
      #expect(waiting.count == 1)
      while let request = waiting.first {
        waiting.removeFirst()
        requests.append(request)
        let window = try await story.archive.window(
          request.query, anchor: request.anchor, limit: request.limit)
        for case .loadWindow(let next) in story.state.update(.window(request, .success(window))) {
          waiting.append(next)
        }
      }
      let list = try #require(story.state.list)
      #expect(list.cursorRow != nil && list.missingAnchor(visible: story.state.visibleRows) == nil)
      key = .character("k")
    }
    #expect(story.state.list?.cursor == 50)
    // The rows of the screen come first, more of them with the next window.
    #expect(requests.count <= 8)
  }

  @Test func aSearchIsPutOffForTheSakeOfItsLetter() async {
    let story = await Story(studies: 200)
    await story.press(.character("/"))
    var delays: [Int] = []
    for letter in "doe" {
      for case .loadWindow(let request) in story.state.update(.input(.key(.character(letter)))) {
        delays.append(request.delayMilliseconds)
      }
      #expect(story.text.contains("/d"))
    }
    #expect(delays == Array(repeating: ExplorerState.echoDelay, count: 3))
    #expect(ExplorerState.echoDelay > 0)
  }

  @Test func hintsStayWhereTheyAreFromRowToRow() async {
    let story = await Story(width: 140)
    var places: Set<[Int]> = []
    var texts: Set<String> = []
    for _ in 0..<8 {
      let hints = HintLine.hints(for: story.state)
      places.insert(hints.map(\.x))
      texts.formUnion(hints.map(\.text))
      await story.press(.down)
    }
    #expect(places.count == 1)
    #expect(texts.isSuperset(of: ["protect", "unprotect"]))
  }

  @Test func blanksGoOnInALookThatDoesNotShowInThem() {
    let plain = Look()
    #expect(plain.isAlikeWhenBlank(Look(foreground: 243, isBold: true)))
    #expect(!plain.isAlikeWhenBlank(Look(background: 24)))
    #expect(!plain.isAlikeWhenBlank(Look(isReversed: true)))
    #expect(!plain.isAlikeWhenBlank(Look(isUnderlined: true)))
    #expect(!Look(foreground: 1, isReversed: true).isAlikeWhenBlank(Look(isReversed: true)))
    #expect(Look(foreground: 252, background: 24).isAlikeWhenBlank(Look(foreground: 231, background: 24)))
  }
}
