import Store

/// The command line: every action by its name, some with an argument.
enum CommandNames {
  /// Names with what may follow, for help and completion.
  static var names: [(name: String, argument: String?, id: ActionID)] {
    ActionTable.all.compactMap { action in
      action.command.map { (name: $0, argument: action.argument, id: action.id) }
    }
  }

  /// Commands that no key has.
  static let extra =
    ["unlabel ", "verify", "verify deep", "set pane", "set nopane", "q"]
    + PersonNameGroup.allCases.map { "set names=" + $0.name.lowercased() }

  static func candidates(for text: String, labels: [String], list: ListState?) -> [String] {
    for command in ["label ", "unlabel "] where text.hasPrefix(command) {
      let typed = text.dropFirst(command.count)
      return labels.filter { $0.hasPrefix(typed) }.map { command + $0 }
    }
    if text.hasPrefix("sort "), let list {
      let typed = text.dropFirst(5).lowercased()
      return SortKey.keys(for: list.level).map(\.rawValue).filter { $0.lowercased().hasPrefix(typed) }
        .map { "sort " + $0 }
    }
    let all = Set(names.map { $0.argument == nil ? $0.name : $0.name + " " } + extra)
    return all.filter { $0.hasPrefix(text) }.sorted()
  }
}

extension ExplorerState {
  mutating func run(command line: String) -> [Effect] {
    let words = line.split(separator: " ", maxSplits: 1)
    guard let first = words.first else { return [] }
    let argument = words.count > 1 ? String(words[1]).trimmingSpaces() : ""
    switch (first, argument) {
    case ("filter", _): return inList(.filter) { $0.setFilter(argument) }
    case ("label", let label) where !label.isEmpty: return inList(.labels) { $0.label(label, isOn: true) }
    case ("unlabel", let label): return inList(.labels) { $0.label(label, isOn: false) }
    case ("sort", let name) where !name.isEmpty: return inList(.sort) { $0.sort(named: name) }
    case ("search", let text) where tree != nil:
      tree?.find(text)
      return goToMatch(forward: true)
    case ("import", let path) where !path.isEmpty:
      if let reason = reason(against: .importFolder) {
        say(reason, .warning)
        return []
      }
      return begin("Importing " + path, .importFolder(path))
    case ("export", let path) where !path.isEmpty: return inList(.export) { $0.export(to: path) }
    case ("verify", ""), ("verify", "deep"):
      if let reason = reason(against: .verifyArchive) {
        say(reason, .warning)
        return []
      }
      return [.submitJob(.verification(deep: argument == "deep"))]
    case ("set", "pane"), ("set", "nopane"):
      pane.isWanted = argument == "pane"
      pane.isFocused = false
      return showSelection()
    case ("set", _) where argument.hasPrefix("names"):
      setNames(String(argument.dropFirst("names".count).drop { $0 == "=" || $0 == " " }))
      return []
    case ("q", ""): return act(.quit)
    default: return runNamed(line.trimmingSpaces())
    }
  }

  private mutating func setNames(_ name: String) {
    guard let group = PersonNameGroup(named: name) else {
      say(
        "Names are shown by one of: " + PersonNameGroup.allCases.map(\.name).joined(separator: ", "), .warning
      )
      return
    }
    nameGroup = group
    say("\(group.name) names stand first; ExplorerNames in the configuration keeps it so")
  }

  private mutating func runNamed(_ name: String) -> [Effect] {
    guard let command = CommandNames.names.first(where: { $0.name == name }) else {
      say("There is no command “\(VisibleText.string(name))”; Tab lists them, ? explains them", .warning)
      return []
    }
    guard ActionTable.action(command.id, in: screenContext) != nil else {
      let places = ActionTable.action(command.id)?.places ?? ""
      say("“\(name)” works in: \(places)", .warning)
      return []
    }
    return act(command.id)
  }

  private mutating func inList(_ id: ActionID, _ run: (inout ExplorerState) -> [Effect]) -> [Effect] {
    if let reason = list == nil ? "This works in lists" : reason(against: id) {
      say(reason, .warning)
      return []
    }
    return run(&self)
  }

  private mutating func sort(named name: String) -> [Effect] {
    guard let list else { return [] }
    let keys = SortKey.keys(for: list.level)
    guard
      let key = keys.first(where: { key in
        let wanted = name.lowercased().filter(\.isLetter)
        return [key.rawValue, SortKeyText.name(key)].contains { $0.lowercased().filter(\.isLetter) == wanted }
      })
    else {
      say("Sort by one of: " + keys.map(\.rawValue).joined(separator: ", "), .warning)
      return []
    }
    return sort(by: key)
  }
}

extension String {
  func trimmingSpaces() -> String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
