import Testing

@testable import Explorer

/// When the terminal is told to scroll, and what it shows then.
@Suite struct ScrollStepTests {
  private let looks = LookTable(Theme(depth: .many))

  /// Rows and distance of the step that a key leads to.
  private func step(_ story: Story, _ key: Key, times: Int = 1) async -> ScrollStep? {
    let old = story.screen
    for _ in 0..<times { await story.press(key) }
    return ScrollStep(from: old, to: story.screen, looks)
  }

  @Test(arguments: [80, 120, 200]) func aStepAtTheEdgeScrolls(width: Int) async {
    let story = await Story(width: width, height: 30, studies: 90)
    let body = story.state.layout.body
    #expect(await step(story, .down) == nil)
    for _ in 2..<body.height { await story.press(.down) }
    #expect(await step(story, .down) == ScrollStep(rows: body.y..<body.maxY, distance: 1))
    #expect(await step(story, .down, times: 4)?.distance == 4)
    for _ in 1..<body.height { await story.press(.up) }
    #expect(await step(story, .up, times: 2)?.distance == -2)
    // So much of the screen is new that nothing is won.
    #expect(await step(story, .pageDown) == nil)
  }

  @Test func anotherListIsPaintedAnew() async {
    let story = await Story(width: 120, height: 30, studies: 90)
    for _ in 0..<30 { await story.press(.down) }
    #expect(await step(story, .enter) == nil)
    #expect(await step(story, .backspace) == nil)
  }

  @Test func wholeRowsMoveAndBlankOnesFollow() {
    var grid = Grid(size: Size(3, 6))
    for y in 0..<6 { grid.put(String(y), x: 0, y: y) }
    let down = grid.scrolled(ScrollStep(rows: 1..<5, distance: 2))
    #expect(down.text == "0\n3\n4\n\n\n5")
    let up = grid.scrolled(ScrollStep(rows: 1..<5, distance: -1))
    #expect(up.text == "0\n\n1\n2\n3\n5")
  }
}
