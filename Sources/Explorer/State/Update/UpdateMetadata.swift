import Store

/// The metadata window.
extension ExplorerState {
  mutating func openMetadata() -> [Effect] {
    guard let targets = list?.targets, !targets.isEmpty else { return [] }
    let metadata = MetadataDialog(targets: targets)
    dialog = .metadata(metadata)
    return [metadata.reload]
  }

  mutating func takeMetadata(_ held: [ResourceReference: [MetadataEntry]], _ names: [String]) {
    guard case .metadata(var dialog) = dialog, dialog.isOfMany else { return }
    dialog.take(held)
    dialog.knownNames = names
    dialog.cursor = max(0, min(dialog.cursor, dialog.user.count - 1))
    self.dialog = .metadata(dialog)
  }

  mutating func takeMetadata(_ entries: [MetadataEntry], _ names: [String], of resource: ResourceReference) {
    guard case .metadata(var dialog) = dialog, !dialog.isOfMany, dialog.target.reference == resource else {
      return
    }
    dialog.entries = entries.sorted { $0.key < $1.key }
    dialog.knownNames = names
    dialog.cursor = max(0, min(dialog.cursor, dialog.user.count - 1))
    // After a conflict this is what the others wrote.
    switch dialog.mode {
    case .saving(let edit):
      dialog.mode = .conflict(.init(mine: edit, theirs: entries.first { $0.key == edit.key }))
    case .comparing(let edit):
      dialog.mode = .conflict(
        .init(mine: edit, isRemoval: true, theirs: entries.first { $0.key == edit.key }))
    default: break
    }
    self.dialog = .metadata(dialog)
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
    case .conflict(let conflict): effects = resolve(conflict, key, &dialog)
    case .removing(let entry): effects = confirmRemoval(of: entry, key, &dialog)
    case .saving, .comparing:
      if key == .escape { dialog.mode = .browsing }
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
        dialog.mode = .editing(edit(entry))
      } else {
        dialog.problem = "Nothing to edit: a adds a value"
      }
    case .character("E"):
      if let reason = capabilities.canEditExternally ? nil : "Set $EDITOR to edit values in it" {
        dialog.problem = reason
      } else if let entry = dialog.current {
        return [.editExternally(edit(entry))]
      }
    case .character("d"), .delete:
      if let entry = dialog.current { dialog.mode = .removing(entry) }
    default: dialog.problem = "\(key.name) does nothing here"
    }
    return []
  }

  private func edit(_ entry: MetadataEntry) -> MetadataDialog.Edit {
    .init(key: entry.key, name: entry.name, revision: entry.revision, field: TextField(entry.value))
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

  mutating func takeMetadataKey(_ answer: Result<MetadataKey, Failure>, name: String) -> [Effect] {
    guard case .metadata(var dialog) = dialog, case .resolving(let typed) = dialog.mode else { return [] }
    dialog.mode = .naming(TextField(name))
    switch answer {
    case .failure(let failure): dialog.problem = failure.text
    case .success(let key) where !key.isUserDefined:
      dialog.problem = "\(name) is read-only: yours are the numbers from 1024 to 65535, and names for them"
    case .success(let key):
      if let entry = dialog.entries?.first(where: { $0.key == key }) {
        dialog.mode = .editing(edit(entry))
      } else {
        dialog.mode = .editing(.init(key: key, name: name, revision: nil, field: TextField()))
      }
    }
    self.dialog = .metadata(dialog)
    guard case .editing = dialog.mode else { return [] }
    return typed.flatMap { handleWindow($0) }
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

  private func save(_ edit: MetadataDialog.Edit, _ dialog: inout MetadataDialog) -> [Effect] {
    dialog.mode = .saving(edit)
    if !dialog.isOfMany { return [.setMetadata(dialog.target.reference, edit)] }
    return [.writeMetadata(name: edit.name, dialog.writes(edit.key, edit.field.text))]
  }

  /// What `u` writes to have it as before.
  private mutating func remember(_ writes: [MetadataWrite], _ name: String) {
    undo.append(Undo(notice: "\(name) is as it was before", edits: [.metadata(writes)]))
  }

  /// Several resources were written to: those that others changed meanwhile are as they left them.
  mutating func takeMetadataWritten(_ name: String, _ report: MetadataWriteReport) -> [Effect] {
    let count = NumberText.count(report.written, "resource")
    let text: String
    if let failure = report.failure {
      text = failure.text + " (\(name) was written on \(count))"
    } else if report.conflicts > 0 {
      text =
        "\(name) written on \(count); somebody changed \(NumberText.count(report.conflicts)) meanwhile: look again"
    } else {
      text = "\(name) written on \(count)"
    }
    let isFine = report.failure == nil && report.conflicts == 0
    if isFine && !report.inverse.isEmpty { remember(report.inverse, name) }
    if isFine { saySaved(text, size: report.largest) } else { say(text, .warning) }
    guard case .metadata(var dialog) = dialog else { return [] }
    dialog.mode = .browsing
    dialog.problem = isFine ? nil : text
    self.dialog = .metadata(dialog)
    return [dialog.reload]
  }

  mutating func takeMetadataSaved(_ answer: Result<Int, Failure>, _ edit: MetadataDialog.Edit) -> [Effect] {
    guard case .metadata(var dialog) = dialog else {
      if case .failure(let failure) = answer { say(failure.text, .warning) }
      return []
    }
    let reload: [Effect] = [.loadMetadata(dialog.target.reference)]
    switch answer {
    case .success(let revision):
      dialog.mode = .browsing
      let before = dialog.entries?.first { $0.key == edit.key }
      remember(
        [
          MetadataWrite(
            resource: dialog.target.reference, key: edit.key, value: before?.value, revision: revision)
        ], edit.name)
      saySaved("\(edit.name) saved, revision \(revision)  (u undoes it)", size: edit.field.text.utf8.count)
    case .failure(let failure) where failure.isConflict:
      dialog.mode = .saving(edit)
    case .failure(let failure):
      dialog.problem = failure.text
      dialog.mode = .editing(edit)
    }
    self.dialog = .metadata(dialog)
    return reload
  }

  /// A large value is saved, but better kept elsewhere.
  private mutating func saySaved(_ text: String, size: Int) {
    if size <= MetadataDialog.advisedSize { return say(text) }
    say(
      text + glyphs.dot + NumberText.size(Int64(size))
        + " is much: metadata are for less than 1 KB, attachments for more",
      .warning)
  }

  /// Somebody else changed the value meanwhile: keep mine or take theirs.
  private mutating func resolve(
    _ conflict: MetadataDialog.Conflict, _ key: Key, _ dialog: inout MetadataDialog
  ) -> [Effect] {
    switch key {
    case .character("k") where conflict.isRemoval:
      dialog.mode = .browsing
      return conflict.theirs.map { [.removeMetadata(dialog.target.reference, $0)] } ?? []
    case .character("k"):
      var mine = conflict.mine
      mine.revision = conflict.theirs?.revision
      dialog.mode = .saving(mine)
      return [.setMetadata(dialog.target.reference, mine)]
    case .escape where !conflict.isRemoval:
      // What was typed is not lost by it.
      dialog.mode = .editing(conflict.mine)
      dialog.problem = "Not saved: Enter tries again, Esc leaves theirs"
    case .character("t"), .escape: dialog.mode = .browsing
    default: dialog.problem = "k keeps yours, t takes theirs, Esc changes nothing"
    }
    return []
  }

  private mutating func confirmRemoval(
    of entry: MetadataEntry, _ key: Key, _ dialog: inout MetadataDialog
  ) -> [Effect] {
    dialog.mode = .browsing
    guard key == .character("y") else { return [] }
    if dialog.isOfMany { return [.writeMetadata(name: entry.name, dialog.writes(entry.key, nil))] }
    return [.removeMetadata(dialog.target.reference, entry)]
  }

  mutating func takeMetadataRemoved(_ answer: Result<ResourceReference, Failure>, _ entry: MetadataEntry)
    -> [Effect]
  {
    switch answer {
    case .success(let resource):
      remember(
        [MetadataWrite(resource: resource, key: entry.key, value: entry.value, revision: nil)], entry.name)
      say("\(entry.name) removed  (u undoes it)")
    case .failure(let failure):
      if case .metadata(var dialog) = dialog {
        if failure.isConflict { dialog.mode = .comparing(edit(entry)) } else { dialog.problem = failure.text }
        self.dialog = .metadata(dialog)
      } else {
        say(failure.text, .warning)
      }
    }
    guard case .metadata(let dialog) = dialog else { return [] }
    return [.loadMetadata(dialog.target.reference)]
  }
}

extension MetadataDialog {
  var reload: Effect {
    isOfMany ? .loadMetadataOfMany(targets.map(\.reference)) : .loadMetadata(target.reference)
  }

  func completions(of text: String) -> [String] {
    let typed = text.lowercased()
    return typed.isEmpty ? knownNames : knownNames.filter { $0.lowercased().hasPrefix(typed) && $0 != text }
  }
}
