import Store

extension ExplorerState {
  /// Does what an action says on the screen in front. The windows have their own keys, see `handleWindow`.
  mutating func perform(_ id: ActionID) -> [Effect] {
    switch id {
    case .down: return move(by: 1)
    case .up: return move(by: -1)
    case .pageDown: return move(by: max(1, visibleRows - 1))
    case .pageUp: return move(by: -max(1, visibleRows - 1))
    case .halfPageDown: return move(by: visibleRows / 2)
    case .halfPageUp: return move(by: -visibleRows / 2)
    case .top: return moveToEdge(isEnd: false)
    case .bottom: return moveToEdge(isEnd: true)
    case .open: return open()
    case .back: return goUp()
    case .goBack: return goBack()
    case .studies: return show(.studies)
    case .patients: return show(.patients)
    case .activity: return show(.activity)
    case .jobs: return show(.jobs)
    case .storage: return show(.storage)
    case .log: return show(.log)
    case .refresh: return refreshScreen()
    case .filter, .search, .logFilter, .command, .importFolder, .export: return openPrompt(id)
    case .sort, .reverse, .mark, .markRange, .markAll, .next, .previous, .pane, .hidePane:
      return performInList(id)
    case .labels, .metadata, .attachments, .delete, .protect, .undo: return performOnResources(id)
    case .fold, .unfold, .foldOrParent, .foldAll, .hex, .explain, .previousInstance, .nextInstance:
      return performInTree(id)
    case .copy: return copy()
    case .jump: return jump()
    case .showPatient: return storage.current.map { [.locate($0.reference)] } ?? []
    case .showLine: return showLogLine()
    case .showJob, .pauseJob, .cancelJob, .resubmitJob, .raiseJob, .lowerJob, .verifyArchive:
      return performOnJob(id)
    case .demo: return work == nil ? [.lookForDemo] : begin("Demo studies", .makeDemo)
    case .stopWork: return stopWork()
    case .help:
      dialog = .help(HelpDialog(context: screenContext))
      return []
    case .suspend: return suspend()
    case .redraw: return [.redraw]
    case .quit: return quit()
    case .toggleLabel, .applyLabels, .completeLabel, .addMetadata, .editMetadata, .editExternally,
      .removeMetadata, .addAttachment, .viewAttachment, .exportAttachment, .replaceAttachment,
      .removeAttachment, .verifyAttachment, .pageAttachment, .openAttachment, .keepMine, .takeTheirs,
      .keepAllMine, .takeAllTheirs,
      .switchButton, .confirm, .yes, .no, .pick, .complete,
      .accept, .close:
      return []
    }
  }

  private mutating func performInList(_ id: ActionID) -> [Effect] {
    switch id {
    case .sort: openSortMenu()
    case .reverse: return reverse()
    case .mark: return mark()
    case .markRange: markRange()
    case .markAll: return markAll()
    case .next: return tree == nil ? goToArrival(forward: true) : goToMatch(forward: true)
    case .previous: return tree == nil ? goToArrival(forward: false) : goToMatch(forward: false)
    case .pane: return switchPane()
    case .hidePane:
      pane.isWanted.toggle()
      pane.isFocused = false
      if size.width < ScreenLayout.paneMinimumWidth {
        say("The pane stands beside the list from \(ScreenLayout.paneMinimumWidth) columns on; Tab shows it")
      }
      return showSelection()
    default: break
    }
    return []
  }

  private mutating func performOnResources(_ id: ActionID) -> [Effect] {
    switch id {
    case .labels: return openLabels()
    case .metadata: return openMetadata()
    case .attachments: return openAttachments()
    case .delete: return openDeletion()
    case .protect: return protect()
    case .undo: return undoLast()
    default: return []
    }
  }

  // MARK: Moving

  mutating func move(by rows: Int) -> [Effect] {
    if pane.isFocused && list != nil {
      scrollPane(by: rows)
      return []
    }
    return move { $0 + rows }
  }

  mutating func moveToEdge(isEnd: Bool) -> [Effect] {
    if pane.isFocused && list != nil {
      pane.top = isEnd ? 1000 : 0
      return []
    }
    return move { _ in isEnd ? .max / 2 : 0 }
  }

  /// Moves the cursor of whatever is in front.
  private mutating func move(_ target: (Int) -> Int) -> [Effect] {
    let visible = visibleRows
    switch stack.last {
    case .list(let list):
      self.list?.move(to: target(list.cursor), visible: visible)
      return selectionMoved()
    case .tree(var tree):
      if var hex = tree.hex {
        hex.top = max(0, min(target(hex.top), hex.lineCount - visible))
        tree.hex = hex
        self.tree = tree
        return readHex()
      }
      tree.move(to: target(tree.cursor), visible: visible)
      self.tree = tree
    case .activity(let state):
      activity.move(to: target(state.cursor), visible: visible)
      return readOlderChanges()
    case .jobs(let state): jobs.move(to: target(state.cursor), visible: visible)
    case .storage(let state):
      storage.move(to: target(state.cursor), visible: visible)
      return readStorageAround()
    case .log(let state): log.move(to: target(state.cursor), visible: visible)
    case nil: break
    }
    return []
  }

  mutating func scrollPane(by rows: Int) { pane.top = max(0, pane.top + rows) }

  /// The cursor went to another row: read around it and show what it is.
  mutating func selectionMoved() -> [Effect] {
    pane.top = 0
    return readAround() + showSelection()
  }

  // MARK: Up and back

  /// To the level above.
  mutating func goUp() -> [Effect] {
    if tree?.hex != nil {
      tree?.hex = nil
      return []
    }
    guard stack.count > 1 else { return [] }
    stack.removeLast()
    pane.isFocused = false
    pane.top = 0
    return showScreen()
  }

  /// Esc: undoes the last thing that lies over the plain list, then goes up; never further than the top.
  mutating func goBack() -> [Effect] {
    if pane.isFocused { return switchPane() }
    if let list {
      if list.rangeStart != nil {
        self.list?.rangeStart = nil
        return []
      }
      if !list.marks.isEmpty {
        self.list?.marks = [:]
        return []
      }
      if !list.filterText.isEmpty { return setFilter("") }
    }
    if let tree, tree.hex == nil, !tree.search.isEmpty {
      self.tree?.find("")
      return []
    }
    if tab == .log, !log.filter.isEmpty {
      log.setFilter("", visible: visibleRows)
      return []
    }
    if stack.count == 1, [.activity, .jobs, .storage, .log].contains(tab) { return show(.studies) }
    if stack.count == 1 && tree?.hex == nil { say("This is the top; q quits") }
    return goUp()
  }

  /// Tab: to the pane and back.
  mutating func switchPane() -> [Effect] {
    pane.isFocused.toggle()
    pane.top = 0
    return showSelection()
  }

  mutating func refreshScreen() -> [Effect] {
    say("Read again")
    switch stack.last {
    case .list(let list): return [.loadTotals] + refresh(list.id)
    case .tree(let tree): return [.loadTags(tree.instance.id)]
    case .activity:
      activity.forgetKept()
      return [.loadChanges(before: nil, limit: ActivityState.page)]
    case .jobs: return capabilities.canRunJobs ? [.loadJobs] : []
    case .storage: return refreshStorage()
    case .log: return [.loadLog]
    case nil: return []
    }
  }
}
