import DICOM
import Store

enum LabelsView {
  static func draw(_ dialog: LabelsDialog, on grid: inout Grid) {
    let what =
      dialog.targets.count == 1
      ? dialog.targets.first?.windowTitle(grid.glyphs.dot) ?? ""
      : LevelText.count(dialog.targets.count, dialog.targets.first?.level ?? .study)
    let rows = max(1, min(dialog.choices.count, grid.size.height - 12))
    let part = WindowFrame.draw("Labels of " + what, width: 48, height: rows + 4, on: &grid)
    let shown = part.height - 4
    let top = max(0, min(dialog.cursor - shown + 1, dialog.choices.count - shown))
    if dialog.current == nil {
      grid.put(grid.glyphs.unread, x: part.x, y: part.y, Style(.faint))
    } else if dialog.choices.isEmpty {
      grid.put("No label is in use yet: type one", x: part.x, y: part.y, Style(.faint))
    }
    for (offset, choice) in dialog.choices.dropFirst(top).prefix(shown).enumerated() {
      let y = part.y + offset
      let box =
        switch dialog.box(of: choice) {
        case .on: "[x] "
        case .some: "[-] "
        case .off: "[ ] "
        }
      let used = grid.put(box, x: part.x, y: y)
      grid.put(choice.label, x: part.x + used, y: y, width: 22, Style(.label))
      grid.put(remark(choice, dialog), x: part.x + 28, y: y, width: part.width - 28, Style(.faint))
      let line = Rectangle(x: part.x, y: y, width: part.width, height: 1)
      if top + offset == dialog.cursor { grid.highlight(line) }
      grid.hits.append(Hit(part: line, target: .row(top + offset)))
    }
    drawField(dialog, part, on: &grid)
  }

  private static func drawField(_ dialog: LabelsDialog, _ part: Rectangle, on grid: inout Grid) {
    let y = part.maxY - 3
    let line = Rectangle(x: part.x, y: y, width: part.width, height: 1)
    grid.hits.append(Hit(part: line, target: .row(dialog.choices.count)))
    let used = grid.put("new: ", x: part.x, y: y, Style(dialog.isTyping ? .key : .faint))
    if dialog.isTyping {
      TextFieldView.draw(dialog.field, x: part.x + used, y: y, width: part.width - used, on: &grid)
    }
    let completions = dialog.completions.prefix(6).joined(separator: "  ")
    grid.put(completions, x: part.x + used, y: y + 1, width: part.width - used, Style(.faint))
    if let problem = dialog.problem {
      grid.put(problem, x: part.x, y: part.maxY - 1, width: part.width, Style(.warning))
    }
  }

  private static func remark(_ choice: LabelsDialog.Choice, _ dialog: LabelsDialog) -> String {
    let total = dialog.targets.count
    switch choice.wish {
    case .on where choice.carriers < total: return "will be put on"
    case .off where choice.carriers > 0: return "will be taken off"
    case .on, .off, .keep: break
    }
    if choice.carriers == 0 {
      return choice.uses == 0 ? "" : "used " + NumberText.count(choice.uses, "time")
    }
    if total == 1 { return "" }
    return choice.carriers == total
      ? "on all \(NumberText.count(total))" : "on \(choice.carriers) of \(NumberText.count(total))"
  }
}
