/// Rows of the screen that show a part of a list, and where in the list that begins.
struct Roll: Equatable, Sendable {
  var rows: Range<Int>
  var list: Int
  var top: Int
}

/// What a terminal can do by itself: whole rows move up (down, if negative), blank ones follow.
///
/// With the pane beside the list this moves the pane's lines too, which are then painted anew. curses finds such steps
/// only where whole rows come again, so it is told.
struct ScrollStep: Equatable, Sendable {
  var rows: Range<Int>
  var distance: Int
}

extension ScrollStep {
  /// The step between two screens; nil where painting without one is as short.
  init?(from old: Grid, to new: Grid, _ looks: LookTable) {
    guard let before = old.roll, let after = new.roll, old.size == new.size, before.rows == after.rows,
      before.list == after.list, before.top != after.top
    else { return nil }
    let step = ScrollStep(rows: after.rows, distance: after.top - before.top)
    // curses knows short steps again, long ones leave too little to be worth it.
    guard abs(step.distance) <= step.rows.count / 3 else { return nil }
    let moved = old.scrolled(step)
    let (still, scrolled) = step.rows.reduce(into: (0, 0)) { costs, y in
      let row = PaintedRow(new.row(y), looks)
      costs.0 += row.changes(from: PaintedRow(old.row(y), looks)).count
      costs.1 += row.changes(from: PaintedRow(moved.row(y), looks)).count
    }
    guard scrolled < still else { return nil }
    self = step
  }
}
