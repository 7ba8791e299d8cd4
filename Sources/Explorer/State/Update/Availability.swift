import Store

extension ExplorerState {
  /// Why an action can't be done now; nil when it can.
  func reason(against id: ActionID) -> String? {
    switch id {
    case .protect where tab == .storage: storageReason
    case .open, .mark, .markRange, .labels, .metadata, .protect, .delete: listReason(id)
    case .attachments:
      list?.cursorRow == nil ? listReason(.open) ?? "This row is still being read" : nil
    case .export: capabilities.canRunJobs ? listReason(id) : "This archive runs no jobs, so it can't export"
    case .showPatient: storageReason
    case .showJob, .pauseJob, .cancelJob, .resubmitJob, .raiseJob, .lowerJob: jobReason(id)
    case .verifyArchive: capabilities.canRunJobs ? nil : "This archive runs no jobs"
    case .markAll, .filter, .sort, .reverse:
      isArchiveEmpty ? "The archive is empty: there is nothing to \(verb(id))" : nil
    case .undo: undo.isEmpty ? "Nothing to undo; a deletion can't be taken back" : nil
    case .importFolder:
      capabilities.canImport ? nil : "Importing is not possible here: the archive is not on this machine"
    case .demo: capabilities.canMakeDemo ? nil : "Demo studies can't be written into this archive"
    case .stopWork: work == nil ? "Nothing is under way" : nil
    case .suspend:
      capabilities.canSuspend ? nil : "No shell waits behind this program, so it can't be suspended"
    case .next, .previous: nextReason
    case .copy: copyReason
    case .hex: hexReason
    case .fold, .unfold, .foldOrParent, .foldAll, .explain: treeReason
    case .previousInstance, .nextInstance: siblingReason(id)
    case .back where stack.count < 2 && tree?.hex == nil: "This is the top: 1 studies, 2 patients"
    case .jump:
      activity.current == nil
        ? "Nothing has happened yet"
        : activity.current?.newest.change?.type == .deleted
          ? "It was deleted: there is nothing to go to" : nil
    case .showLine: log.current == nil ? "The log is empty" : nil
    default: nil
    }
  }

  private func verb(_ id: ActionID) -> String {
    switch id {
    case .markAll: "mark"
    case .filter: "filter"
    default: "sort"
    }
  }

  private func listReason(_ id: ActionID) -> String? {
    guard let list else { return "This works in lists" }
    if [.labels, .metadata, .protect, .delete, .export].contains(id), !list.marks.isEmpty { return nil }
    if !list.isLoaded { return "The list is still being read" }
    if list.total == 0 {
      return isArchiveEmpty
        ? "The archive is empty: press i to import or D for demo studies"
        : "There is no row here"
    }
    return list.cursorRow == nil ? "This row is still being read" : nil
  }

  private var nextReason: String? {
    if let tree {
      if tree.search.isEmpty { return "Nothing is searched for: press / first" }
      return tree.matches.isEmpty ? "Nothing matches /\(tree.search)" : nil
    }
    guard let list else { return nil }
    return list.arrivals.isEmpty ? "Nothing has arrived since you looked" : nil
  }

  private var treeReason: String? {
    guard let tree else { return nil }
    return tree.lines.isEmpty ? "The tags are still being read" : nil
  }

  private var copyReason: String? {
    guard capabilities.canCopy else { return "This terminal has no way to copy (OSC 52)" }
    if let tree {
      guard let node = tree.currentNode else { return "An item of a sequence has no value of its own" }
      if !node.items.isEmpty { return "A sequence has no value of its own: open it" }
      return node.value.isEmpty ? "The value is empty or binary: x shows its bytes" : nil
    }
    return listReason(.open)
  }

  private var hexReason: String? {
    guard let node = tree?.currentNode else { return "An item of a sequence has no value of its own" }
    return node.valueRange.isEmpty ? "There are no bytes: the value is empty or a sequence" : nil
  }

  private func siblingReason(_ id: ActionID) -> String? {
    guard stack.count >= 2, case .list(let list) = stack[stack.count - 2] else { return nil }
    if id == .previousInstance { return list.cursor > 0 ? nil : "This is the first instance of the list" }
    return list.cursor + 1 < list.total ? nil : "This is the last instance of the list"
  }
}
