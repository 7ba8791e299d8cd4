/// The first line: where am I, and what is the machine doing.
enum HeaderView {
  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    let crumbs = crumbs(state)
    let needed = DisplayWidth.of(crumbs.joined(separator: state.glyphs.crumb))
    let room = max(part.width * 2 / 5, part.width - needed - 5)
    let status = status(state, width: room)
    let statusWidth = min(DisplayWidth.of(status), room)
    let isWarning = state.service.note != nil || state.service.dicomPort == nil
    grid.put(
      status, x: part.maxX - 1 - statusWidth, y: part.y, width: statusWidth,
      Style(isWarning ? .warning : state.service.openAssociations > 0 ? .accent : .faint))
    let fitting = fit(crumbs, width: part.width - statusWidth - 4, glyphs: state.glyphs)
    var x = part.x + 1
    for (index, crumb) in fitting.enumerated() {
      let isLast = index == fitting.count - 1
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
      case .activity, .jobs, .storage, .log: continue
      }
    }
    return crumbs
  }

  /// Shortens the longest crumbs, then leaves out those in the middle: where it began, whose it is and where I am stay.
  private static func fit(_ crumbs: [String], width: Int, glyphs: Glyphs) -> [String] {
    var crumbs = crumbs
    let ellipsis = String(glyphs.ellipsis)
    func total() -> Int {
      crumbs.reduce(0) { $0 + DisplayWidth.of($1) } + (crumbs.count - 1) * glyphs.crumb.count
    }
    while total() > width,
      let longest = crumbs.indices.dropFirst().max(by: { crumbs[$0].count < crumbs[$1].count }),
      crumbs[longest].count > 12
    {
      crumbs[longest] = String(crumbs[longest].dropLast(2)) + ellipsis
    }
    if total() > width, crumbs.count > 3 { crumbs[2] = ellipsis }
    while total() > width, crumbs.count > 4 { crumbs.remove(at: 3) }
    return crumbs
  }

  /// What the machine is doing; the less important goes first where there is no room for all.
  static func status(_ state: ExplorerState, width: Int) -> String {
    let service = state.service
    var parts: [(text: String, rank: Int)] = []
    if let port = service.dicomPort {
      parts.append(("\(service.aeTitle):\(port)", 1))
    } else {
      parts.append(("not listening", 0))
    }
    let requests = service.http?.requestsPerSecond ?? 0
    if let http = service.http {
      parts.append((HTTPServerText.short(http), 6))
      if requests > 0 { parts.append((NumberText.count(requests) + " req/s", 3)) }
    }
    if let note = service.note { parts.append((note, 0)) }
    if service.openAssociations > 0 {
      parts.append((NumberText.count(service.openAssociations, "association"), 2))
      if service.instancesPerSecond > 0 {
        parts.append((NumberText.count(service.instancesPerSecond) + "/s", 3))
      }
    } else if service.dicomPort != nil && requests == 0 {
      parts.append(("idle", 4))
    }
    let jobs = state.runningJobs
    if jobs > 0 {
      parts.append((NumberText.count(jobs, "job") + (service.jobPercent.map { " \($0) %" } ?? ""), 2))
    }
    if service.storageUsed > 0 || service.storageLimit != nil { parts.append((storage(service), 5)) }
    parts.append((TimeText.clock(state.now, state.clock), 6))
    func joined() -> String { parts.map(\.text).joined(separator: state.glyphs.dot) }
    while DisplayWidth.of(joined()) > width, parts.count > 1,
      let index = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }), parts[index].rank > 0
    {
      parts.remove(at: index)
    }
    return joined()
  }
}

extension HeaderView {
  /// `41.2 of 200 GB`.
  fileprivate static func storage(_ service: ServiceStatus) -> String {
    guard let limit = service.storageLimit else { return NumberText.size(service.storageUsed) }
    return NumberText.size(service.storageUsed, of: limit)
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
