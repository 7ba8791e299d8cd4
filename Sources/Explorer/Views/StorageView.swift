import Store

/// Gauges against the limits, bars by modality, and who goes next.
enum StorageView {
  private static let labelWidth = 10

  static func draw(
    _ storage: StorageState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid
  ) {
    guard let use = storage.use else {
      let text = storage.failure ?? String(grid.glyphs.unread)
      grid.put(
        text, x: part.x + 3, y: part.y + 1, width: part.width - 4,
        Style(storage.failure == nil ? .faint : .warning))
      return
    }
    drawGauges(use, in: part, on: &grid)
    let layout = state.storageLayout
    let below = part.y + StorageLayout.gaugeRows + 1
    drawModalities(use, rows: layout.modalityRows, y: below, in: part, on: &grid)
    if let failure = storage.failure {
      grid.put(
        failure, x: part.x + 1, y: part.y + StorageLayout.gaugeRows, width: part.width - 2, Style(.warning))
    }
    let list = Rectangle(
      x: part.x, y: part.y + layout.titles, width: part.width, height: part.height - layout.titles)
    RecyclingOrderView.draw(storage, state, in: list, on: &grid)
  }

  private static func barWidth(_ part: Rectangle) -> Int { min(40, max(12, part.width / 4)) }

  private static func drawGauges(_ use: StorageUse, in part: Rectangle, on grid: inout Grid) {
    let dot = grid.glyphs.dot
    draw(
      StorageText.size(use, dot: dot), "Used", or: NumberText.size(use.totals.diskSize) + dot + "no limit",
      y: part.y, in: part, on: &grid)
    draw(
      StorageText.patients(use, dot: dot), "Patients",
      or: NumberText.count(use.totals.patients) + dot + "no limit", y: part.y + 1, in: part, on: &grid)
    grid.put(use.limits.mode.rawValue, x: part.x + 1, y: part.y + 2, width: labelWidth - 1, Style(.heading))
    grid.put(
      StorageText.mode(use, dot: dot), x: part.x + 1 + labelWidth, y: part.y + 2,
      width: part.width - labelWidth - 2)
  }

  private static func draw(
    _ level: StorageText.Level?, _ name: String, or text: String, y: Int, in part: Rectangle,
    on grid: inout Grid
  ) {
    grid.put(name, x: part.x + 1, y: y, width: labelWidth - 1, Style(.heading))
    let x = part.x + 1 + labelWidth
    guard let level else {
      grid.put(text, x: x, y: y, width: part.width - labelWidth - 2)
      return
    }
    let width = barWidth(part)
    let role = level.isWarning ? Role.warning : .accent
    BarView.draw(level.share, x: x, y: y, width: width, role, on: &grid)
    grid.put(
      level.text, x: x + width + 2, y: y, width: part.maxX - x - width - 3,
      Style(level.isWarning ? .warning : .plain))
  }

  private static func drawModalities(
    _ use: StorageUse, rows: Int, y: Int, in part: Rectangle, on grid: inout Grid
  ) {
    let modalities = StorageText.modalities(use, rows: rows)
    let largest = max(1, modalities.map(\.diskSize).max() ?? 1)
    let width = barWidth(part)
    for (index, modality) in modalities.enumerated() {
      let (x, y) = (part.x + 1 + labelWidth, y + index)
      let name = modality.modality.isEmpty ? "(none)" : modality.modality
      grid.put(name, x: part.x + 1, y: y, width: labelWidth - 1)
      // However little it is, it is there.
      let share = Double(max(0, modality.diskSize)) / Double(largest)
      let shown = modality.instances > 0 ? max(share, 1 / Double(width)) : share
      BarView.draw(shown, x: x, y: y, width: width, on: &grid)
      grid.put(NumberText.size(modality.diskSize), x: x + width + 2, y: y, width: 9, align: .right)
      let counts =
        NumberText.count(modality.series, "series", "series") + grid.glyphs.dot
        + LevelText.count(modality.instances, .instance)
      grid.put(counts, x: x + width + 14, y: y, width: part.maxX - x - width - 15, Style(.faint))
    }
  }
}
