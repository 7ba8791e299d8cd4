import Store

/// Keys of the windows, and the small ones: questions, notes, help, the sort menu.
extension ExplorerState {
  mutating func handleWindow(_ key: Key) -> [Effect] {
    if key == .control("l") { return [.redraw] }
    switch dialog {
    case .labels(let labels): return handleLabels(key, labels)
    case .metadata(let metadata): return handleMetadata(key, metadata)
    case .attachments(let attachments): return handleAttachments(key, attachments)
    case .deletion(let deletion): return handleDeletion(key, deletion)
    case .question(let question): return handleQuestion(key, question)
    case .help(let help): return handleHelp(key, help)
    case .sort(let sort): return handleSort(key, sort)
    case .note(var note): dialog = note.scroll(key, height: size.height) ? .note(note) : nil
    case nil: break
    }
    return []
  }

  /// Whether a window takes pasted text.
  mutating func pasteIntoWindow(_ text: String) -> Bool {
    switch dialog {
    case .labels(var labels):
      labels.cursor = labels.choices.count
      labels.field.insert(text)
      dialog = .labels(labels)
    case .metadata(var metadata):
      switch metadata.mode {
      case .naming(var field):
        field.insert(text)
        metadata.mode = .naming(field)
      case .editing(var edit):
        edit.field.insert(text)
        metadata.mode = .editing(edit)
      default: return false
      }
      dialog = .metadata(metadata)
    case .attachments(var attachments):
      guard case .naming(var field) = attachments.mode else { return false }
      field.insert(text)
      attachments.mode = .naming(field)
      dialog = .attachments(attachments)
    case .help(var help):
      help.field.insert(text)
      dialog = .help(help)
    // A protected patient's identifier is to be typed, not pasted.
    case .deletion, .question, .sort, .note, nil: return false
    }
    return true
  }

  /// The wheel in a window.
  mutating func moveInWindow(by rows: Int) {
    let key = rows < 0 ? Key.up : .down
    for _ in 0..<abs(rows) { _ = handleWindow(key) }
  }

  /// A click on something of the window in front.
  mutating func take(_ hit: Hit.Target) -> [Effect] {
    guard dialog != nil, prompt == nil else { return [] }
    notice = nil
    switch hit {
    case .key(let key): return handleWindow(key)
    case .row(let row): return click(rowOfWindow: row)
    }
  }

  private mutating func click(rowOfWindow row: Int) -> [Effect] {
    switch dialog {
    case .labels(var labels):
      labels.cursor = row
      dialog = .labels(labels)
      return labels.isTyping ? [] : handleWindow(.character(" "))
    case .sort(var sort):
      sort.cursor = row
      dialog = .sort(sort)
      return handleWindow(.enter)
    case .help(var help):
      let isThere = help.cursor == row
      help.cursor = row
      dialog = .help(help)
      return isThere ? handleWindow(.enter) : []
    case .metadata(var metadata):
      guard metadata.mode == .browsing else { return [] }
      let isThere = metadata.cursor == row
      metadata.cursor = row
      dialog = .metadata(metadata)
      return isThere ? handleWindow(.enter) : []
    case .attachments(var attachments):
      guard attachments.mode == .browsing else { return [] }
      let isThere = attachments.cursor == row
      attachments.cursor = row
      dialog = .attachments(attachments)
      return isThere ? handleWindow(.enter) : []
    case .deletion, .question, .note, nil: return []
    }
  }

  // MARK: Questions

  mutating func quit() -> [Effect] {
    guard isBusy else { return [.quit] }
    // A second ^C doesn't ask again.
    if case .question(let question) = dialog, question.purpose == .quit { return [.quit] }
    var lines: [String] = []
    if service.openAssociations > 0 {
      lines.append(
        NumberText.count(service.openAssociations, "association") + " open: what is being sent is cut off,")
      lines.append("and the sender is told so. What was acknowledged is safe.")
    }
    if let work { lines.append(work.title + " is under way; what is stored by now stays.") }
    if service.runningJobs > 0 {
      lines.append(NumberText.count(service.runningJobs, "job") + " running: begun again at the next start.")
    }
    dialog = .question(QuestionDialog(purpose: .quit, title: "Quit", lines: lines, confirm: "Quit"))
    return []
  }

