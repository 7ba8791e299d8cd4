import Store

/// The attachments window: what its keys do.
extension ExplorerState {
  mutating func openAttachments() -> [Effect] {
    guard let row = list?.cursorRow else { return [] }
    dialog = .attachments(AttachmentsDialog(target: row))
    return [.loadAttachments(row.reference)]
  }

  mutating func handleAttachments(_ key: Key, _ dialog: AttachmentsDialog) -> [Effect] {
    var dialog = dialog
    let effects: [Effect]
    switch dialog.mode {
    case .browsing: effects = browseAttachments(key, &dialog)
    case .naming(let field): effects = nameAttachment(key, field, &dialog)
    case .resolving(let keys):
      dialog.mode = key == .escape ? .browsing : .resolving(keys + [key])
      effects = []
    case .path, .comparing:
      if key == .escape { dialog.mode = .browsing }
      effects = []
    case .removing(let info):
      dialog.mode = .browsing
      let change = AttachmentChange(
        resource: dialog.target.reference, type: info.type, name: info.name,
        expected: .revision(info.revision))
      effects = key == .character("y") ? [.changeAttachment(change)] : []
    case .overwriting(let export):
      dialog.mode = .browsing
      effects = key == .character("y") ? overwrite(export) : []
    case .conflict(var conflicts): effects = resolve(&conflicts, key, &dialog)
    case .viewing(var note):
      dialog.mode = note.scroll(key, height: size.height) ? .viewing(note) : .browsing
      effects = []
    }
    if case .attachments = self.dialog { self.dialog = .attachments(dialog) }
    return effects
  }

  private mutating func browseAttachments(_ key: Key, _ dialog: inout AttachmentsDialog) -> [Effect] {
    let id: ActionID? =
      switch key {
      case .character("k"): .up
      case .character("j"): .down
      default: ActionTable.action(for: key, in: .attachments)?.id
      }
    switch id {
    case .close: self.dialog = nil
    case .up: dialog.cursor = max(0, dialog.cursor - 1)
    case .down: dialog.cursor = max(0, min(dialog.all.count - 1, dialog.cursor + 1))
    case .addAttachment: dialog.mode = .naming(TextField())
    case .stopWork: return act(.stopWork)
    case let id?:
      guard let info = dialog.current else {
        say(dialog.entries == nil ? "They are still being read" : "There is no attachment: a adds one")
        return []
      }
      if let reason = attachmentReason(id, info) {
        say(reason, .warning)
        return []
      }
      return perform(id, info, &dialog)
    case nil: say("\(key.name) does nothing here")
    }
    return []
  }

  /// Why something can't be done with an attachment.
  private func attachmentReason(_ id: ActionID, _ info: AttachmentInfo) -> String? {
    switch id {
    case .replaceAttachment where !info.type.isUserDefined:
      "\(info.name) is protected: only attachments of your own (1024 to 65535) can be replaced"
    case .removeAttachment where !info.type.isDeletable:
      "\(info.name) is protected: it is the image itself, and goes with its instance"
    case .pageAttachment where !capabilities.canPage: "Set $PAGER to read attachments in it"
    case .openAttachment where !capabilities.canOpenOnDesktop:
      "There is no desktop with xdg-open here: w writes it into a file"
    default: nil
    }
  }

  private mutating func perform(
    _ id: ActionID, _ info: AttachmentInfo, _ dialog: inout AttachmentsDialog
  ) -> [Effect] {
    let resource = dialog.target.reference
    switch id {
    case .viewAttachment: return [.readAttachment(resource, info)]
    case .exportAttachment: askPath(.export(info), AttachmentText.fileName(info), &dialog)
    case .replaceAttachment: askPath(.replace(info), dialog.failedPath ?? "", &dialog)
    case .removeAttachment: dialog.mode = .removing(info)
    case .verifyAttachment:
      say("Checking \(info.name) …")
      return [.verifyAttachment(resource, info)]
    case .pageAttachment, .openAttachment:
      let opener: AttachmentOpener = id == .pageAttachment ? .pager : .desktop
      return begin("Opening " + info.name, .fetchAttachment(resource, info, opener))
    default: break
    }
    return []
  }

  // MARK: Name and path

  private mutating func nameAttachment(
    _ key: Key, _ typed: TextField, _ dialog: inout AttachmentsDialog
  ) -> [Effect] {
    var field = typed
    switch key {
    case .escape: dialog.mode = .browsing
    case .tab:
      if let name = dialog.completions(of: field.text).first { field = TextField(name) }
      dialog.mode = .naming(field)
    case .enter:
      if field.isEmpty { return [] }
      dialog.mode = .resolving([])
      return [.findAttachmentType(field.text)]
    default:
      _ = field.handle(key)
      dialog.mode = .naming(field)
    }
    return []
  }

  mutating func takeAttachmentType(_ answer: Result<AttachmentType, Failure>, name: String) -> [Effect] {
    guard case .attachments(var dialog) = dialog, case .resolving(let typed) = dialog.mode else { return [] }
    dialog.mode = .naming(TextField(name))
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let type) where !type.isUserDefined:
      say("\(name) is protected: yours are the numbers from 1024 to 65535, and names for them", .warning)
    case .success(let type):
      // One that is there is replaced, at the revision that is shown.
      if let info = dialog.all.first(where: { $0.type == type }) {
        askPath(.replace(info), dialog.failedPath ?? "", &dialog)
      } else {
        askPath(.add(type, name: name), dialog.failedPath ?? "", &dialog)
      }
    }
    self.dialog = .attachments(dialog)
    return prompt == nil ? [] : typed.flatMap { handle(.key($0)) }
  }

  private mutating func askPath(
    _ purpose: AttachmentsDialog.Purpose, _ proposed: String, _ dialog: inout AttachmentsDialog
  ) {
    dialog.mode = .path(purpose)
    if case .export = purpose {
      prompt = Prompt(kind: .attachmentExport, field: TextField(proposed))
    } else {
      prompt = Prompt(kind: .attachmentFile, field: TextField(proposed))
    }
  }

  /// A path was typed; nil: given up.
  mutating func takeAttachmentPath(_ path: String?) -> [Effect] {
    guard case .attachments(var dialog) = dialog, case .path(let purpose) = dialog.mode else { return [] }
    dialog.mode = .browsing
    self.dialog = .attachments(dialog)
    guard let path, !path.isEmpty else { return [] }
    let resource = dialog.target.reference
    switch purpose {
    case .export(let info):
      let export = AttachmentExport(resource: resource, info: info, path: path)
      return begin("Writing \(info.name)", .exportAttachment(export))
    case .add(let type, let name):
      return store(
        AttachmentChange(resource: resource, type: type, name: name, expected: .absent, path: path))
    case .replace(let info):
      return store(
        AttachmentChange(
          resource: resource, type: info.type, name: info.name, expected: .revision(info.revision), path: path
        ))
    }
  }

  mutating func store(_ change: AttachmentChange) -> [Effect] {
    begin("Storing \(change.name)", .changeAttachment(change))
  }

  private mutating func overwrite(_ export: AttachmentExport) -> [Effect] {
    var export = export
    export.replaces = true
    return begin("Writing \(export.info.name)", .exportAttachment(export))
  }
}
