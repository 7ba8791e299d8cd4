import Store

/// What is typed at the bottom: filters, searches, paths.
extension ExplorerState {
  mutating func openPrompt(_ id: ActionID) -> [Effect] {
    switch id {
    case .filter: prompt = Prompt(kind: .filter, field: TextField(list?.filterText ?? ""))
    case .search: prompt = Prompt(kind: .search, field: TextField())
    case .logFilter: prompt = Prompt(kind: .logFilter, field: TextField(log.filter))
    case .export: prompt = Prompt(kind: .exportPath, field: TextField(proposedExport))
    case .importFolder: prompt = Prompt(kind: .importPath, field: TextField())
    default:
      prompt = Prompt(kind: .command, field: TextField())
      return [.loadLabelsInUse]
    }
    return []
  }

  mutating func handlePrompt(_ key: Key) -> [Effect] {
    guard let prompt else { return [] }
    switch key {
    case .escape, .control("c"):
      self.prompt = nil
      switch prompt.kind {
      case .filter: return setFilter("")
      case .search: tree?.find("")
      case .logFilter: log.setFilter("", visible: visibleRows)
      case .attachmentFile, .attachmentExport: return takeAttachmentPath(nil)
      case .command, .importPath, .exportPath: break
      }
      return []
    case .enter: return accept(prompt)
    case .tab: return complete(prompt)
    case .up, .down, .pageUp, .pageDown: return moveBehindPrompt(key, prompt)
    case .backspace where prompt.field.isEmpty:
      self.prompt = nil
      return takeAttachmentPath(nil)
    default:
      guard self.prompt?.field.handle(key) == true else { return [] }
      return promptChanged()
    }
  }

  /// What is typed acts at once.
  mutating func promptChanged() -> [Effect] {
    guard let prompt else { return [] }
    let visible = visibleRows
    self.prompt?.candidates = []
    self.prompt?.history = nil
    switch prompt.kind {
    case .filter: return setFilter(prompt.field.text)
    case .search:
      tree?.find(prompt.field.text)
      tree?.goToMatch(forward: true, includingCurrent: true, visible: visible)
    case .logFilter: log.setFilter(prompt.field.text, visible: visibleRows)
    case .command, .importPath, .exportPath, .attachmentFile, .attachmentExport: break
    }
    return []
  }

  private mutating func accept(_ prompt: Prompt) -> [Effect] {
    self.prompt = nil
    let text = prompt.field.text
    switch prompt.kind {
    case .filter, .logFilter: return []
    case .search:
      if !text.isEmpty && tree?.matches.isEmpty == true { say("Nothing matches /\(text)", .warning) }
      return []
    case .command:
      if !text.isEmpty { commandHistory.append(text) }
      return run(command: text)
    case .exportPath: return export(to: text.trimmingSpaces())
    case .attachmentFile, .attachmentExport: return takeAttachmentPath(text.trimmingSpaces())
    case .importPath:
      guard !text.isEmpty else { return [] }
      return begin("Importing " + text, .importFolder(text))
    }
  }

  /// The arrows move in the list while a filter is typed, and through older commands on the command line.
  private mutating func moveBehindPrompt(_ key: Key, _ prompt: Prompt) -> [Effect] {
    if prompt.kind == .command, key == .up || key == .down, !commandHistory.isEmpty {
      let index = (prompt.history ?? commandHistory.count) + (key == .up ? -1 : 1)
      let inside = max(0, min(index, commandHistory.count))
      self.prompt?.history = inside
      self.prompt?.field = TextField(inside < commandHistory.count ? commandHistory[inside] : "")
      return []
    }
    if prompt.kind == .command || prompt.kind.isPath { return [] }
    switch key {
    case .up: return move(by: -1)
    case .down: return move(by: 1)
    case .pageUp: return move(by: -max(1, visibleRows - 1))
    default: return move(by: max(1, visibleRows - 1))
    }
  }

  // MARK: Completion

  private mutating func complete(_ prompt: Prompt) -> [Effect] {
    let text = prompt.field.text
    switch prompt.kind {
    case .importPath, .exportPath, .attachmentFile, .attachmentExport: return [.completePath(text)]
    case .command:
      if text.hasPrefix("import ") { return [.completePath(String(text.dropFirst(7)))] }
      offer(CommandNames.candidates(for: text, labels: labelsInUse.map(\.label), list: list), for: text)
    case .filter:
      let word = text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
      let prefix = String(text.dropLast(word.count))
      offer(filterWords(word).map { prefix + $0 }, for: text)
      return setFilter(self.prompt?.field.text ?? text)
    case .search, .logFilter: break
    }
    return []
  }

  private func filterWords(_ word: String) -> [String] {
    let selectors = ListFilter.Field.allCases.filter { $0 != .any }.map { $0.rawValue + ":" }
    var words = selectors + labelsInUse.map { "label:" + $0.label } + ["protected:yes", "protected:no"]
    if word.hasPrefix("-") { words = words.map { "-" + $0 } }
    let matching = words.filter { $0.hasPrefix(word) && $0 != word }
    let selectorMatch = matching.filter { $0.hasSuffix(":") }
    return selectorMatch.isEmpty ? matching : selectorMatch
  }

  mutating func takeCandidates(_ candidates: [String], for text: String) {
    guard let prompt else { return }
    switch prompt.kind {
    case let kind where kind.isPath && prompt.field.text == text: offer(candidates, for: text)
    case .command where prompt.field.text == "import " + text:
      offer(candidates.map { "import " + $0 }, for: "import " + text)
    default: break
    }
  }

  /// Fills in what all candidates share; several are shown.
  private mutating func offer(_ candidates: [String], for text: String) {
    guard let first = candidates.first else { return }
    let shared = candidates.dropFirst().reduce(first) { shared, next in
      String(zip(shared, next).prefix { $0 == $1 }.map(\.0))
    }
    if shared.count > text.count { prompt?.field = TextField(shared) }
    prompt?.candidates = candidates.count > 1 ? candidates : []
  }
}
