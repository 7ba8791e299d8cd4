import Store

/// The metadata window: what its keys do.
extension ExplorerState {
  mutating func openMetadata() -> [Effect] {
    guard let targets = list?.targets, !targets.isEmpty else { return [] }
    let metadata = MetadataDialog(targets: targets)
    dialog = .metadata(metadata)
    return [metadata.reload]
  }

  mutating func handleMetadata(_ key: Key, _ dialog: MetadataDialog) -> [Effect] {
    var dialog = dialog
    dialog.problem = nil
    let effects: [Effect]
    switch dialog.mode {
    case .browsing: effects = browseMetadata(key, &dialog)
    case .naming(var field):
      effects = nameMetadata(key, &field, &dialog)
    case .resolving(let keys):
      dialog.mode = key == .escape ? .browsing : .resolving(keys + [key])
      effects = []
    case .editing(var edit): effects = editMetadata(key, &edit, &dialog)
    case .conflict(let change, var conflicts): effects = resolve(&conflicts, of: change, key, &dialog)
    case .removing(let edit):
      dialog.mode = .browsing
      effects = key == .character("y") ? save(edit, isRemoval: true, &dialog) : []
    case .saving:
      if key == .escape { dialog.mode = .browsing }
      effects = []
    case .comparing(let change, let writes):
      if key == .escape {
        finish(change, unasked: writes)
        dialog.mode = .browsing
      }
      effects = []
    }
    if case .metadata = self.dialog { self.dialog = .metadata(dialog) }
    return effects
  }

  private mutating func browseMetadata(_ key: Key, _ dialog: inout MetadataDialog) -> [Effect] {
    switch key {
    case .escape, .character("q"): self.dialog = nil
    case .up, .control("p"), .character("k"): dialog.cursor = max(0, dialog.cursor - 1)
    case .down, .control("n"), .character("j"):
      dialog.cursor = max(0, min(dialog.user.count - 1, dialog.cursor + 1))
    case .character("a"): dialog.mode = .naming(TextField())
    case .enter:
      if let entry = dialog.current {
        dialog.mode = .editing(dialog.edit(entry.key, entry.name))
      } else {
        dialog.problem = "Nothing to edit: a adds a value"
      }
    case .character("E"):
      if let reason = capabilities.canEditExternally ? nil : "Set $EDITOR to edit values in it" {
        dialog.problem = reason
      } else if let entry = dialog.current {
        return [.editExternally(dialog.edit(entry.key, entry.name))]
      }
    case .character("d"), .delete:
      if let entry = dialog.current { dialog.mode = .removing(dialog.edit(entry.key, entry.name)) }
    default: dialog.problem = "\(key.name) does nothing here"
    }
    return []
  }

  private mutating func nameMetadata(
    _ key: Key, _ field: inout TextField, _ dialog: inout MetadataDialog
  ) -> [Effect] {
    switch key {
    case .escape: dialog.mode = .browsing
    case .tab:
      if let name = dialog.completions(of: field.text).first { field = TextField(name) }
      dialog.mode = .naming(field)
    case .enter:
      if field.isEmpty { return [] }
      dialog.mode = .resolving([])
      return [.findMetadataKey(field.text)]
    default:
      _ = field.handle(key)
      dialog.mode = .naming(field)
    }
    return []
  }

  private mutating func editMetadata(
    _ key: Key, _ edit: inout MetadataDialog.Edit, _ dialog: inout MetadataDialog
  ) -> [Effect] {
    switch key {
    case .escape: dialog.mode = .browsing
    case .enter: return save(edit, &dialog)
    default:
      _ = edit.field.handle(key)
      dialog.mode = .editing(edit)
    }
    return []
  }

  func save(
    _ edit: MetadataDialog.Edit, isRemoval: Bool = false, _ dialog: inout MetadataDialog
  ) -> [Effect] {
    let change = MetadataChange(edit: edit, isRemoval: isRemoval, isOfMany: dialog.isOfMany)
    dialog.mode = .saving(change)
    return [.writeMetadata(change, dialog.writes(change))]
  }

  /// Others changed some of the values meanwhile: keep mine or take theirs, for each.
  private mutating func resolve(
    _ conflicts: inout Conflicts<MetadataWrite, MetadataEntry>, of change: MetadataChange, _ key: Key,
    _ dialog: inout MetadataDialog
  ) -> [Effect] {
    var change = change
    switch conflicts.answer(key) {
    case .next: dialog.mode = .conflict(change, conflicts)
    case .unknown(let help): dialog.problem = help
    case .settled(let kept):
      change.left += conflicts.count - kept.count
      if !kept.isEmpty {
        dialog.mode = .saving(change)
        return [.writeMetadata(change, kept.map { $0.mine.over($0.theirs) })]
      }
      dialog.mode = .browsing
      finish(change)
    case .back where change.isRemoval:
      change.left += conflicts.count
      dialog.mode = .browsing
      finish(change)
    case .back:
      // What was typed is not lost by it.
      dialog.mode = .editing(change.edit)
      remember(change)
      let rows = dialog.isOfMany ? " on \(NumberText.count(conflicts.count))" : ""
      dialog.problem = "Not saved\(rows): Enter tries again, Esc leaves theirs"
    }
    return []
  }
}
