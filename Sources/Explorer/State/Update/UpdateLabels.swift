import Store

/// The labels window and `:label`.
extension ExplorerState {
  mutating func openLabels() -> [Effect] {
    guard let list else { return [] }
    dialog = .labels(LabelsDialog(targets: list.targets))
    return [.loadLabels(list.targets.map(\.reference))]
  }

  mutating func takeLabels(_ current: [ResourceReference: [String]], _ uses: [LabelUse]) {
    labelsInUse = uses
    guard case .labels(var dialog) = dialog, dialog.current == nil else { return }
    dialog.current = current
    dialog.uses = uses
    var carriers: [String: Int] = [:]
    for target in dialog.targets {
      for label in current[target.reference] ?? [] { carriers[label, default: 0] += 1 }
    }
    let use = Dictionary(uses.map { ($0.label, $0.count) }, uniquingKeysWith: max)
    let carried = carriers.keys.sorted { (-(carriers[$0] ?? 0), $0) < (-(carriers[$1] ?? 0), $1) }
    let others = uses.map(\.label).filter { carriers[$0] == nil }
    dialog.choices = (carried + others).map {
      LabelsDialog.Choice(label: $0, carriers: carriers[$0] ?? 0, uses: use[$0] ?? 0)
    }
    self.dialog = .labels(dialog)
  }

  mutating func handleLabels(_ key: Key, _ dialog: LabelsDialog) -> [Effect] {
    var dialog = dialog
    dialog.problem = nil
    defer { if case .labels = self.dialog { self.dialog = .labels(dialog) } }
    switch key {
    case .escape: self.dialog = nil
    case .up, .control("p"): dialog.cursor = max(0, dialog.cursor - 1)
    case .down, .control("n"): dialog.cursor = min(dialog.choices.count, dialog.cursor + 1)
    case .character(" ") where !dialog.isTyping: dialog.toggle(dialog.cursor)
    case .character(" ") where !dialog.field.isEmpty: dialog.addTyped()
    case .character(" "): break
    case .tab: if let completion = dialog.completions.first { dialog.field = TextField(completion) }
    case .enter:
      if !dialog.field.isEmpty {
        dialog.addTyped()
      } else {
        return applyLabels(dialog)
      }
    case .character:
      dialog.cursor = dialog.choices.count
      _ = dialog.field.handle(key)
    default: if dialog.isTyping { _ = dialog.field.handle(key) }
    }
    return []
  }

  private mutating func applyLabels(_ labels: LabelsDialog) -> [Effect] {
    guard let current = labels.current else { return [] }
    dialog = nil
    return editLabels(adding: labels.adding, removing: labels.removing, on: labels.targets, current: current)
  }

  /// Adds and removes labels; remembers who had which, so that it can be taken back exactly.
  func editLabels(
    adding: [String], removing: [String], on rows: [ResourceRow], current: [ResourceReference: [String]]
  ) -> [Effect] {
    guard !adding.isEmpty || !removing.isEmpty else { return [] }
    let targets = rows.map(\.reference)
    var edits: [Undo.Edit] = []
    for label in adding {
      let without = targets.filter { !(current[$0] ?? []).contains(label) }
      if !without.isEmpty { edits.append(.labels(adding: [], removing: [label], on: without)) }
    }
    for label in removing {
      let with = targets.filter { (current[$0] ?? []).contains(label) }
      if !with.isEmpty { edits.append(.labels(adding: [label], removing: [], on: with)) }
    }
    let what = rows.count == 1 ? rows[0].shortTitle : LevelText.count(rows.count, rows[0].level)
    var said: [String] = []
    if !adding.isEmpty { said.append("labelled " + adding.joined(separator: ", ")) }
    if !removing.isEmpty { said.append("no longer " + removing.joined(separator: ", ")) }
    let completion = Completion(
      notice: what + ": " + said.joined(separator: "; "),
      undo: Undo(notice: what + ": labels as before", edits: edits))
    return [.perform([.labels(adding: adding, removing: removing, on: targets)], completion)]
  }

  /// `:label urgent` and `:unlabel urgent`.
  mutating func label(_ text: String, isOn: Bool) -> [Effect] {
    guard let list, !list.targets.isEmpty else { return [] }
    if let problem = LabelsDialog.problem(with: text) {
      say(problem, .warning)
      return []
    }
    let current = Dictionary(
      list.targets.map { ($0.reference, $0.labels) }, uniquingKeysWith: { first, _ in first })
    return editLabels(
      adding: isOn ? [text] : [], removing: isOn ? [] : [text], on: list.targets, current: current)
  }
}

extension LabelsDialog {
  /// What the box shows: on all, on some, on none.
  enum Box: Sendable { case on, some, off }

  func box(of choice: Choice) -> Box {
    switch choice.wish {
    case .on: return .on
    case .off: return .off
    case .keep: return choice.carriers == 0 ? .off : choice.carriers == targets.count ? .on : .some
    }
  }

  /// On some of them: all, none, as it was. Else on and off.
  mutating func toggle(_ index: Int) {
    guard choices.indices.contains(index) else { return }
    let choice = choices[index]
    let isMixed = choice.carriers > 0 && choice.carriers < targets.count
    switch choice.wish {
    case .keep: choices[index].wish = choice.carriers == targets.count ? .off : .on
    case .on: choices[index].wish = isMixed ? .off : .keep
    case .off: choices[index].wish = .keep
    }
  }

  mutating func addTyped() {
    let text = field.text
    if let problem = Self.problem(with: text) {
      self.problem = problem
      return
    }
    if let index = choices.firstIndex(where: { $0.label == text }) {
      choices[index].wish = .on
    } else {
      choices.append(Choice(label: text, carriers: 0, uses: 0, wish: .on))
    }
    field = TextField()
    cursor = choices.count
  }

  /// Orthanc's rule for labels.
  static func problem(with text: String) -> String? {
    let isAllowed = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-")
    }
    if text.isEmpty { return "A label needs a name" }
    if text.count > 64 { return "A label has at most 64 characters" }
    return isAllowed ? nil : "A label has letters, digits, _ and - only"
  }
}
