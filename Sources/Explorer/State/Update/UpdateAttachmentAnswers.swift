import Store

/// The attachments window: what the archive answers.
extension ExplorerState {
  mutating func takeAttachments(
    _ answer: Result<[AttachmentInfo], Failure>, _ names: [String], of resource: ResourceReference
  ) {
    guard case .attachments(var dialog) = dialog, dialog.target.reference == resource else { return }
    switch answer {
    case .failure(let failure):
      self.dialog = nil
      say(failure.text, .warning)
      return
    case .success(let entries):
      dialog.take(entries)
      dialog.knownNames = names
      if case .comparing(let change) = dialog.mode {
        let theirs = entries.first { $0.type == change.type }
        if let conflicts = Conflicts([.init(mine: change, theirs: theirs)]) {
          dialog.mode = .conflict(conflicts)
        }
      }
    }
    self.dialog = .attachments(dialog)
  }

  /// Others change attachments too: the window follows.
  func refreshAttachments(after event: ArchiveEvent) -> [Effect] {
    guard case .attachments(let dialog) = dialog else { return [] }
    let resource = dialog.target.reference
    let isConcerned =
      event.isTruncated
      || event.changes.contains {
        $0.resource == resource && [.updatedAttachment, .deleted].contains($0.type)
      }
    return isConcerned ? [.loadAttachments(resource)] : []
  }

  mutating func takeAttachmentChanged(_ answer: Result<Int?, Failure>, _ change: AttachmentChange) -> [Effect]
  {
    if change.path != nil { work = nil }
    var reload: [Effect] = []
    if case .attachments(var dialog) = dialog, dialog.target.reference == change.resource {
      reload = [.loadAttachments(change.resource)]
      if case .failure(let failure) = answer, failure.isConflict {
        dialog.mode = .comparing(change)
        prompt = nil
        self.dialog = .attachments(dialog)
        return reload
      }
      if case .failure = answer { dialog.failedPath = change.path } else { dialog.failedPath = nil }
      self.dialog = .attachments(dialog)
    }
    isDetailStale = true
    switch answer {
    case .success(nil): say("\(change.name) deleted")
    case .success(let revision?): say("\(change.name) stored, revision \(revision)")
    case .failure(let failure): say(failure.text, .warning)
    }
    return reload + showSelection()
  }

  /// Somebody else changed it meanwhile: keep mine or take theirs.
  mutating func resolve(
    _ conflicts: inout Conflicts<AttachmentChange, AttachmentInfo>, _ key: Key,
    _ dialog: inout AttachmentsDialog
  ) -> [Effect] {
    let conflict = conflicts.current
    switch conflicts.answer(key) {
    case .next: dialog.mode = .conflict(conflicts)
    case .unknown(let help): say(help)
    case .settled(let kept) where !kept.isEmpty:
      var mine = conflict.mine
      mine.expected = conflict.theirs.map { .revision($0.revision) } ?? .absent
      dialog.mode = .browsing
      if mine.path != nil { return store(mine) }
      // Both deleted it.
      return conflict.theirs == nil ? [] : [.changeAttachment(mine)]
    case .settled, .back:
      dialog.mode = .browsing
      say("\(conflict.mine.name) stays as they left it")
    }
    return []
  }

  mutating func takeAttachmentText(_ answer: Result<[UInt8], Failure>, _ info: AttachmentInfo) {
    guard case .attachments(var dialog) = dialog, dialog.mode == .browsing,
      dialog.all.contains(where: { $0.uuid == info.uuid })
    else { return }
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let bytes):
      guard let text = AttachmentText.text(bytes, of: info) else {
        say("\(info.name) is no text (\(info.mimeType)): o opens it on the desktop, w writes it into a file")
        return
      }
      let part =
        bytes.count < Int(info.uncompressedSize)
        ? glyphs.dot + "first \(NumberText.size(Int64(bytes.count))) of \(AttachmentText.size(info))" : ""
      let lines = text.isEmpty ? ["(empty)"] : wrap(text, width: noteWidth)
      dialog.mode = .viewing(NoteDialog(title: info.name + part, lines: lines))
      self.dialog = .attachments(dialog)
    }
  }

  mutating func takeVerified(_ answer: Result<String?, Failure>, _ info: AttachmentInfo) {
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let fault):
      say(AttachmentText.verified(info, fault), fault == nil ? .information : .warning)
    }
  }

  /// A file of that name is there: it is not overwritten without asking.
  mutating func takeExists(_ export: AttachmentExport) {
    work = nil
    guard case .attachments(var dialog) = dialog, dialog.target.reference == export.resource,
      dialog.mode == .browsing
    else {
      say("\(export.path) is there already and stays as it is", .warning)
      return
    }
    dialog.mode = .overwriting(export)
    self.dialog = .attachments(dialog)
  }

  mutating func takeFetched(_ answer: Result<String, Failure>, _ opener: AttachmentOpener) -> [Effect] {
    work = nil
    switch answer {
    case .success(let path): return [.openFile(path, opener)]
    case .failure(let failure):
      say(failure.text, .warning)
      return []
    }
  }
}
