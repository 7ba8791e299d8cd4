import Store

/// The question before something is deleted.
extension ExplorerState {
  mutating func openDeletion() -> [Effect] {
    guard let list else { return [] }
    return openDeletion(of: list.targets.map(\.reference))
  }

  private mutating func openDeletion(of targets: [ResourceReference]) -> [Effect] {
    dialog = .deletion(DeletionDialog(targets: targets))
    return [.preview(targets)]
  }

  /// Demo studies that are not there are written; those that are may be deleted, after the same question as any.
  mutating func takeDemo(_ answer: Result<[ResourceReference], Failure>) -> [Effect] {
    switch answer {
    case .failure(let failure):
      say(failure.text, .warning)
      return []
    case .success(let found):
      return found.isEmpty ? begin("Demo studies", .makeDemo) : openDeletion(of: found)
    }
  }

  mutating func takePreview(_ answer: Result<DeletionPreview, Failure>, of targets: [ResourceReference]) {
    guard case .deletion(var dialog) = dialog, dialog.targets == targets else { return }
    switch answer {
    case .success(let preview): dialog.preview = preview
    case .failure(let failure): dialog.problem = failure.text
    }
    self.dialog = .deletion(dialog)
  }

  mutating func handleDeletion(_ key: Key, _ dialog: DeletionDialog) -> [Effect] {
    var dialog = dialog
    if dialog.isDeleting {
      if key == .escape { self.dialog = nil }
      return []
    }
    dialog.problem = dialog.preview == nil ? dialog.problem : nil
    defer { if case .deletion = self.dialog { self.dialog = .deletion(dialog) } }
    if key == .escape {
      self.dialog = nil
      return []
    }
    guard dialog.preview != nil else { return [] }
    if !dialog.isUnlocked {
      typeCode(key, &dialog)
      return []
    }
    switch key {
    case .tab, .backTab, .left, .right: dialog.isOnDelete.toggle()
    case .character("n"): self.dialog = nil
    case .character("y"): return delete(&dialog)
    case .enter:
      if dialog.isOnDelete { return delete(&dialog) }
      self.dialog = nil
    default: break
    }
    return []
  }

  /// A protected patient's identifier is typed before the buttons work.
  private func typeCode(_ key: Key, _ dialog: inout DeletionDialog) {
    guard key == .enter else {
      _ = dialog.field.handle(key)
      return
    }
    if dialog.field.text == dialog.codes[dialog.codesTyped] {
      dialog.codesTyped += 1
      dialog.field = TextField()
    } else {
      let isEmpty = dialog.field.isEmpty
      dialog.field = TextField()
      dialog.problem =
        isEmpty
        ? "Type the identifier, or press Esc" : "That is not the identifier: Esc leaves everything as it is"
    }
  }

  private mutating func delete(_ dialog: inout DeletionDialog) -> [Effect] {
    if capabilities.canRunJobs, let count = dialog.preview?.instances, count > Self.largeDeletion {
      return deleteByJob(dialog.targets)
    }
    dialog.isDeleting = true
    return [.delete(dialog.targets)]
  }

  mutating func takeDeleted(_ answer: Result<Int, Failure>) {
    if case .deletion = dialog { dialog = nil }
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let count):
      say("Deleted " + NumberText.count(count, "instance"))
      // What was done before may have been done to what is gone.
      undo = []
      list?.marks = [:]
    }
  }
}
