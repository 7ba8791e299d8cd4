import Store

/// What is said and remembered when metadata have been written.
extension ExplorerState {
  /// All is answered, or nobody waits for the rest: what was written can be taken back.
  mutating func finish(_ change: MetadataChange, unasked: [MetadataWrite] = [], failure: Failure? = nil) {
    remember(change)
    var change = change
    change.left += unasked.count
    if let failure { return say(change.text(after: failure), .warning) }
    let size = change.inverse.isEmpty ? 0 : change.value?.utf8.count ?? 0
    if size > MetadataEntry.advisedSize {
      let advice = " is much: metadata are for less than 1 KB, attachments for more"
      return say(change.text + glyphs.dot + NumberText.size(Int64(size)) + advice, .warning)
    }
    say(change.text, unasked.isEmpty ? .information : .warning)
  }

  /// What `u` writes to have it as before.
  mutating func remember(_ change: MetadataChange) {
    if change.inverse.isEmpty { return }
    undo.append(
      Undo(notice: "\(change.edit.name) is as it was before", edits: [.metadata(change.inverse)]))
  }
}

extension MetadataChange {
  /// How it went.
  var text: String { isOfMany ? textOfMany : textOfOne }

  func text(after failure: Failure) -> String {
    isOfMany && !inverse.isEmpty ? failure.text + " (" + textOfMany + ")" : failure.text
  }

  private var textOfOne: String {
    let name = edit.name
    if let write = inverse.first {
      return name + (write.revision.map { " saved, revision \($0)" } ?? " removed") + "  (u undoes it)"
    }
    if left > 0 { return name + " stays as they left it" }
    return isRemoval ? name + " was removed by others already" : name + " was set to the same by others"
  }

  private var textOfMany: String {
    let left = left == 0 ? nil : "stays as others left it on " + NumberText.count(left, "resource")
    if inverse.isEmpty { return edit.name + " " + (left ?? "is so on all of them already") }
    let done = isRemoval ? " removed from " : " written on "
    return edit.name + done + NumberText.count(inverse.count, "resource") + (left.map { "; " + $0 } ?? "")
  }
}
