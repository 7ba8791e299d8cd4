/// What somebody else has done meanwhile, what you want, and the choice: lines at the bottom of a window.
enum ConflictView {
  /// `mine` and `theirs` are described by the window; `resource` names the one of several that it is about.
  static func draw<Mine, Theirs>(
    _ conflicts: Conflicts<Mine, Theirs>, of name: String, resource: String? = nil, mine: String,
    theirs: String, in part: Rectangle, on grid: inout Grid
  ) {
    let place = conflicts.count > 1 ? " (\(conflicts.number) of \(conflicts.count))" : ""
    let lines: [(text: String, role: Role)] = [
      ("Somebody changed \(name) meanwhile\(place).", .warning),
      ("theirs   " + theirs, .plain), ("yours    " + mine, .plain),
    ]
    let all = lines.prefix(1) + (resource.map { [("on       " + $0, .plain)] } ?? []) + lines.dropFirst()
    let start = part.maxY - all.count - 1
    grid.clear(Rectangle(x: part.x, y: start, width: part.width, height: all.count + 1))
    for (offset, line) in all.enumerated() {
      grid.put(line.text, x: part.x, y: start + offset, width: part.width, Style(line.role))
    }
    drawKeys(hasMore: conflicts.hasMore, x: part.x, y: part.maxY - 1, on: &grid)
  }

  private static func drawKeys(hasMore: Bool, x start: Int, y: Int, on grid: inout Grid) {
    var choices: [(name: String, key: Key, text: String)] = [
      ("k", .character("k"), " keep mine  "), ("t", .character("t"), " take theirs  "),
    ]
    if hasMore {
      choices += [
        ("K", .character("K"), " all mine  "), ("T", .character("T"), " all theirs  "),
      ]
    }
    choices.append(("Esc", .escape, " change nothing"))
    var x = start
    for choice in choices {
      let from = x
      x += grid.put(choice.name, x: x, y: y, Style(.key))
      x += grid.put(choice.text, x: x, y: y)
      let part = Rectangle(x: from, y: y, width: x - from, height: 1)
      grid.hits.append(Hit(part: part, target: .key(choice.key)))
    }
  }
}
