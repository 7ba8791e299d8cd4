import DICOM
import Store

/// The changes as they come: when, what, whom, from where.
enum ActivityView {
  static func draw(_ activity: ActivityState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid)
  {
    guard !activity.entries.isEmpty else {
      let text =
        activity.failure ?? (activity.isLoaded ? "Nothing has happened yet." : String(grid.glyphs.unread))
      grid.put(text, x: part.x + 3, y: part.y + 1, Style(.faint))
      return
    }
    for (offset, entry) in activity.entries.dropFirst(activity.top).prefix(part.height).enumerated() {
      let y = part.y + offset
      draw(entry, state, x: part.x, y: y, width: part.width, on: &grid)
      if activity.top + offset == activity.cursor {
        grid.highlight(Rectangle(x: part.x, y: y, width: part.width, height: 1))
      }
    }
  }

  private static func draw(
    _ entry: ActivityState.Entry, _ state: ExplorerState, x: Int, y: Int, width: Int, on grid: inout Grid
  ) {
    let (what, role, title, source) =
      switch entry.newest {
      case .change(let change): describe(change, count: entry.count)
      case .job(let event): describe(event, state.jobs.jobs)
      case .write(let write):
        (
          RemoteWriteText.what(write, count: entry.count), write.status < 400 ? .plain : .warning,
          RemoteWriteText.uri(write, ellipsis: grid.glyphs.ellipsis), RemoteWriteText.who(write)
        )
      }
    let sourceWidth = source.isEmpty ? 0 : min(18, width / 5)
    let titleX = width < 100 ? 39 : 43
    grid.put(
      TimeText.clockOrDay(entry.newest.date, at: state.now, state.clock), x: x + 1, y: y, width: 10,
      Style(.faint))
    grid.put(what, x: x + 13, y: y, width: titleX - 15, Style(role))
    grid.put(title, x: x + titleX, y: y, width: width - titleX - sourceWidth - 3)
    grid.put(source, x: x + width - sourceWidth - 1, y: y, width: sourceWidth, Style(.faint))
  }

  private static func describe(_ change: Change, count: Int) -> (String, Role, String, String) {
    let (what, role) = words(for: change, count: count)
    return (what, role, title(change), change.source)
  }

  private static func describe(_ event: JobEvent, _ jobs: [Job]) -> (String, Role, String, String) {
    let job = jobs.first { $0.id == event.job }
    let title = job.map { JobText.title($0.kind) } ?? "job \(event.job.prefix(8))"
    switch event.kind {
    case .submitted: return ("job submitted", .plain, title, "")
    case .success: return ("job done", .plain, title, "")
    case .failure: return ("job failed", .warning, title, "")
    case .updated: return ("job changed", .plain, title, "")
    }
  }

  /// The archive writes names as the files have them.
  private static func title(_ change: Change) -> String {
    let text = change.title
    if text.isEmpty {
      return LevelText.one(change.resource.level) + " " + change.resource.id.description.prefix(8)
    }
    let end = text.firstRange(of: " · ")?.lowerBound ?? text.endIndex
    let name = PersonNameText.display(String(text[..<end]))
    return (name.isEmpty ? "(no name)" : name) + text[end...]
  }

  private static func words(for change: Change, count: Int) -> (String, Role) {
    switch change.type {
    case .newInstance:
      (count == 1 ? "instance arrived" : NumberText.count(count) + " instances arrived", .plain)
    case .newPatient: ("new patient", .fresh)
    case .newStudy: ("new study", .fresh)
    case .newSeries: ("new series", .plain)
    case .completedSeries: ("series complete", .plain)
    case .stablePatient: ("patient stable", .faint)
    case .stableStudy: ("study stable", .faint)
    case .stableSeries: ("series stable", .faint)
    case .updatedAttachment:
      (change.detail.isEmpty ? "attachment changed" : "attachment " + change.detail, .plain)
    case .updatedMetadata: (change.detail.isEmpty ? "metadata changed" : "metadata " + change.detail, .plain)
    case .updatedLabels: (change.detail.isEmpty ? "labels changed" : "labels " + change.detail, .plain)
    case .updatedProtection: (change.detail.isEmpty ? "protection changed" : change.detail, .plain)
    case .deleted: (LevelText.one(change.resource.level) + " deleted", .warning)
    }
  }
}

/// The program's log.
enum LogView {
  static func draw(_ log: LogState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    guard !log.lines.isEmpty else {
      let text = log.filter.isEmpty ? "The log is empty." : "Nothing matches /\(log.filter)   Esc shows all"
      grid.put(text, x: part.x + 3, y: part.y + 1, Style(.faint))
      return
    }
    for (offset, line) in log.lines.dropFirst(log.top).prefix(part.height).enumerated() {
      let y = part.y + offset
      let isToday = TimeText.day(line.date, state.clock) == TimeText.day(state.now, state.clock)
      let time = TimeText.full(line.date, state.clock)
      grid.put(
        isToday ? String(time.suffix(8)) : String(time.prefix(10)), x: part.x + 1, y: y, width: 10,
        Style(.faint))
      grid.put(String(describing: line.level), x: part.x + 13, y: y, width: 7, Style(role(line.level)))
      grid.put(
        line.message, x: part.x + 22, y: y, width: part.width - 23,
        Style(line.level < .info ? .faint : .plain))
      if log.top + offset == log.cursor {
        grid.highlight(Rectangle(x: part.x, y: y, width: part.width, height: 1))
      }
    }
  }

  private static func role(_ level: LogLine.Level) -> Role {
    switch level {
    case .debug, .info: .faint
    case .notice: .plain
    case .warning: .warning
    case .error: .danger
    }
  }
}
