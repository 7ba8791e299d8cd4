import DICOM
import Store

/// Opening, ordering and marking rows.
extension ExplorerState {
  mutating func open() -> [Effect] {
    guard let list, let row = list.cursorRow else { return [] }
    self.list?.arrivals.remove(row.id)
    pane.isFocused = false
    pane.top = 0
    if let level = row.level.child {
      let query = ListQuery(level: level, parent: row.reference)
      stack.append(.list(ListState(id: makeNumber(), query: query, parent: row)))
    } else {
      stack.append(.tree(TreeState(instance: row)))
    }
    return showScreen()
  }

  // MARK: Order and filter

  mutating func openSortMenu() {
    guard let list else { return }
    let keys = SortKey.keys(for: list.level)
    dialog = .sort(SortDialog(keys: keys, cursor: keys.firstIndex(of: list.query.sort) ?? 0))
  }

  mutating func sort(by key: SortKey) -> [Effect] {
    guard let list else { return [] }
    self.list?.query.sort = key
    self.list?.query.isDescending = key.isDescendingByDefault
    return readAnew(list.id, delay: Self.echoDelay)
  }

  mutating func reverse() -> [Effect] {
    guard let list else { return [] }
    if !list.showsItsQuery {
      self.list?.query.isDescending.toggle()
      return readAnew(list.id)
    }
    let visible = visibleRows
    self.list?.reverse(visible: visible)
    // What is read now shows what has changed meanwhile.
    let anchor = list.cursorRow.map { WindowAnchor.aroundResource($0.id) }
    return [request(list.id, anchor ?? self.list?.missingAnchor(visible: visible) ?? .start, for: .keep)]
  }

  mutating func setFilter(_ text: String) -> [Effect] {
    guard let list else { return [] }
    self.list?.filterText = text
    let filter = ListFilter(parsing: text)
    guard filter != list.query.filter else { return [] }
    self.list?.query.filter = filter
    return readAnew(list.id, delay: Self.echoDelay)
  }

  /// After another order or filter: the cursor stays on its resource when the list still has it.
  private mutating func readAnew(_ id: Int, delay: Int = 0) -> [Effect] {
    guard let list else { return [] }
    let anchor = list.cursorRow.map { WindowAnchor.aroundResource($0.id) } ?? .start
    return [request(id, anchor, for: list.cursorRow == nil ? .start : .keepOrStart, delay: delay)]
  }

  // MARK: Marks

  mutating func mark() -> [Effect] {
    guard let list, let row = list.cursorRow else { return [] }
    if list.marks[row.id] == nil {
      self.list?.marks[row.id] = row
    } else {
      self.list?.marks[row.id] = nil
    }
    return move(by: 1)
  }

  mutating func markRange() {
    guard var list, let row = list.cursorRow else { return }
    guard let start = list.rangeStart else {
      list.rangeStart = row.id
      self.list = list
      say("Marking from here: go to the other end and press v again (Esc gives up)")
      return
    }
    guard let first = list.index(of: start) else {
      say("The other end is too far away to mark in one go; mark in smaller steps", .warning)
      return
    }
    for index in min(first, list.cursor)...max(first, list.cursor) {
      if let row = list.row(at: index) { list.marks[row.id] = row }
    }
    list.rangeStart = nil
    self.list = list
  }

  /// As many rows can be marked at once.
  static let markLimit = 10_000

  mutating func markAll() -> [Effect] {
    guard let list else { return [] }
    if !list.marks.isEmpty && list.marks.count >= min(list.total, Self.markLimit) {
      self.list?.marks = [:]
      return []
    }
    return [.loadAll(list: list.id, list.query, limit: Self.markLimit)]
  }

  mutating func takeMarkAll(_ answer: Result<ListWindow, Failure>, list id: Int) -> [Effect] {
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let window):
      _ = withList(id) { list in
        for row in window.rows { list.marks[row.id] = row }
      }
      if window.total > window.rows.count {
        say("Marked the first \(NumberText.count(window.rows.count)) only", .warning)
      }
    }
    return []
  }

  // MARK: Arrivals

  mutating func goToArrival(forward: Bool) -> [Effect] {
    guard let list else { return [] }
    let indices = list.window.rows.indices.filter { list.arrivals.contains(list.window.rows[$0].id) }
      .map { $0 + list.window.firstIndex }
    let next =
      forward
      ? indices.first { $0 > list.cursor } ?? indices.first { $0 != list.cursor }
      : indices.last { $0 < list.cursor } ?? indices.last { $0 != list.cursor }
    if let next {
      let visible = visibleRows
      self.list?.move(to: next, visible: visible)
      return selectionMoved()
    }
    let elsewhere = list.arrivals.first { list.index(of: $0) == nil }
    guard let elsewhere, list.parent == nil, list.query.filter.isEmpty else {
      say("No other arrival here")
      return []
    }
    return [request(list.id, .aroundResource(elsewhere), for: .jump(elsewhere))]
  }

  // MARK: Copy

  mutating func copy() -> [Effect] {
    if let tree {
      guard let node = tree.currentNode else { return [] }
      say("Copied \(node.name): \(VisibleText.string(node.value.prefix(60)))")
      return [.copy(node.value)]
    }
    guard let row = list?.cursorRow else { return [] }
    say("Copied the identifier \(row.id)")
    return [.copy(row.id.description)]
  }
}
