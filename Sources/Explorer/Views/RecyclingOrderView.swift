import DICOM
import Store

/// Patients in the order in which they go, the protected ones marked behind them.
enum RecyclingOrderView {
  private struct Columns {
    let place = 6
    let name: Int
    let identifier: Int
    let received = 16
    let instances = 8
    let size = 9
    static let gap = 2

    init(width: Int) {
      let room = width - 1 - place - received - instances - size - Columns.gap * 5 - 1
      identifier = min(18, max(8, room / 3))
      name = min(60, max(8, room - identifier))
    }
  }

  /// The titles in the first row of the part, patients below.
  static func draw(
    _ storage: StorageState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid
  ) {
    guard storage.total > 0 else {
      grid.put(
        "No patients yet. Who makes room first will stand here.", x: part.x + 3, y: part.y,
        width: part.width - 4, Style(.faint))
      return
    }
    let columns = Columns(width: part.width)
    let titles = ["NEXT", "PATIENT", "ID", "LAST RECEIVED", "INST", "FREES"]
    draw(titles, columns, x: part.x, y: part.y, Style(.heading), on: &grid)
    for offset in 0..<max(0, part.height - 1) {
      let place = storage.top + offset
      guard place < storage.total else { break }
      let line = Rectangle(x: part.x, y: part.y + 1 + offset, width: part.width, height: 1)
      if let row = storage.row(at: place) {
        let number = row.isProtected ? String(grid.glyphs.protected) : NumberText.count(place + 1)
        let style = Style(row.isProtected ? .faint : .plain)
        draw([number] + cells(row, state), columns, x: line.x, y: line.y, style, on: &grid)
      } else {
        grid.put(grid.glyphs.unread, x: line.x + 1 + columns.place + Columns.gap, y: line.y, Style(.faint))
      }
      if place == storage.cursor { grid.highlight(line) }
    }
  }

  private static func cells(_ row: ResourceRow, _ state: ExplorerState) -> [String] {
    [
      row.patientName, row.text(ShownTag.patientID),
      String(TimeText.full(row.lastUpdate, state.clock).prefix(16)), NumberText.count(row.instances),
      row.isProtected ? "never" : NumberText.size(row.diskSize),
    ]
  }

  private static func draw(
    _ cells: [String], _ columns: Columns, x: Int, y: Int, _ style: Style, on grid: inout Grid
  ) {
    let widths = [
      columns.place, columns.name, columns.identifier, columns.received, columns.instances, columns.size,
    ]
    var x = x + 1
    for (index, (cell, width)) in zip(cells, widths).enumerated() {
      let isNumber = index == 0 || index >= 4
      grid.put(cell, x: x, y: y, width: width, style, align: isNumber ? .right : .left)
      x += width + Columns.gap
    }
  }
}
