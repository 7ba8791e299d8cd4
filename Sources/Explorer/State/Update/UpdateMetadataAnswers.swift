import Store

/// The metadata window: what the archive and the editor answer.
extension ExplorerState {
  mutating func takeMetadata(_ held: [ResourceReference: [MetadataEntry]], _ names: [String]) {
    guard case .metadata(var dialog) = dialog, dialog.isOfMany else { return }
    dialog.take(held)
    takeMetadata(&dialog, names)
  }

  mutating func takeMetadata(_ entries: [MetadataEntry], _ names: [String], of resource: ResourceReference) {
    guard case .metadata(var dialog) = dialog, !dialog.isOfMany, dialog.target.reference == resource else {
      return
    }
    dialog.take(entries)
    takeMetadata(&dialog, names)
  }

  private mutating func takeMetadata(_ dialog: inout MetadataDialog, _ names: [String]) {
    dialog.knownNames = names
    dialog.cursor = max(0, min(dialog.cursor, dialog.user.count - 1))
    // After a conflict this is what the others wrote.
    if case .comparing(let change, let writes) = dialog.mode {
      if let conflicts = dialog.conflicts(of: writes) {
        dialog.mode = .conflict(change, conflicts)
      } else {
        // They wrote the same.
        dialog.mode = .browsing
        finish(change)
      }
    }
    self.dialog = .metadata(dialog)
  }

  mutating func takeMetadataKey(_ answer: Result<MetadataKey, Failure>, name: String) -> [Effect] {
    guard case .metadata(var dialog) = dialog, case .resolving(let typed) = dialog.mode else { return [] }
    dialog.mode = .naming(TextField(name))
    switch answer {
    case .failure(let failure): dialog.problem = failure.text
    case .success(let key) where !key.isUserDefined:
      dialog.problem = "\(name) is read-only: yours are the numbers from 1024 to 65535, and names for them"
    case .success(let key):
      let present = dialog.entries?.first { $0.key == key }
      dialog.mode = .editing(dialog.edit(key, present?.name ?? name))
    }
    self.dialog = .metadata(dialog)
    guard case .editing = dialog.mode else { return [] }
    return typed.flatMap { handleWindow($0) }
  }

  mutating func takeEdited(_ edit: MetadataDialog.Edit, _ text: String?) -> [Effect] {
    guard case .metadata(var dialog) = dialog else { return [] }
    var edit = edit
    guard let text, text != edit.field.text else {
      say(text == nil ? "The editor ended with an error; nothing changed" : "Nothing changed")
      return []
    }
    edit.field = TextField(text)
    let effects = save(edit, &dialog)
    self.dialog = .metadata(dialog)
    return effects
  }

  mutating func takeMetadataWritten(_ sent: MetadataChange, _ report: MetadataWriteReport) -> [Effect] {
    var change = sent
    change.add(report)
    guard case .metadata(var dialog) = dialog, dialog.mode == .saving(sent) else {
      // It is no longer waited for.
      finish(change, unasked: report.conflicts, failure: report.failure)
      guard case .metadata(let dialog) = dialog else { return [] }
      return [dialog.reload]
    }
    if let failure = report.failure {
      dialog.mode = change.isRemoval ? .browsing : .editing(change.edit)
      dialog.problem = change.text(after: failure)
      remember(change)
    } else if !report.conflicts.isEmpty {
      dialog.mode = .comparing(change, report.conflicts)
    } else {
      dialog.mode = .browsing
      finish(change)
    }
    self.dialog = .metadata(dialog)
    return [dialog.reload]
  }
}
