/// How the cells of a row are painted. Each change of style costs a dozen bytes, so blanks between two cells that look
/// the same go on in their style, where that doesn't show.
///
/// What the row holds decides alone, never what stood there before: else each painting would leave blanks in styles
/// of its own behind, and the next one would have to change style at every one of them.
struct PaintedRow {
  let cells: ArraySlice<Cell>
  private(set) var styles: [Style]

  init(_ cells: ArraySlice<Cell>, _ looks: LookTable) {
    self.cells = cells
    styles = cells.map(\.style)
    var last: Int?
    for (x, cell) in cells.enumerated() where !cell.isBlank {
      if let last, last + 1 < x { join(last..<x, looks) }
      last = x
    }
  }

  /// Gives the blanks between two cells the first one's style.
  private mutating func join(_ part: Range<Int>, _ looks: LookTable) {
    let style = styles[part.lowerBound]
    let blanks = part.dropFirst()
    if blanks.allSatisfy({ styles[$0] == style }) { return }
    let shown = looks[style]
    guard looks[styles[part.upperBound]] == shown,
      blanks.allSatisfy({ looks[styles[$0]].isAlikeWhenBlank(shown) })
    else { return }
    for x in blanks { styles[x] = style }
  }

  /// The columns that are painted otherwise than in another row of the same width.
  func changes(from other: PaintedRow) -> [Int] {
    styles.indices.filter { x in
      cells[cells.startIndex + x] != other.cells[other.cells.startIndex + x] || styles[x] != other.styles[x]
    }
  }

  /// The columns to draw where another row stands; none where it is the same.
  static func columns(of row: ArraySlice<Cell>, over before: ArraySlice<Cell>?, _ looks: LookTable) -> (
    styles: [Style], columns: [Int]
  ) {
    if let before, before.elementsEqual(row) { return ([], []) }
    let painted = PaintedRow(row, looks)
    // curses blanks the other half of a wide character that is written over: draw such rows whole.
    guard let before, !row.contains(where: { $0.isTail }), !before.contains(where: { $0.isTail }) else {
      return (painted.styles, Array(painted.styles.indices))
    }
    return (painted.styles, painted.changes(from: PaintedRow(before, looks)))
  }
}
