import DICOM
import Store

enum DeletionView {
  private struct Line {
    var text: String
    var role: Role = .plain
  }

  private static let namesShown = 6

  static func draw(_ dialog: DeletionDialog, on grid: inout Grid) {
    let lines = lines(dialog, grid.glyphs)
    let width = max(44, min(grid.size.width - 12, lines.map { DisplayWidth.of($0.text) }.max() ?? 0))
    let part = WindowFrame.draw("Delete", width: width, height: lines.count + 3, on: &grid)
    for (offset, line) in lines.prefix(part.height - 3).enumerated() {
      grid.put(line.text, x: part.x, y: part.y + offset, width: part.width, Style(line.role))
    }
    let y = part.maxY - 1
    if let problem = dialog.problem {
      grid.put(problem, x: part.x, y: y - 1, width: part.width, Style(.warning))
    }
    if dialog.isDeleting {
      grid.put("Deleting …", x: part.x, y: y, Style(.faint))
    } else if dialog.preview == nil {
      return
    } else if !dialog.isUnlocked {
      let count = dialog.codes.count > 1 ? " (\(dialog.codesTyped + 1) of \(dialog.codes.count))" : ""
      let used = grid.put(
        "Type \(dialog.codes[dialog.codesTyped])\(count) to go on: ", x: part.x, y: y, Style(.key))
      TextFieldView.draw(dialog.field, x: part.x + used, y: y, width: part.width - used, on: &grid)
    } else {
      WindowFrame.buttons("No", "Delete", isOnYes: dialog.isOnDelete, in: part, y: y, on: &grid)
    }
  }

  private static func lines(_ dialog: DeletionDialog, _ glyphs: Glyphs) -> [Line] {
    guard let preview = dialog.preview else { return [Line(text: String(glyphs.unread), role: .faint)] }
    let level = dialog.targets.first?.level ?? .study
    let count = dialog.targets.count
    var question = "Delete " + LevelText.count(count, level)
    if level > .patient && count > 1 { question += " of " + LevelText.count(preview.patients, .patient) }
    var lines = [Line(text: question + "?", role: .title)]
    for row in preview.rows.prefix(namesShown) { lines.append(Line(text: "  " + row.longTitle(glyphs.dot))) }
    if count > namesShown {
      lines.append(
        Line(
          text: "  and \(NumberText.count(count - min(namesShown, preview.rows.count))) more", role: .faint))
    }
    lines.append(Line(text: ""))
    lines.append(
      Line(
        text: LevelText.count(preview.instances, .instance) + ", " + NumberText.size(preview.diskSize) + "."))
    for parent in preview.emptiedParents.prefix(4) {
      let name =
        parent.level == .patient ? parent.patientName : LevelText.one(parent.level) + " " + parent.shortTitle
      lines.append(Line(text: name + " has nothing else and goes too."))
    }
    if preview.emptiedParents.count > 4 {
      lines.append(Line(text: "\(preview.emptiedParents.count - 4) more have nothing else and go too."))
    }
    for patient in preview.conflictingPatients.prefix(3) {
      lines.append(
        Line(
          text: "! Several people lie under the ID \(patient.text(ShownTag.patientID)): look at each study.",
          role: .warning))
      let people = (preview.people[patient.id] ?? []).map { PersonNameText.display($0) }
      if !people.isEmpty { lines.append(Line(text: "  " + people.joined(separator: "; "), role: .warning)) }
    }
    for patient in preview.protectedPatients.prefix(3) {
      lines.append(
        Line(text: String(glyphs.protected) + " \(patient.patientName) is protected.", role: .warning))
    }
    return lines
  }
}
