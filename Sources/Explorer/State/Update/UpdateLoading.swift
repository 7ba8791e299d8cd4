import DICOM
import Store

/// Reading lists and details, and what happens when the archive changes.
extension ExplorerState {
  /// Events come many times a second; lists are read again at most so often.
  static let refreshDelay = 120
  /// What a letter of a filter or another order brings is looked for a moment later, when that itself stands on the screen,
  /// mostly: a search keeps a processor busy that the terminal may need to show it.
  static let echoDelay = 3
  /// Rows that nobody waits for are read once what was asked for is painted: both at once take longer for each.
  static let readAheadDelay = 8

  mutating func request(_ id: Int, _ anchor: WindowAnchor, for purpose: WindowPurpose, delay: Int = 0)
    -> Effect
  {
    let number = makeNumber()
    let visible = visibleRows
    var made = WindowRequest(
      number: number, list: id, query: ListQuery(level: .study), anchor: anchor, limit: 0, purpose: purpose,
      delayMilliseconds: delay)
    _ = withList(id) { list in
      let isAwaited = list.isAwaited(purpose, visible: visible)
      made.limit = ListState.limit(visible: visible, isAwaited: isAwaited, anchor)
      if !isAwaited { made.delayMilliseconds = max(delay, Self.readAheadDelay) }
      made.query = list.query
      list.pending = made
      list.isStale = false
    }
    return .loadWindow(made)
  }

  /// Reads a list again where it is; waits for an answer that is on its way.
  mutating func refresh(_ id: Int, delay: Int = 0) -> [Effect] {
    let anchor: WindowAnchor?? = withList(id) { list in
      if list.pending != nil {
        list.isStale = true
        return nil
      }
      return list.cursorRow.map { .aroundResource($0.id) } ?? list.window.rows.first.map {
        .around($0.cursor)
      }
        ?? .start
    }
    guard case .some(.some(let anchor)) = anchor else { return [] }
    return [request(id, anchor, for: .keep, delay: delay)]
  }

  mutating func take(_ answer: Result<ListWindow, Failure>, for request: WindowRequest) -> [Effect] {
    let visible = visibleRows
    var purpose: WindowPurpose?
    var isStale = false
    var missing: WindowAnchor?
    var key: ListCursor?
    let isMine: Bool? = withList(request.list) { list in
      guard list.pending?.number == request.number else { return false }
      list.pending = nil
      switch answer {
      case .failure(let failure):
        list.failure = failure.text
        list.isLoaded = true
      case .success(let window):
        let before = list.window.firstIndex..<(list.window.firstIndex + list.window.rows.count)
        purpose = list.take(window, for: request, visible: visible)
        isStale = list.isStale
        let after = window.firstIndex..<(window.firstIndex + window.rows.count)
        missing = list.missingAnchor(visible: visible)
        // A window that brought nothing new is not asked for again.
        if after == before && missing == request.anchor { missing = nil }
        key = list.cursorRow?.cursor
      }
      return true
    }
    guard isMine == true else { return [] }
    if purpose != nil, let key {
      return [self.request(request.list, .around(key), for: .keepPlace)]
    }
    if isStale { return refresh(request.list, delay: Self.refreshDelay) + showSelection() }
    if let missing { return [self.request(request.list, missing, for: .keep)] + showSelection() }
    return showSelection()
  }

  /// Asks for the next window when the cursor nears the edge of this one.
  mutating func readAround() -> [Effect] {
    guard let list, list.pending == nil, let anchor = list.missingAnchor(visible: visibleRows) else {
      return []
    }
    return [request(list.id, anchor, for: .keep)]
  }

  // MARK: Detail

  /// Reads what the pane needs about the selected resource.
  mutating func showSelection() -> [Effect] {
    guard let row = selected, layout.pane.width > 0, detailRequest == nil else { return [] }
    if detail?.row.reference == row.reference && !isDetailStale { return [] }
    detailRequest = row.reference
    isDetailStale = false
    return [.loadDetail(row.reference)]
  }

  mutating func take(_ answer: Result<ResourceDetail?, Failure>, of resource: ResourceReference) -> [Effect] {
    detailRequest = nil
    switch answer {
    case .success(let detail): if let detail { self.detail = detail }
    case .failure(let failure): say(failure.text, .warning)
    }
    // The cursor may have moved on meanwhile. A resource that is gone is not asked for again.
    return selected?.reference == resource ? [] : showSelection()
  }

  // MARK: Changes of the archive

  mutating func take(_ event: ArchiveEvent) -> [Effect] {
    totals = event.totals
    isDetailStale = true
    activity.prepend(event, visible: size.height - 4)
    for tab in Tab.allCases {
      for index in (stacks[tab] ?? []).indices {
        guard case .list(var list) = stacks[tab]?[index] else { continue }
        list.note(event.changes)
        list.isStale = true
        stacks[tab]?[index] = .list(list)
      }
    }
    let jobs: [Effect] =
      (event.jobs.isEmpty || !capabilities.canRunJobs ? [] : [.loadJobs]) + refreshAttachments(after: event)
      + (tab == .activity && activity.isStale ? readActivity() : [])
    // Nothing of it shows in lists.
    if event.changes.isEmpty && !event.isTruncated { return jobs }
    if tab == .storage { return refreshStorage(delay: Self.refreshDelay) + jobs }
    guard let list else { return jobs }
    return refresh(list.id, delay: Self.refreshDelay) + jobs
  }
}

extension ListState {
  /// More arrivals than this are not told apart.
  private static let arrivalLimit = 10_000

  /// Remembers what arrived and forgets what went.
  mutating func note(_ changes: [Change]) {
    for change in changes where change.resource.level == level {
      switch change.type {
      case .newPatient, .newStudy, .newSeries, .newInstance:
        if isLoaded && arrivals.count < Self.arrivalLimit { arrivals.insert(change.resource.id) }
      case .deleted:
        arrivals.remove(change.resource.id)
        marks[change.resource.id] = nil
      case .completedSeries, .stablePatient, .stableStudy, .stableSeries, .updatedAttachment,
        .updatedMetadata,
        .updatedLabels, .updatedProtection:
        break
      }
    }
  }

  /// Arrivals that this list shows; nil where that is not known.
  var arrivalCount: Int {
    if parent == nil && query.filter.isEmpty { return arrivals.count }
    return window.rows.reduce(0) { $0 + (arrivals.contains($1.id) ? 1 : 0) }
  }
}
