import DICOM
import Store

/// The right pane: everything about the selected resource.
enum PaneView {
  private struct Line {
    var text: String
    var role: Role = .plain
    /// A value in a second column.
    var value: String?
    var x = 0
  }

  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    guard let row = state.selected else { return }
    let detail = state.detail?.row.reference == row.reference ? state.detail : nil
    let lines = lines(row, detail, state, width: part.width - 2).flatMap { split($0, width: part.width - 2) }
    let top = max(0, min(state.pane.top, lines.count - part.height))
    for (offset, line) in lines.dropFirst(top).prefix(part.height).enumerated() {
      let y = part.y + offset
      let x = part.x + 1 + line.x
      let used = grid.put(
        line.text, x: x, y: y, width: line.value == nil ? part.maxX - x - 1 : 14, Style(line.role))
      if let value = line.value {
        let start = x + max(13, used + 1)
        grid.put(value, x: start, y: y, width: part.maxX - start - 1)
      }
    }
    if top + part.height < lines.count {
      grid.put(grid.glyphs.descending, x: part.maxX - 2, y: part.maxY - 1, Style(.accent))
    }
  }

  private static func lines(
    _ row: ResourceRow, _ detail: ResourceDetail?, _ state: ExplorerState, width: Int
  ) -> [Line] {
    var lines = head(row, detail, state)
    lines.append(Line(text: ""))
    lines += amounts(row, detail, state)
    if !row.labels.isEmpty {
      lines += [Line(text: ""), Line(text: "LABELS", role: .heading)]
      lines += wrapped(row.labels, width: width).map { Line(text: $0, role: .label) }
    }
    lines += facts(row)
    guard let detail else {
      // Patients and studies tell nearly everything themselves: what may come is not announced, at the price of
      // painting twice for each row that the cursor passes.
      if row.level <= .study { return lines }
      return lines + [Line(text: ""), Line(text: String(state.glyphs.unread), role: .faint)]
    }
    let user = detail.metadata.filter { $0.key.isUserDefined }
    if !user.isEmpty {
      lines += [Line(text: ""), Line(text: "METADATA", role: .heading)]
      lines += user.flatMap { named($0.name, oneLine($0.value)) }
    }
    if !detail.attachments.isEmpty {
      lines += [Line(text: ""), Line(text: "ATTACHMENTS", role: .heading)]
      lines += detail.attachments.flatMap {
        named($0.name, NumberText.size($0.diskSize) + ($0.isCompressed ? " compressed" : ""))
      }
    }
    return lines
  }

  /// Names of known plugins are too long for the first column: they have a line of their own.
  private static func named(_ name: String, _ value: String) -> [Line] {
    if DisplayWidth.of(name) <= 13 { return [Line(text: name, role: .faint, value: value)] }
    return [Line(text: name, role: .faint), Line(text: "", role: .faint, value: value)]
  }

  /// Who and what.
  private static func head(_ row: ResourceRow, _ detail: ResourceDetail?, _ state: ExplorerState) -> [Line] {
    let patient = row.level <= .study ? row : detail?.ancestors.first { $0.level == .patient }
    let study = row.level == .study ? row : detail?.ancestors.first { $0.level == .study }
    var lines: [Line] = []
    // A study has its own copy of the patient's tags: that is the name it was made under.
    let named = study.flatMap { $0.text(ShownTag.patientName).isEmpty ? nil : $0 } ?? patient
    if let named {
      let mark = row.isProtected ? String(state.glyphs.protected) + " " : ""
      lines.append(Line(text: mark + named.patientName, role: .title))
      let sex = named.text(ShownTag.sex)
      let born = TimeText.date(named.text(ShownTag.birthDate))
      lines.append(
        joined([named.text(ShownTag.patientID), born.isEmpty ? "" : "born " + born, sex], state.glyphs.dot))
    }
    if row.isProtected { lines.append(Line(text: "protected from recycling", role: .accent)) }
    if row.hasConflictingNames || patient?.hasConflictingNames == true {
      lines.append(Line(text: "! several people under this ID", role: .warning))
    }
    if row.level == .patient { return lines }
    lines.append(Line(text: ""))
    if let study {
      lines.append(
        Line(text: [study.modalityText, study.description].filter { !$0.isEmpty }.joined(separator: "  ")))
      lines.append(
        joined(
          [
            [TimeText.date(study.text(ShownTag.studyDate)), TimeText.time(study.text(ShownTag.studyTime))]
              .filter { !$0.isEmpty }.joined(separator: " "), study.text(ShownTag.accessionNumber),
          ], state.glyphs.dot))
    }
    if row.level > .study {
      let series = row.level == .series ? row : detail?.ancestors.first { $0.level == .series }
      if let series {
        let isNamed = !series.text(ShownTag.seriesNumber).isEmpty || !series.description.isEmpty
        lines.append(Line(text: isNamed ? "series " + series.shortTitle : series.shortTitle))
      }
      if row.level == .instance {
        let number = row.text(ShownTag.instanceNumber)
        lines.append(Line(text: number.isEmpty ? "instance without a number" : "instance " + number))
      }
    }
    return lines
  }

  /// How much, and since when.
  private static func amounts(_ row: ResourceRow, _ detail: ResourceDetail?, _ state: ExplorerState) -> [Line]
  {
    let dot = state.glyphs.dot
    var lines: [Line] = []
    switch row.level {
    case .patient:
      lines.append(
        joined([LevelText.count(row.studies, .study), LevelText.count(row.series, .series)], dot))
      lines.append(Line(text: LevelText.count(row.instances, .instance)))
    case .study:
      lines.append(
        joined([LevelText.count(row.series, .series), LevelText.count(row.instances, .instance)], dot))
    case .series:
      let expected = row.expectedInstances.map {
        NumberText.count(row.instances) + " of " + NumberText.count($0) + " instances"
      }
      lines.append(Line(text: expected ?? LevelText.count(row.instances, .instance)))
      let status = row.seriesStatus ?? .unknown
      let isKnown = row.expectedInstances != nil
      lines.append(
        Line(
          text: "status " + status.rawValue + (isKnown ? "" : " (none announced)"),
          role: row.isFaulty ? .warning : isKnown ? .plain : .faint))
    case .instance: lines.append(Line(text: TransferSyntaxText.name(row.transferSyntax ?? "")))
    }
    var size = NumberText.size(row.diskSize)
    if let detail, row.diskSize > 0, detail.uncompressedSize > row.diskSize * 21 / 20 {
      size += " (compressed \(NumberText.tenths(Double(detail.uncompressedSize) / Double(row.diskSize)))×)"
    }
    lines.append(Line(text: size))
    let age = TimeText.age(of: row.lastUpdate, at: state.now, state.clock)
    lines.append(joined([row.isStable ? "stable" : "arriving", "received " + age], dot))
    lines.append(Line(text: TimeText.full(row.lastUpdate, state.clock), role: .faint))
    let address = detail?.metadata.first { $0.key == .remoteIP }?.value ?? ""
    if let sender = row.remoteAET, !sender.isEmpty {
      lines.append(Line(text: ["from", sender, address].filter { !$0.isEmpty }.joined(separator: " ")))
    }
    return lines
  }

  private static let shown: [(Tag, String)] = [
    (ShownTag.institution, "Institution"), (ShownTag.manufacturer, "Manufacturer"),
    (ShownTag.stationName, "Station"), (ShownTag.referringPhysician, "Referred by"),
    (ShownTag.studyID, "Study ID"), (ShownTag.bodyPart, "Body part"), (ShownTag.protocolName, "Protocol"),
    (ShownTag.numberOfFrames, "Frames"), (ShownTag.imagePosition, "Position"),
    (ShownTag.studyInstanceUID, "Study UID"), (ShownTag.seriesInstanceUID, "Series UID"),
    (ShownTag.sopInstanceUID, "SOP UID"),
  ]

  private static func facts(_ row: ResourceRow) -> [Line] {
    let lines = shown.compactMap { tag, name -> Line? in
      let value = row.text(tag)
      guard !value.isEmpty else { return nil }
      let text = tag == ShownTag.referringPhysician ? PersonNameText.display(value) : value
      return Line(text: name, role: .faint, value: text)
    }
    return lines.isEmpty ? [] : [Line(text: ""), Line(text: "TAGS", role: .heading)] + lines
  }

  /// A value that is longer than its line goes on in the next ones: identifiers are of use only whole.
  private static func split(_ line: Line, width: Int) -> [Line] {
    guard let value = line.value else { return [line] }
    let room = width - max(13, DisplayWidth.of(line.text) + 1)
    guard room > 4, DisplayWidth.of(value) > room else { return [line] }
    var pieces = [""]
    for character in value {
      if DisplayWidth.of(pieces[pieces.count - 1] + String(character)) > room { pieces.append("") }
      pieces[pieces.count - 1].append(character)
    }
    return pieces.prefix(4).enumerated().map { index, piece in
      Line(text: index == 0 ? line.text : "", role: line.role, value: piece, x: line.x)
    }
  }

  private static func joined(_ parts: [String], _ dot: String) -> Line {
    Line(text: parts.filter { !$0.isEmpty }.joined(separator: dot))
  }

  private static func oneLine(_ text: String) -> String {
    text.prefix(500).split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func wrapped(_ words: [String], width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, DisplayWidth.of(last) + 2 + DisplayWidth.of(word) <= width {
        lines[lines.count - 1] = last + "  " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}
