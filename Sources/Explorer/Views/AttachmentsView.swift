import Store

enum AttachmentsView {
  static func draw(_ dialog: AttachmentsDialog, on grid: inout Grid) {
    let title = "Attachments of " + dialog.target.windowTitle(grid.glyphs.dot)
    let core = dialog.all.count - dialog.userCount
    let rows = max(1, dialog.userCount) + (core > 0 ? core + 2 : 0)
    let part = WindowFrame.draw(title, width: 96, height: rows + 6, on: &grid)
    guard dialog.entries != nil else {
      grid.put(grid.glyphs.unread, x: part.x, y: part.y, Style(.faint))
      return
    }
    drawTitles(part, on: &grid)
    drawRows(dialog, part, on: &grid)
    drawMode(dialog, part, on: &grid)
    if case .viewing(let note) = dialog.mode { NoteView.draw(note, on: &grid) }
  }

  private static func columns(_ part: Rectangle) -> (name: Int, mimeType: Int) {
    let room = part.width - 42
    return (min(room, 32), max(0, room - 34))
  }

  private static func drawTitles(_ part: Rectangle, on grid: inout Grid) {
    let x = part.x + 2 + columns(part).name
    let heading = Style(.heading)
    grid.put("NAME", x: part.x + 2, y: part.y, heading)
    grid.put("NO", x: x + 1, y: part.y, width: 5, heading, align: .right)
    grid.put("SIZE", x: x + 8, y: part.y, width: 9, heading, align: .right)
    grid.put("ON DISK", x: x + 19, y: part.y, width: 9, heading, align: .right)
    grid.put("REV", x: x + 30, y: part.y, width: 5, heading, align: .right)
    grid.put("TYPE", x: x + 37, y: part.y, width: columns(part).mimeType, heading)
  }

  /// People's own, then the core's; as many as fit, the cursor among them.
  private static func drawRows(_ dialog: AttachmentsDialog, _ part: Rectangle, on grid: inout Grid) {
    var lines: [Int?] = dialog.all.indices.map { $0 }
    if dialog.userCount < dialog.all.count { lines.insert(nil, at: dialog.userCount) }
    let height = part.height - 5
    let place = lines.firstIndex(of: dialog.cursor) ?? 0
    let top = max(0, min(place - height / 2, lines.count - height))
    if dialog.userCount == 0 {
      grid.put("None of your own yet: a adds one", x: part.x + 2, y: part.y + 1, Style(.faint))
    }
    let start = part.y + 1 + (dialog.userCount == 0 ? 1 : 0)
    for (offset, line) in lines.dropFirst(top).prefix(height - (start - part.y - 1)).enumerated() {
      let y = start + offset
      guard let index = line else {
        let text = "kept by Filmroom; \(grid.glyphs.protected) protected"
        grid.put(text, x: part.x, y: y, width: part.width, Style(.heading))
        continue
      }
      draw(dialog.all[index], part, y: y, on: &grid)
      let place = Rectangle(x: part.x, y: y, width: part.width, height: 1)
      if index == dialog.cursor { grid.highlight(place) }
      grid.hits.append(Hit(part: place, target: .row(index)))
    }
  }

  private static func draw(_ info: AttachmentInfo, _ part: Rectangle, y: Int, on grid: inout Grid) {
    let (name, mimeType) = columns(part)
    let x = part.x + 2 + name
    if !info.type.isDeletable { grid.put(grid.glyphs.protected, x: part.x, y: y, Style(.accent)) }
    grid.put(info.name, x: part.x + 2, y: y, width: name)
    grid.put(String(info.type.rawValue), x: x + 1, y: y, width: 5, Style(.faint), align: .right)
    grid.put(AttachmentText.size(info), x: x + 8, y: y, width: 9, align: .right)
    let onDisk = info.isCompressed ? NumberText.size(info.diskSize) : "as it is"
    grid.put(onDisk, x: x + 19, y: y, width: 9, Style(info.isCompressed ? .plain : .faint), align: .right)
    grid.put(String(info.revision), x: x + 30, y: y, width: 5, align: .right)
    grid.put(info.mimeType, x: x + 37, y: y, width: mimeType, Style(.faint))
  }

  /// The lines at the bottom: what is being done, else everything about the one under the cursor.
  private static func drawMode(_ dialog: AttachmentsDialog, _ part: Rectangle, on grid: inout Grid) {
    let y = part.maxY - 3
    func line(_ text: String, _ offset: Int, _ role: Role = .plain) {
      grid.put(text, x: part.x, y: y + offset, width: part.width, Style(role))
    }
    switch dialog.mode {
    case .browsing, .viewing, .path:
      guard let info = dialog.current else { return }
      line(facts(info, grid.glyphs.dot), 1, .faint)
      line("MD5 " + (info.md5 ?? "not kept"), 2, .faint)
    case .naming(let field):
      let used = grid.put("name or number: ", x: part.x, y: y + 1, Style(.key))
      TextFieldView.draw(field, x: part.x + used, y: y + 1, width: part.width - used, on: &grid)
      let names = dialog.completions(of: field.text).prefix(8).joined(separator: "  ")
      line(names.isEmpty ? "a name from UserContentType, or a number from 1024 to 65535" : names, 2, .faint)
    case .resolving, .comparing: line(String(grid.glyphs.unread), 1, .faint)
    case .removing(let info):
      line("Delete \(info.name), \(AttachmentText.size(info))? It can't be undone.", 1, .warning)
      line("y deletes it, any other key doesn't", 2, .warning)
    case .overwriting(let export):
      line("\(export.path) is there already.", 1, .warning)
      line("y replaces it, any other key leaves it as it is", 2, .warning)
    case .conflict(let conflicts): draw(conflicts, part, on: &grid)
    }
  }

  private static func facts(_ info: AttachmentInfo, _ dot: String) -> String {
    [
      info.mimeType, NumberText.count(Int(info.uncompressedSize), "byte"),
      info.isCompressed ? NumberText.count(Int(info.diskSize)) + " compressed" : "",
      "revision \(info.revision)",
    ].filter { !$0.isEmpty }.joined(separator: dot)
  }

  private static func draw(
    _ conflicts: Conflicts<AttachmentChange, AttachmentInfo>, _ part: Rectangle, on grid: inout Grid
  ) {
    let dot = grid.glyphs.dot
    let conflict = conflicts.current
    let theirs = conflict.theirs.map { info in
      ["revision \(info.revision)", AttachmentText.size(info), info.md5.map { "MD5 " + $0 } ?? ""]
        .filter { !$0.isEmpty }.joined(separator: dot)
    }
    let seen =
      switch conflict.mine.expected {
      case .revision(let number): "made for revision \(number)"
      case .absent, .any: "made as a new one"
      }
    ConflictView.draw(
      conflicts, of: conflict.mine.name, mine: (conflict.mine.path ?? "(delete it)") + dot + seen,
      theirs: theirs ?? "(deleted)", in: part, on: &grid)
  }
}