  mutating func suspend() -> [Effect] {
    guard let port = service.dicomPort else { return [.suspend] }
    dialog = .question(
      QuestionDialog(
        purpose: .suspend, title: "Suspend",
        lines: [
          "Reception on port \(port) stops until you come back with fg:",
          "modalities get no answer meanwhile.",
        ], confirm: "Suspend"))
    return []
  }

  private mutating func handleQuestion(_ key: Key, _ question: QuestionDialog) -> [Effect] {
    var isConfirmed = false
    switch key {
    case .tab, .backTab, .left, .right:
      var question = question
      question.isOnConfirm.toggle()
      dialog = .question(question)
      return []
    case .character("y"): isConfirmed = true
    case .enter: isConfirmed = question.isOnConfirm
    case .control("c"): return question.purpose == .quit ? [.quit] : []
    case .escape, .character("n"): break
    default: return []
    }
    dialog = nil
    guard isConfirmed else { return [] }
    return question.purpose == .quit ? [.quit] : [.suspend]
  }

  // MARK: Sort menu

  private mutating func handleSort(_ key: Key, _ sort: SortDialog) -> [Effect] {
    var sort = sort
    switch ActionTable.action(for: key, in: .sort)?.id {
    case .down: sort.cursor = min(sort.keys.count - 1, sort.cursor + 1)
    case .up: sort.cursor = max(0, sort.cursor - 1)
    case .top, .pageUp, .halfPageUp: sort.cursor = 0
    case .bottom, .pageDown, .halfPageDown: sort.cursor = sort.keys.count - 1
    case .pick:
      dialog = nil
      let picked = sort.keys[sort.cursor]
      return picked == list?.query.sort ? reverse() : self.sort(by: picked)
    case .close:
      dialog = nil
      return []
    default:
      if key == .character("s") || key == .character("q") { dialog = nil }
      return []
    }
    dialog = .sort(sort)
    return []
  }

  // MARK: Help

  private mutating func handleHelp(_ key: Key, _ help: HelpDialog) -> [Effect] {
    var help = help
    let entries = help.entries
    let page = max(1, size.height - 8)
    switch key {
    case .escape, .function(1):
      dialog = nil
      return []
    case .enter:
      guard entries.indices.contains(help.cursor) else { return [] }
      dialog = nil
      let picked = entries[help.cursor]
      guard picked.contexts.contains(screenContext) else {
        say("\(picked.keys[0].name) \(picked.name) works in: " + picked.places)
        return []
      }
      return act(picked.id)
    case .up, .control("p"): help.cursor -= 1
    case .down, .control("n"): help.cursor += 1
    case .pageUp: help.cursor -= page
    case .pageDown: help.cursor += page
    default:
      guard help.field.handle(key) else { return [] }
      help.cursor = 0
    }
    help.cursor = max(0, min(help.cursor, help.entries.count - 1))
    if help.cursor < help.top { help.top = help.cursor }
    if help.cursor >= help.top + page { help.top = help.cursor - page + 1 }
    help.top = max(0, min(help.top, help.entries.count - page))
    dialog = .help(help)
    return []
  }
}

extension NoteDialog {
  /// False: the key closes it.
  mutating func scroll(_ key: Key, height: Int) -> Bool {
    switch ActionTable.action(for: key, in: .note)?.id {
    case .down: top += 1
    case .up: top -= 1
    case .pageDown, .halfPageDown: top += 10
    case .pageUp, .halfPageUp: top -= 10
    case .top: top = 0
    case .bottom: top = lines.count
    case .close: return false
    default: break
    }
    top = max(0, min(top, lines.count - (height - 8)))
    return true
  }
}

extension HelpDialog {
  /// What can be done here first, then the rest; filtered by what is typed.
  var entries: [Action] {
    let here = ActionTable.actions(in: context)
    let rest = ActionTable.all.filter { !$0.contexts.contains(context) }
    let words = field.text.lowercased().split(separator: " ")
    return (here + rest).filter { action in
      let text = (action.keys.map(\.name) + [action.name, action.help, action.command ?? ""])
        .joined(separator: " ").lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }
}

extension Action {
  /// Where the keys work, for the help.
  var places: String {
    Context.allCases.filter { contexts.contains($0) }.map { $0.title.lowercased() }.joined(separator: ", ")
  }
}
