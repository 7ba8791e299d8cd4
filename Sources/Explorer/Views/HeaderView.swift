/// The first line: where am I, and what is the machine doing.
enum HeaderView {
  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    let status = status(state)
    let statusWidth = min(DisplayWidth.of(status.text), part.width / 2)
    let isWarning = state.service.note != nil || state.service.dicomPort == nil
    grid.put(
      status.text, x: part.maxX - 1 - statusWidth, y: part.y, width: statusWidth,
      Style(isWarning ? .warning : state.service.openAssociations > 0 ? .accent : .faint))
    let crumbs = fit(crumbs(state), width: part.width - statusWidth - 4, glyphs: state.glyphs)
    var x = part.x + 1
    for (index, crumb) in crumbs.enumerated() {
      let isLast = index == crumbs.count - 1
      if index > 0 { x += grid.put(state.glyphs.crumb, x: x, y: part.y, Style(.faint)) }
      let room = part.maxX - 3 - statusWidth - x
      x += grid.put(crumb, x: x, y: part.y, width: room, Style(isLast ? .title : .plain))
    }
  }

  /// The way from the top to here.
  static func crumbs(_ state: ExplorerState) -> [String] {
    var crumbs = [state.tab.title]
    for screen in state.stack {
      switch screen {
      case .list(let list):
        guard let parent = list.parent else { continue }
        if parent.level == .study && state.tab == .studies { crumbs.append(parent.patientName) }
        crumbs.append(parent.shortTitle)
      case .tree(let tree):
        crumbs.append(tree.instance.shortTitle)
        if let hex = tree.hex { crumbs.append(hex.title) }
      case .activity, .log: continue
      }
    }
    return crumbs
  }

  /// Shortens crumbs in the middle until all have room; the first and the last stay whole longest.
  private static func fit(_ crumbs: [String], width: Int, glyphs: Glyphs) -> [String] {
    var crumbs = crumbs
    func total() -> Int {
      crumbs.reduce(0) { $0 + DisplayWidth.of($1) } + (crumbs.count - 1) * glyphs.crumb.count
    }
    while total() > width, crumbs.count > 1 {
      let candidates = crumbs.indices.dropFirst()
      guard let longest = candidates.max(by: { crumbs[$0].count < crumbs[$1].count }),
        crumbs[longest].count > 8
      else { break }
      crumbs[longest] = String(crumbs[longest].dropLast(2)) + String(glyphs.ellipsis)
    }
    return crumbs
  }

  static func status(_ state: ExplorerState) -> (text: String, isIdle: Bool) {
    let service = state.service
    var parts: [String] = []
    if let port = service.dicomPort {
      parts.append("\(service.aeTitle):\(port)")
    } else {
      parts.append("not listening")
    }
    if let note = service.note { parts.append(note) }
    if service.openAssociations > 0 {
      parts.append(NumberText.count(service.openAssociations, "association"))
      if service.instancesPerSecond > 0 { parts.append(NumberText.count(service.instancesPerSecond) + "/s") }
    } else if service.dicomPort != nil {
      parts.append("idle")
    }
    if service.runningJobs > 0 { parts.append(NumberText.count(service.runningJobs, "job")) }
    if service.storageUsed > 0 || service.storageLimit != nil {
      let used = NumberText.size(service.storageUsed)
      parts.append(service.storageLimit.map { "\(used) of \(NumberText.size($0))" } ?? used)
    }
    parts.append(TimeText.clock(state.now, state.clock))
    return (parts.joined(separator: state.glyphs.dot), service.openAssociations == 0)
  }
}

/// The last line: keys.
enum HintView {
  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    for hint in HintLine.hints(for: state) {
      let used = grid.put(hint.keyText, x: part.x + hint.x, y: part.y, Style(.key))
      grid.put(hint.text, x: part.x + hint.x + used + 1, y: part.y, Style(.faint))
    }
  }
}
