import DICOM
import Store

/// The rows of a list below their column titles.
enum ListView {
  static func draw(_ list: ListState, _ state: ExplorerState, _ layout: ScreenLayout, on grid: inout Grid) {
    let columns = ColumnLayout.place(list.level, width: layout.columns.width)
    drawTitles(columns, list, y: layout.columns.y, on: &grid)
    guard list.total > 0 else {
      drawNothing(list, in: layout.body, on: &grid)
      return
    }
    grid.roll = Roll(rows: layout.body.y..<layout.body.maxY, list: list.id, top: list.top)
    let formatter = CellFormatter(now: state.now, clock: state.clock, glyphs: state.glyphs)
    for offset in 0..<layout.body.height {
      let index = list.top + offset
      guard index < list.total else { break }
      let line = Rectangle(x: layout.body.x, y: layout.body.y + offset, width: layout.body.width, height: 1)
      if let row = list.row(at: index) {
        draw(row, list, columns, formatter, in: line, on: &grid)
      } else {
        for column in columns { grid.put(grid.glyphs.unread, x: column.x, y: line.y, Style(.faint)) }
      }
      if index == list.cursor { grid.highlight(line) }
    }
  }

  private static func drawTitles(_ columns: [PlacedColumn], _ list: ListState, y: Int, on grid: inout Grid) {
    for placed in columns {
      let isSorted = placed.column.sort != nil && placed.column.sort == list.query.sort
      let style = Style(isSorted ? .accent : .heading)
      var title = placed.column.title
      if isSorted {
        let arrow = list.query.isDescending ? grid.glyphs.descending : grid.glyphs.ascending
        let room = placed.width - DisplayWidth.of(title)
        title = (room >= 2 ? title + " " : room == 1 ? title : String(title.dropLast())) + String(arrow)
      }
      grid.put(
        title, x: placed.x, y: y, width: placed.width, style,
        align: placed.column.isRightAligned ? .right : .left)
    }
  }

  private static func draw(
    _ row: ResourceRow, _ list: ListState, _ columns: [PlacedColumn], _ formatter: CellFormatter,
    in line: Rectangle, on grid: inout Grid
  ) {
    drawMarks(row, list, x: line.x, y: line.y, on: &grid)
    let hasLabels = columns.contains { $0.column.content == .labels }
    for placed in columns {
      if placed.column.content == .description && !hasLabels && !row.labels.isEmpty {
        drawDescription(row, placed, y: line.y, on: &grid)
        continue
      }
      grid.put(
        formatter.text(placed.column.content, row), x: placed.x, y: line.y, width: placed.width,
        Style(role(of: placed.column.content, row)), align: placed.column.isRightAligned ? .right : .left)
    }
  }

  /// Where labels have no column of their own they stand behind the description.
  private static func drawDescription(
    _ row: ResourceRow, _ placed: PlacedColumn, y: Int, on grid: inout Grid
  ) {
    let chips = row.labels.joined(separator: " ")
    let width = min(DisplayWidth.of(chips), placed.width / 2)
    let room = placed.width - width - 1
    let used = room > 1 ? grid.put(row.description, x: placed.x, y: y, width: room) : 0
    let start = used == 0 ? 0 : used + 1
    grid.put(chips, x: placed.x + start, y: y, width: placed.width - start, Style(.label))
  }

  private static func drawMarks(_ row: ResourceRow, _ list: ListState, x: Int, y: Int, on grid: inout Grid) {
    let glyphs = grid.glyphs
    if list.marks[row.id] != nil || list.rangeStart == row.id {
      grid.put(glyphs.marked, x: x, y: y, Style(.accent))
    } else if list.arrivals.contains(row.id) {
      grid.put(glyphs.arrived, x: x, y: y, Style(.fresh))
    } else if !row.isStable {
      grid.put(glyphs.arriving, x: x, y: y, Style(.fresh))
    }
    if row.isFaulty {
      grid.put(glyphs.faulty, x: x + 1, y: y, Style(.warning))
    } else if row.isProtected && row.level <= .study {
      grid.put(glyphs.protected, x: x + 1, y: y, Style(.accent))
    }
  }

  private static func role(of content: Column.Content, _ row: ResourceRow) -> Role {
    switch content {
    case .labels: .label
    case .received, .accessionNumber, .birthDate, .station: .faint
    case .seriesState: row.isFaulty ? .warning : .faint
    default: .plain
    }
  }

  private static func drawNothing(_ list: ListState, in body: Rectangle, on grid: inout Grid) {
    let text: String
    if !list.isLoaded {
      text = String(grid.glyphs.unread)
    } else if let failure = list.failure {
      text = failure
    } else if !list.filterText.isEmpty {
      text = "Nothing matches /\(list.filterText)   Esc shows all"
    } else {
      text = "Nothing here any more: it was deleted.   Backspace goes up"
    }
    grid.put(text, x: body.x + 3, y: body.y + 1, width: body.width - 4, Style(.faint))
  }
}
