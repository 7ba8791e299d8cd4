import Testing

@testable import Explorer

/// In which styles blanks are painted.
@Suite struct PaintedRowTests {
  private let looks = LookTable(Theme(depth: .many))

  private func painted(_ cells: ArraySlice<Cell>) -> PaintedRow {
    PaintedRow(cells, looks)
  }

  private func row(_ parts: [(text: String, role: Role)]) -> PaintedRow {
    var grid = Grid(size: Size(20, 1))
    var x = 0
    for part in parts { x += grid.put(part.text, x: x, y: 0, Style(part.role)) }
    return painted(grid.row(0))
  }

  private func roles(_ row: PaintedRow, _ part: Range<Int>) -> Set<Role> {
    Set(row.styles[part].map(\.role))
  }

  @Test func blanksBetweenCellsThatLookAlikeGoOnInTheirStyle() {
    let alike = row([("ab", .faint), ("   ", .plain), ("cd", .faint)])
    #expect(roles(alike, 0..<7) == [.faint])
    #expect(roles(alike, 7..<20) == [.plain])
    // A border is as grey as faint text.
    #expect(roles(row([("ab", .faint), ("   ", .plain), ("|", .border)]), 2..<5) == [.faint])
  }

  @Test func otherBlanksKeepTheirOwnStyle() {
    #expect(roles(row([("ab", .faint), ("   ", .plain), ("cd", .accent)]), 2..<5) == [.plain])
    #expect(roles(row([("   ", .plain), ("cd", .faint)]), 0..<3) == [.plain])
    // An underlined blank can be seen.
    #expect(roles(row([("ab", .faint), ("   ", .input), ("cd", .faint)]), 2..<5) == [.input])
    #expect(roles(row([("ab", .match), ("   ", .plain), ("cd", .match)]), 2..<5) == [.plain])
  }

  @Test func aBlankThatChangesItsStyleOnlyIsPaintedToo() {
    let before = row([("ab", .faint), ("  ", .plain), ("cd", .faint)])
    let after = row([("ab", .faint), ("  ", .plain), ("cd", .accent)])
    #expect(after.changes(from: before) == [2, 3, 4, 5])
    #expect(after.changes(from: after).isEmpty)
  }

  /// Painting only what changed leaves the same screen as painting everything.
  @Test func paintingsLeaveNothingOfEarlierOnesBehind() async {
    let story = await Story(width: 140, studies: 60)
    var grid = story.screen
    var shown = (0..<grid.size.height).map { painted(grid.row($0)).styles }
    for key in ["j", "j", "j", "j", "k", "j", "\\", "j", "\\", "j", "s"] {
      await story.press(.character(Character(key)))
      let next = story.screen
      for y in 0..<next.size.height {
        let row = painted(next.row(y))
        for x in row.changes(from: painted(grid.row(y))) { shown[y][x] = row.styles[x] }
        #expect(shown[y] == row.styles)
      }
      grid = next
    }
  }
}
