import Store

enum MetadataView {
  static func draw(_ dialog: MetadataDialog, on grid: inout Grid) {
    let level = dialog.target.level
    let title =
      "Metadata of "
      + (dialog.isOfMany
        ? LevelText.count(dialog.targets.count, level)
        : dialog.target.windowTitle(grid.glyphs.dot))
    let core = dialog.core
    let rows = max(1, dialog.user.count)
    let part = WindowFrame.draw(title, width: 84, height: rows + core.count + 6, on: &grid)
    guard dialog.entries != nil else {
      grid.put(grid.glyphs.unread, x: part.x, y: part.y, Style(.faint))
      return
    }
    var y = part.y
    if dialog.user.isEmpty {
      grid.put("No values of your own yet: a adds one", x: part.x, y: y, Style(.faint))
      y += 1
    }
    for (index, entry) in dialog.user.enumerated() where y < part.maxY - 5 {
      draw(entry, dialog, in: part, y: y, on: &grid)
      let line = Rectangle(x: part.x, y: y, width: part.width, height: 1)
      if index == dialog.cursor { grid.highlight(line) }
      grid.hits.append(Hit(part: line, target: .row(index)))
      y += 1
    }
    y += 1
    if !core.isEmpty { grid.put("written by Filmroom, read-only", x: part.x, y: y, Style(.heading)) }
    y += 1
    for entry in core where y < part.maxY - 3 {
      grid.put(entry.name, x: part.x, y: y, width: 26, Style(.faint))
      grid.put(entry.value, x: part.x + 28, y: y, width: part.width - 28, Style(.faint))
      y += 1
    }
    drawMode(dialog, part, on: &grid)
  }

  private static func draw(
    _ entry: MetadataEntry, _ dialog: MetadataDialog, in part: Rectangle, y: Int, on grid: inout Grid
  ) {
    let longest = dialog.user.map { DisplayWidth.of($0.name) }.max() ?? 0
    let nameWidth = max(18, min(34, longest))
    grid.put(entry.name, x: part.x, y: y, width: nameWidth)
    // Names of known plugins are long.
    let part = Rectangle(
      x: part.x + nameWidth - 18, y: part.y, width: part.width - nameWidth + 18, height: part.height)
    let number = String(entry.key.rawValue)
    if number != entry.name { grid.put(number, x: part.x + 20, y: y, width: 5, Style(.faint)) }
    guard dialog.isOfMany else {
      grid.put("rev \(entry.revision)", x: part.x + 27, y: y, width: 8, Style(.faint))
      grid.put(oneLine(entry.value), x: part.x + 36, y: y, width: part.width - 36)
      return
    }
    let spread = dialog.spread(of: entry.key)
    let count = NumberText.count(dialog.targets.count)
    let text =
      spread.carriers == dialog.targets.count ? "on all \(count)" : "on \(spread.carriers) of \(count)"
    grid.put(text, x: part.x + 27, y: y, width: 14, Style(.faint))
    if spread.isSame {
      grid.put(oneLine(entry.value), x: part.x + 42, y: y, width: part.width - 42)
    } else {
      grid.put("different values", x: part.x + 42, y: y, width: part.width - 42, Style(.faint))
    }
  }

  /// The two lines at the bottom: what is being done.
  private static func drawMode(_ dialog: MetadataDialog, _ part: Rectangle, on grid: inout Grid) {
    let problem = wrapped(dialog.problem ?? "", width: part.width)
    let y = part.maxY - 1 - max(1, problem.count)
    for offset in 0..<problem.count where problem.count > 1 {
      grid.clear(Rectangle(x: part.x, y: y + offset, width: part.width, height: 1))
    }
    switch dialog.mode {
    case .browsing: break
    case .naming(let field):
      let used = grid.put("name or number: ", x: part.x, y: y, Style(.key))
      TextFieldView.draw(field, x: part.x + used, y: y, width: part.width - used, on: &grid)
      let names = dialog.completions(of: field.text).prefix(8).joined(separator: "  ")
      let text = names.isEmpty ? "a name from UserMetadata, or a number from 1024 to 65535" : names
      if dialog.problem == nil { grid.put(text, x: part.x, y: y + 1, width: part.width, Style(.faint)) }
    case .editing(let edit):
      let used = grid.put(edit.name + ": ", x: part.x, y: y, width: 30, Style(.key))
      TextFieldView.draw(edit.field, x: part.x + used, y: y, width: part.width - used, on: &grid)
      if dialog.problem == nil { grid.put("Enter saves  Esc leaves it", x: part.x, y: y + 1, Style(.faint)) }
    case .resolving, .comparing: grid.put(grid.glyphs.unread, x: part.x, y: y, Style(.faint))
    case .saving: grid.put("Saving …", x: part.x, y: y, Style(.faint))
    case .conflict(let change, let conflicts): draw(conflicts, of: change, dialog, part, on: &grid)
    case .removing(let edit):
      grid.put("Remove \(edit.name)?  y removes it, any other key doesn't", x: part.x, y: y, Style(.warning))
    }
    for (offset, line) in problem.enumerated() {
      grid.clear(Rectangle(x: part.x, y: y + 1 + offset, width: part.width, height: 1))
      grid.put(line, x: part.x, y: y + 1 + offset, width: part.width, Style(.warning))
    }
  }

  /// A sentence in at most two lines, broken between words.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    if text.isEmpty { return [] }
    if DisplayWidth.of(text) <= width { return [text] }
    var first = ""
    for word in text.split(separator: " ") {
      if DisplayWidth.of(first) + 1 + DisplayWidth.of(String(word)) > width { break }
      first += (first.isEmpty ? "" : " ") + word
    }
    return [first, String(text.dropFirst(first.count).drop { $0 == " " })]
  }

  private static func draw(
    _ conflicts: Conflicts<MetadataWrite, MetadataEntry>, of change: MetadataChange, _ dialog: MetadataDialog,
    _ part: Rectangle, on grid: inout Grid
  ) {
    let conflict = conflicts.current
    let row = dialog.isOfMany ? dialog.targets.first { $0.reference == conflict.mine.resource } : nil
    let seen = conflict.mine.revision.map { "for rev \($0)  " } ?? "new  "
    ConflictView.draw(
      conflicts, of: change.edit.name, resource: row?.longTitle(grid.glyphs.dot),
      mine: seen + (conflict.mine.value.map(oneLine) ?? "(remove it)"),
      theirs: conflict.theirs.map { "rev \($0.revision)  " + oneLine($0.value) } ?? "(removed)",
      in: part, on: &grid)
  }

  private static func oneLine(_ text: String) -> String {
    text.prefix(500).split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
