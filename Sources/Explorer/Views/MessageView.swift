import Store

/// The line above the keys: what is typed, else what there is to say, else counts.
enum MessageView {
  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    if let prompt = state.prompt {
      draw(prompt, state, in: part, on: &grid)
    } else if let notice = state.notice {
      let role: Role = notice.kind == .warning ? .warning : .accent
      grid.put(notice.text, x: part.x + 1, y: part.y, width: part.width - 2, Style(role))
    } else {
      var facts = facts(state)
      if let work = state.work {
        facts.insert(Fact(text: work.text(now: state.now, dot: state.glyphs.dot), role: .accent), at: 0)
      }
      drawFacts(facts, state, in: part, on: &grid)
    }
  }

  private static func draw(_ prompt: Prompt, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid)
  {
    let sign =
      switch prompt.kind {
      case .filter, .search, .logFilter: "/"
      case .command: ":"
      case .exportPath: "Write ZIP file: "
      case .importPath: "Import file or folder: "
      case .attachmentFile: "Attach file: "
      case .attachmentExport: "Write to file: "
      }
    var x = part.x + 1
    x += grid.put(sign, x: x, y: part.y, Style(.key))
    let help =
      prompt.candidates.isEmpty
      ? prompt.kind == .filter && prompt.field.isEmpty
        ? "words  mod:CT  label:urgent  aet:CT1  id:P-42  date:20240301-  protected:yes  -not" : ""
      : prompt.candidates.prefix(20).joined(separator: "  ")
    x += TextFieldView.draw(prompt.field, x: x, y: part.y, width: part.maxX - x - 1, on: &grid)
    if prompt.kind == .filter, let problem = ListFilter.problem(in: prompt.field.text) {
      grid.put(problem, x: x + 2, y: part.y, width: part.maxX - x - 3, Style(.warning))
      return
    }
    drawFound(prompt, state, in: part, from: x + 2, on: &grid)
    if !help.isEmpty && x + 4 < part.maxX {
      grid.put(help, x: x + 2, y: part.y, width: part.maxX - x - 3, Style(.faint))
    }
  }

  /// How many there are of what is typed, at the right end.
  private static func drawFound(
    _ prompt: Prompt, _ state: ExplorerState, in part: Rectangle, from x: Int, on grid: inout Grid
  ) {
    guard !prompt.field.isEmpty, prompt.candidates.isEmpty else { return }
    let text: String
    switch prompt.kind {
    case .filter: text = state.list.map { LevelText.count($0.total, $0.level) } ?? ""
    case .search: text = NumberText.count(state.tree?.matches.count ?? 0, "match", "matches")
    case .logFilter: text = NumberText.count(state.log.lines.count, "line")
    case .command, .importPath, .exportPath, .attachmentFile, .attachmentExport: return
    }
    let start = part.maxX - 1 - DisplayWidth.of(text)
    if start > x { grid.put(text, x: start, y: part.y, Style(.faint)) }
  }

  private struct Fact {
    var text: String
    var role: Role = .plain
  }

  private static func drawFacts(
    _ facts: [Fact], _ state: ExplorerState, in part: Rectangle, on grid: inout Grid
  ) {
    var x = part.x + 1
    for (index, fact) in facts.enumerated() where !fact.text.isEmpty {
      if index > 0 { x += grid.put(state.glyphs.dot, x: x, y: part.y, Style(.faint)) }
      x += grid.put(fact.text, x: x, y: part.y, width: part.maxX - x - 1, Style(fact.role))
    }
  }

  private static func facts(_ state: ExplorerState) -> [Fact] {
    switch state.stack.last {
    case .list(let list): return facts(list, state)
    case .tree(let tree):
      if let hex = tree.hex { return [Fact(text: NumberText.count(hex.range.count, "byte"))] }
      var facts = [Fact(text: NumberText.count(tree.elementCount, "element"))]
      if !tree.search.isEmpty {
        facts.append(Fact(text: "/" + tree.search, role: .accent))
        let number = tree.matchNumber.map { "match \($0) of \(tree.matches.count)" }
        facts.append(
          Fact(
            text: tree.matches.isEmpty
              ? "no match" : number ?? NumberText.count(tree.matches.count, "match", "matches")))
      }
      return facts
    case .activity(let activity):
      return [
        Fact(text: NumberText.count(activity.entries.count, "line")),
        row(activity.cursor, activity.entries.count),
        Fact(text: state.service.http.map { HTTPServerText.full($0, of: state.service) } ?? "", role: .faint),
      ]
    case .jobs(let jobs):
      return [
        Fact(text: NumberText.count(jobs.jobs.count, "job")), row(jobs.cursor, jobs.jobs.count),
      ]
    case .storage(let storage):
      guard let use = storage.use else { return [] }
      return [
        Fact(text: NumberText.count(use.totals.patients, "patient")),
        Fact(text: NumberText.count(use.protectedPatients) + " protected"),
        row(storage.cursor, storage.total),
      ]
    case .log(let log):
      var facts = [Fact(text: NumberText.count(log.lines.count, "line"))]
      if !log.filter.isEmpty { facts.append(Fact(text: "/" + log.filter, role: .accent)) }
      if let path = state.capabilities.logPath {
        facts.append(Fact(text: "whole log in " + path, role: .faint))
      }
      return facts
    case nil: return []
    }
  }

  private static func facts(_ list: ListState, _ state: ExplorerState) -> [Fact] {
    guard list.isLoaded, !state.isArchiveEmpty else { return [] }
    if let failure = list.failure { return [Fact(text: failure, role: .warning)] }
    var facts = [Fact(text: LevelText.count(list.total, list.level))]
    if !list.marks.isEmpty {
      facts.append(Fact(text: NumberText.count(list.marks.count) + " marked", role: .accent))
    }
    if list.rangeStart != nil { facts.append(Fact(text: "v marks up to here", role: .accent)) }
    if list.arrivalCount > 0 {
      facts.append(Fact(text: NumberText.count(list.arrivalCount) + " new", role: .fresh))
    }
    if !list.filterText.isEmpty { facts.append(Fact(text: "/" + list.filterText, role: .accent)) }
    if list.total > 0 { facts.append(row(list.cursor, list.total)) }
    return facts
  }

  private static func row(_ cursor: Int, _ total: Int) -> Fact {
    Fact(
      text: total == 0 ? "" : "row " + NumberText.count(cursor + 1),
      role: .faint)
  }
}

/// A line of text being typed; the end with the caret stays visible.
enum TextFieldView {
  @discardableResult
  static func draw(_ field: TextField, x: Int, y: Int, width: Int, on grid: inout Grid) -> Int {
    guard width > 1 else { return 0 }
    let characters = field.characters
    func columns(_ range: Range<Int>) -> Int { DisplayWidth.of(String(characters[range])) }
    // From the caret outwards: of a long text little is looked at.
    var start = field.caret
    while start > 0 && columns(start - 1..<field.caret) <= width - 1 { start -= 1 }
    var end = field.caret
    while end < characters.count && columns(start..<end + 1) <= width { end += 1 }
    let used = grid.put(String(characters[start..<end]), x: x, y: y, width: width, Style(.input))
    grid.caret = Point(x + columns(start..<field.caret), y)
    return max(used, 1)
  }
}
