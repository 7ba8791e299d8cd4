import DICOM
import Store

/// The changes as they come, and the log.
extension ExplorerState {
  mutating func take(changes answer: Result<[Change], Failure>, before: Int64?) -> [Effect] {
    switch answer {
    case .failure(let failure):
      activity.failure = failure.text
      activity.isLoaded = true
      activity.isLoading = false
    case .success(let changes) where before == nil: activity.merge(changes, visible: size.height - 4)
    case .success(let changes):
      activity.isAtEnd = changes.count < ActivityState.page
      activity.append(changes)
    }
    return []
  }

  /// Reads the newest changes when there are none yet, or the stream has left some out.
  mutating func readActivity() -> [Effect] {
    if activity.isLoading || activity.isLoaded && !activity.isStale { return [] }
    activity.isLoading = true
    return [.loadChanges(before: nil, limit: ActivityState.page)]
  }

  /// To what the line is about.
  mutating func jump() -> [Effect] {
    switch activity.current?.newest {
    case .change(let change): return [.locate(change.resource)]
    case .job(let event):
      let place = jobs.jobs.firstIndex { $0.id == event.job }
      if let place { jobs.move(to: place, visible: size.height - 4) }
      let effects = show(.jobs)
      if place == nil { say("The job is no longer in the list", .warning) }
      return effects
    case .write(let write):
      if let resource = write.resource { return [.locate(resource)] }
      say("The request names no patient, study, series or instance", .warning)
      return []
    case nil: return []
    }
  }

  /// Near the end older ones are read.
  mutating func readOlderChanges() -> [Effect] {
    let state = activity
    guard state.isLoaded, !state.isAtEnd, !state.isLoading, state.cursor + visibleRows >= state.entries.count,
      let oldest = state.oldestKept
    else { return [] }
    activity.isLoading = true
    return [.loadChanges(before: oldest, limit: ActivityState.page)]
  }

  /// Builds the way down to a resource, as if the person had gone there.
  mutating func takeLocated(_ answer: Result<ResourceDetail?, Failure>) -> [Effect] {
    let detail: ResourceDetail
    switch answer {
    case .failure(let failure):
      say(failure.text, .warning)
      return []
    case .success(nil):
      say("It is gone: it was deleted meanwhile", .warning)
      return []
    case .success(let found?): detail = found
    }
    let way = (detail.ancestors + [detail.row]).sorted { $0.level < $1.level }
    let start = detail.row.level == .patient ? ResourceLevel.patient : .study
    tab = start == .patient ? .patients : .studies
    var screens: [ScreenState] = []
    var effects: [Effect] = []
    var parent: ResourceRow?
    var numbers: [(Int, PublicID)] = []
    for row in way where row.level >= start {
      let query = ListQuery(level: row.level, parent: parent?.reference)
      var list = ListState(id: makeNumber(), query: query, parent: parent)
      list.cursorRow = row
      numbers.append((list.id, row.id))
      screens.append(.list(list))
      parent = row
    }
    stack = screens
    for (number, id) in numbers { effects.append(request(number, .aroundResource(id), for: .jump(id))) }
    return effects + showSelection()
  }

  mutating func showLogLine() -> [Effect] {
    guard let line = log.current else { return [] }
    let title = TimeText.full(line.date, clock) + " " + String(describing: line.level)
    dialog = .note(NoteDialog(title: title, lines: wrap(line.message, width: noteWidth)))
    return []
  }
}
