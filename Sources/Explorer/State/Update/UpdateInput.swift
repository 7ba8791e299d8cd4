extension ExplorerState {
  mutating func handle(_ event: InputEvent) -> [Effect] {
    switch event {
    case .key(let key): return handle(key)
    case .mouse(let event): return isTooSmall ? [] : handle(event)
    case .paste(let text): return paste(text)
    case .resize(let size): return resize(to: size)
    case .lost: return []
    }
  }

  mutating func resize(to size: Size) -> [Effect] {
    self.size = size
    let visible = visibleRows
    list?.clampTop(visible: visible)
    if let cursor = tree?.cursor { tree?.move(to: cursor, visible: visible) }
    activity.move(to: activity.cursor, visible: size.height - 4)
    jobs.move(to: jobs.cursor, visible: size.height - 4)
    log.move(to: log.cursor, visible: size.height - 4)
    storage.move(to: storage.cursor, visible: storageLayout.listHeight)
    return readAround() + readStorageAround() + showSelection()
  }

  private mutating func handle(_ key: Key) -> [Effect] {
    notice = nil
    if isTooSmall {
      return key == .control("c") || key == .character("q") ? perform(.quit) : []
    }
    if prompt != nil { return handlePrompt(key) }
    if dialog != nil { return handleWindow(key) }
    guard let action = ActionTable.action(for: key, in: context) else {
      say("\(key.name) does nothing here; ? shows the keys")
      return []
    }
    return act(action.id)
  }

  /// Does it, or says why not.
  mutating func act(_ id: ActionID) -> [Effect] {
    if let reason = reason(against: id) {
      say(reason, .warning)
      return []
    }
    return perform(id)
  }

  /// Text from the clipboard goes where text is typed, never to the keys.
  private mutating func paste(_ text: String) -> [Effect] {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    if prompt != nil {
      prompt?.field.insert(line)
      return promptChanged()
    }
    if pasteIntoWindow(line) { return [] }
    say("Nothing takes text here: / filters, : takes a command")
    return []
  }

  private mutating func handle(_ event: MouseEvent) -> [Effect] {
    let layout = layout
    notice = nil
    if event.kind == .wheelUp || event.kind == .wheelDown {
      return wheel(event.kind == .wheelUp ? -3 : 3, at: event.position)
    }
    if layout.hints.contains(event.position) {
      let hint = HintLine.hints(for: self).first {
        (($0.x - 1)...($0.x + $0.width)).contains(event.position.x)
      }
      return hint.map { handle($0.key) } ?? []
    }
    guard dialog == nil, prompt == nil else { return [] }
    if layout.columns.contains(event.position), let list {
      return clickHeader(list, x: event.position.x, width: layout.columns.width)
    }
    if layout.pane.contains(event.position) {
      pane.isFocused = true
      return []
    }
    guard layout.body.contains(event.position) else { return [] }
    pane.isFocused = false
    return click(row: event.position.y - layout.body.y, isDouble: event.kind == .doubleClick)
  }

  private mutating func clickHeader(_ list: ListState, x: Int, width: Int) -> [Effect] {
    let column = ColumnLayout.place(list.level, width: width)
      .first { x >= $0.x && x <= $0.x + $0.width }
    guard let column else { return [] }
    guard let key = column.column.sort else {
      say("\(column.column.title) is not a column to sort by")
      return []
    }
    return key == list.query.sort ? perform(.reverse) : sort(by: key)
  }

  /// A click goes to the row; a click on the row one is on opens it.
  private mutating func click(row: Int, isDouble: Bool) -> [Effect] {
    let visible = visibleRows
    switch stack.last {
    case .list(let list):
      guard list.top + row < list.total else { return [] }
      if list.top + row == list.cursor { return act(.open) }
      self.list?.move(to: list.top + row, visible: visible)
      return selectionMoved()
    case .tree(let tree):
      guard tree.hex == nil, tree.top + row < tree.lines.count else { return [] }
      if tree.top + row == tree.cursor { return act(.fold) }
      self.tree?.move(to: tree.top + row, visible: visible)
    case .activity(let state):
      if state.top + row == state.cursor { return act(.jump) }
      activity.move(to: state.top + row, visible: visible)
    case .jobs(let state):
      if state.top + row == state.cursor { return act(.showJob) }
      jobs.move(to: state.top + row, visible: visible)
    case .storage(let state):
      let place = row - storageLayout.listTop
      guard place >= 0, state.top + place < state.total else { return [] }
      if state.top + place == state.cursor { return act(.showPatient) }
      storage.move(to: state.top + place, visible: visible)
      return readStorageAround()
    case .log(let state): log.move(to: state.top + row, visible: visible)
    case nil: break
    }
    return []
  }

  private mutating func wheel(_ rows: Int, at position: Point) -> [Effect] {
    if dialog != nil || prompt != nil || layout.pane.contains(position) {
      if dialog == nil { scrollPane(by: rows) } else { moveInWindow(by: rows) }
      return []
    }
    let visible = visibleRows
    guard list != nil else { return move(by: rows) }
    list?.scroll(by: rows, visible: visible)
    return selectionMoved()
  }
}
