import Store

/// What all windows over the screen share.
enum WindowFrame {
  /// A box in the middle of the screen; returns its inside.
  static func draw(_ title: String, width: Int, height: Int, on grid: inout Grid) -> Rectangle {
    let width = min(width + 4, grid.size.width - 4)
    let height = min(height + 2, grid.size.height - 4)
    let part = Rectangle(
      x: (grid.size.width - width) / 2, y: max(1, (grid.size.height - height) / 2 - 1), width: width,
      height: height)
    grid.box(part, title: title)
    return part.inset(2, 1)
  }

  /// Two buttons at the right end of a line; the cursor is on one of them.
  static func buttons(
    _ no: String, _ yes: String, isOnYes: Bool, in part: Rectangle, y: Int, on grid: inout Grid
  ) {
    let right = "[ \(yes) ]"
    let left = "[ \(no) ]"
    let rightX = part.maxX - DisplayWidth.of(right)
    let leftX = rightX - 3 - DisplayWidth.of(left)
    grid.put(right, x: rightX, y: y, Style(.danger, isCursor: isOnYes))
    grid.put(left, x: leftX, y: y, Style(.plain, isCursor: !isOnYes))
    for (x, text, key) in [(leftX, left, "n"), (rightX, right, "y")] as [(Int, String, Character)] {
      let part = Rectangle(x: x, y: y, width: DisplayWidth.of(text), height: 1)
      grid.hits.append(Hit(part: part, target: .key(.character(key))))
    }
  }
}

enum QuestionView {
  static func draw(_ dialog: QuestionDialog, on grid: inout Grid) {
    let width = dialog.lines.map { DisplayWidth.of($0) }.max() ?? 0
    let part = WindowFrame.draw(
      dialog.title, width: max(40, width), height: dialog.lines.count + 2, on: &grid)
    for (index, line) in dialog.lines.enumerated() {
      grid.put(line, x: part.x, y: part.y + index, width: part.width)
    }
    WindowFrame.buttons(
      "No", dialog.confirm, isOnYes: dialog.isOnConfirm, in: part, y: part.maxY - 1, on: &grid)
  }
}

enum NoteView {
  static func draw(_ dialog: NoteDialog, on grid: inout Grid) {
    let width = max(dialog.lines.map { DisplayWidth.of($0) }.max() ?? 0, DisplayWidth.of(dialog.title) + 2)
    let part = WindowFrame.draw(dialog.title, width: max(40, width), height: dialog.lines.count, on: &grid)
    for (offset, line) in dialog.lines.dropFirst(dialog.top).prefix(part.height).enumerated() {
      grid.put(line, x: part.x, y: part.y + offset, width: part.width)
    }
    if dialog.top + part.height < dialog.lines.count {
      grid.put(grid.glyphs.descending, x: part.maxX, y: part.maxY - 1, Style(.accent))
    }
  }
}

enum SortView {
  static func draw(_ dialog: SortDialog, _ state: ExplorerState, on grid: inout Grid) {
    let part = WindowFrame.draw("Sort by", width: 24, height: dialog.keys.count, on: &grid)
    for (index, key) in dialog.keys.enumerated() {
      let y = part.y + index
      grid.put(SortKeyText.name(key), x: part.x + 2, y: y)
      if let query = state.list?.query, query.sort == key {
        grid.put(
          query.isDescending ? grid.glyphs.descending : grid.glyphs.ascending, x: part.x, y: y, Style(.accent)
        )
      }
      let line = Rectangle(x: part.x, y: y, width: part.width, height: 1)
      if index == dialog.cursor { grid.highlight(line) }
      grid.hits.append(Hit(part: line, target: .row(index)))
    }
  }
}

enum HelpView {
  static func draw(_ dialog: HelpDialog, on grid: inout Grid) {
    let part = WindowFrame.draw(
      "Keys" + (grid.glyphs.isASCII ? " - " : " · ") + dialog.context.title, width: grid.size.width - 12,
      height: grid.size.height, on: &grid)
    let used = grid.put("find: ", x: part.x, y: part.y, Style(.faint))
    TextFieldView.draw(dialog.field, x: part.x + used, y: part.y, width: part.width - used, on: &grid)
    let entries = dialog.entries
    if entries.isEmpty { grid.put("No key is about that.", x: part.x, y: part.y + 2, Style(.faint)) }
    for (offset, action) in entries.dropFirst(dialog.top).prefix(part.height - 2).enumerated() {
      let y = part.y + 2 + offset
      let isHere = action.contexts.contains(dialog.context)
      let keys = action.keys.map { grid.glyphs.isASCII ? $0.asciiName : $0.name }.joined(separator: " ")
      grid.put(keys, x: part.x, y: y, width: 18, Style(isHere ? .key : .faint))
      let help = isHere ? action.help : action.help + " (" + action.places + ")"
      grid.put(help, x: part.x + 20, y: y, width: part.width - 20, Style(isHere ? .plain : .faint))
      let line = Rectangle(x: part.x, y: y, width: part.width, height: 1)
      if dialog.top + offset == dialog.cursor { grid.highlight(line) }
      grid.hits.append(Hit(part: line, target: .row(dialog.top + offset)))
    }
  }
}
