import DICOM
import Store

/// The elements of one instance as a tree with folds.
struct TreeState: Sendable {
  /// A line of the tree: an element, or an item of a sequence.
  struct Line: Sendable, Equatable {
    enum Content: Sendable, Equatable {
      case element(TagNode)
      case item(number: Int, count: Int)
    }
    /// Indices from the root: element, item, element …
    var path: [Int]
    var content: Content
    var depth: Int { path.count - 1 }
  }

  var instance: ResourceRow
  var nodes: [TagNode] = []
  var isLoaded = false
  var failure: String?
  var unfolded: Set<[Int]> = []
  private(set) var lines: [Line] = []
  var cursor = 0
  var top = 0
  var search = ""
  /// Paths of all elements that the search finds, folded or not, in order.
  private(set) var matches: [[Int]] = []
  var hex: HexState?

  init(instance: ResourceRow) { self.instance = instance }

  var current: Line? { lines.indices.contains(cursor) ? lines[cursor] : nil }

  var currentNode: TagNode? {
    guard case .element(let node) = current?.content else { return nil }
    return node
  }

  /// Elements of the whole tree.
  var elementCount: Int { Self.count(nodes) }

  private static func count(_ nodes: [TagNode]) -> Int {
    nodes.reduce(0) { total, node in total + 1 + node.items.reduce(0) { $0 + count($1) } }
  }

  mutating func take(_ nodes: [TagNode], visible: Int) {
    let old = current?.path
    self.nodes = nodes
    isLoaded = true
    failure = nil
    rebuild()
    if let old, let index = lines.firstIndex(where: { $0.path == old }) { cursor = index }
    find(search)
    move(to: cursor, visible: visible)
  }

  mutating func move(to index: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(index, lines.count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, lines.count - visible))
  }

  mutating func rebuild() {
    lines = []
    append(nodes, below: [])
  }

  private mutating func append(_ nodes: [TagNode], below path: [Int]) {
    for (index, node) in nodes.enumerated() {
      let own = path + [index]
      lines.append(Line(path: own, content: .element(node)))
      guard !node.items.isEmpty, unfolded.contains(own) else { continue }
      for (number, item) in node.items.enumerated() {
        let itemPath = own + [number]
        lines.append(Line(path: itemPath, content: .item(number: number + 1, count: item.count)))
        if unfolded.contains(itemPath) { append(item, below: itemPath) }
      }
    }
  }

  func canFold(_ line: Line) -> Bool {
    switch line.content {
    case .element(let node): !node.items.isEmpty
    case .item(_, let count): count > 0
    }
  }

  /// Folds or unfolds the current line; a sequence opens with all its items open.
  mutating func toggle(visible: Int) {
    guard let line = current, canFold(line) else { return }
    if unfolded.contains(line.path) {
      unfolded.remove(line.path)
    } else {
      unfolded.insert(line.path)
      if case .element(let node) = line.content {
        for number in node.items.indices { unfolded.insert(line.path + [number]) }
      }
    }
    rebuild()
    move(to: cursor, visible: visible)
  }

  /// Unfolds everything, or folds everything when something is unfolded.
  mutating func toggleAll(visible: Int) {
    let path = current?.path ?? []
    if unfolded.isEmpty {
      Self.collect(nodes, below: [], into: &unfolded)
    } else {
      unfolded = []
    }
    rebuild()
    let index = lines.lastIndex { path.starts(with: $0.path) }
    move(to: index ?? 0, visible: visible)
  }

  private static func collect(_ nodes: [TagNode], below path: [Int], into paths: inout Set<[Int]>) {
    for (index, node) in nodes.enumerated() where !node.items.isEmpty {
      paths.insert(path + [index])
      for (number, item) in node.items.enumerated() {
        paths.insert(path + [index, number])
        collect(item, below: path + [index, number], into: &paths)
      }
    }
  }

  /// The line above that the current one lies in.
  var parentIndex: Int? {
    guard let path = current?.path, path.count > 1 else { return nil }
    return lines[..<cursor].lastIndex { $0.path.count < path.count }
  }
}

extension TreeState {
  /// Looks for a text in tags, names, creators and values.
  mutating func find(_ text: String) {
    search = text
    matches = []
    if !text.isEmpty { collectMatches(nodes, below: [], text: text.lowercased()) }
  }

  private mutating func collectMatches(_ nodes: [TagNode], below path: [Int], text: String) {
    for (index, node) in nodes.enumerated() {
      if Self.matches(node, text) { matches.append(path + [index]) }
      for (number, item) in node.items.enumerated() {
        collectMatches(item, below: path + [index, number], text: text)
      }
    }
  }

  static func matches(_ node: TagNode, _ text: String) -> Bool {
    !text.isEmpty
      && (node.name.lowercased().contains(text) || node.tag.description.contains(text)
        || node.value.lowercased().contains(text)
        || (node.privateCreator ?? "").lowercased().contains(text))
  }

  /// Which match the cursor is on, from 1.
  var matchNumber: Int? {
    guard let path = current?.path else { return nil }
    return matches.firstIndex(of: path).map { $0 + 1 }
  }

  /// Goes to the next or previous match and unfolds what it lies in; the element that it lies in stays on the
  /// screen when there is room for both.
  mutating func goToMatch(forward: Bool, includingCurrent: Bool = false, visible: Int) {
    guard !matches.isEmpty else { return }
    let here = current?.path ?? []
    let target: [Int]?
    if forward {
      target = matches.first {
        here.lexicographicallyPrecedes($0) || (includingCurrent && $0 == here)
      }
    } else {
      target = matches.last { $0.lexicographicallyPrecedes(here) }
    }
    let path = target ?? (forward ? matches[0] : matches[matches.count - 1])
    for length in 1..<max(1, path.count) { unfolded.insert(Array(path.prefix(length))) }
    rebuild()
    guard let index = lines.firstIndex(where: { $0.path == path }) else { return }
    if let root = lines.firstIndex(where: { $0.path == Array(path.prefix(1)) }), index - root < visible {
      move(to: root, visible: visible)
    }
    move(to: index, visible: visible)
  }
}

/// The bytes of one value.
struct HexState: Equatable, Sendable {
  var title: String
  /// Where the value lies in the file.
  var range: Range<Int>
  /// First line on the screen; sixteen bytes a line.
  var top = 0
  var bytes: [UInt8] = []
  /// Where in the file `bytes` starts.
  var bytesStart = 0
  var failure: String?

  static let chunk = 16_384

  var lineCount: Int { (range.count + 15) / 16 }

  /// The part of the file to read for the lines on the screen; nil when it is there.
  func missingRange(visible: Int) -> Range<Int>? {
    let wanted =
      (range.lowerBound + top * 16)..<min(range.upperBound, range.lowerBound + (top + visible) * 16)
    let read = bytesStart..<(bytesStart + bytes.count)
    if wanted.isEmpty || wanted.lowerBound >= read.lowerBound && wanted.upperBound <= read.upperBound {
      return nil
    }
    let start = max(range.lowerBound, wanted.lowerBound - Self.chunk / 4 / 16 * 16)
    return start..<min(range.upperBound, start + Self.chunk)
  }

  func byte(at offset: Int) -> UInt8? {
    let index = range.lowerBound + offset - bytesStart
    return offset < range.count && bytes.indices.contains(index) ? bytes[index] : nil
  }
}
