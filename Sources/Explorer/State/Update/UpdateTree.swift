import DICOM
import Store

/// The tag tree and the bytes of a value.
extension ExplorerState {
  mutating func performInTree(_ id: ActionID) -> [Effect] {
    guard var tree else { return [] }
    let visible = visibleRows
    switch id {
    case .fold:
      if let line = tree.current, !tree.canFold(line), let node = tree.currentNode {
        showValue(node)
        return []
      }
      tree.toggle(visible: visible)
    case .unfold:
      if let line = tree.current, tree.canFold(line), !tree.unfolded.contains(line.path) {
        tree.toggle(visible: visible)
      }
    case .foldOrParent:
      if let line = tree.current, tree.unfolded.contains(line.path) {
        tree.toggle(visible: visible)
      } else if let parent = tree.parentIndex {
        tree.move(to: parent, visible: visible)
      } else {
        return goUp()
      }
    case .foldAll: tree.toggleAll(visible: visible)
    case .hex:
      guard let node = tree.currentNode else { return [] }
      tree.hex = HexState(title: "\(node.tag) \(node.name)", range: node.valueRange)
      self.tree = tree
      return readHex()
    case .explain: explainCurrent(tree)
    case .previousInstance: return goToInstance(-1)
    case .nextInstance: return goToInstance(1)
    default: break
    }
    self.tree = tree
    return []
  }

  mutating func goToMatch(forward: Bool) -> [Effect] {
    let visible = visibleRows
    tree?.goToMatch(forward: forward, visible: visible)
    return []
  }

  mutating func take(tags answer: Result<[TagNode], Failure>, of instance: PublicID) -> [Effect] {
    guard var tree, tree.instance.id == instance else { return [] }
    switch answer {
    case .success(let nodes): tree.take(nodes, visible: visibleRows)
    case .failure(let failure):
      tree.failure = failure.text
      tree.isLoaded = true
    }
    self.tree = tree
    return []
  }

  private mutating func showValue(_ node: TagNode) {
    let lines = node.value.isEmpty ? ["(\(valueText(node)))"] : wrap(node.value, width: noteWidth)
    dialog = .note(NoteDialog(title: "\(node.tag) \(node.name)", lines: lines))
  }

  private func valueText(_ node: TagNode) -> String {
    if !node.items.isEmpty { return NumberText.count(node.items.count, "item") }
    return node.length == 0 ? "empty" : NumberText.count(node.length ?? node.valueRange.count, "byte")
  }

  private mutating func explainCurrent(_ tree: TreeState) {
    guard let node = tree.currentNode else { return }
    var lines: [String] = []
    if let entry = explain?(node.tag, node.privateCreator) {
      lines.append(entry.name + (entry.isRetired ? " (retired)" : ""))
      lines.append("")
      if !entry.keyword.isEmpty { lines.append("Keyword        \(entry.keyword)") }
      lines.append("VR             \(entry.vr)")
      lines.append("Multiplicity   \(entry.vm)")
    } else {
      lines.append(node.tag.isPrivate ? "No dictionary knows this private element." : node.name)
      lines.append("")
    }
    if let creator = node.privateCreator { lines.append("Creator        \(creator)") }
    lines.append("In this file   \(node.vr), \(valueText(node)), at offset \(NumberText.count(node.offset))")
    dialog = .note(NoteDialog(title: node.tag.description, lines: lines))
  }

  /// Opens the neighbour in the list below, at the same place of the tree.
  private mutating func goToInstance(_ step: Int) -> [Effect] {
    guard stack.count >= 2, case .list(var list) = stack[stack.count - 2], var tree else { return [] }
    let visible = max(1, size.height - 5)
    guard let row = list.row(at: list.cursor + step) else {
      say("The next instances are still being read")
      return []
    }
    list.move(to: list.cursor + step, visible: visible)
    let missing = list.pending == nil ? list.missingAnchor(visible: visible) : nil
    stack[stack.count - 2] = .list(list)
    tree.instance = row
    tree.hex = nil
    self.tree = tree
    return [.loadTags(row.id)] + (missing.map { [request(list.id, $0, for: .keep)] } ?? [])
  }

  // MARK: Bytes

  mutating func readHex() -> [Effect] {
    guard let tree, let hex = tree.hex, let range = hex.missingRange(visible: visibleRows) else { return [] }
    return [.loadBytes(tree.instance.id, range)]
  }

  mutating func take(bytes answer: Result<[UInt8], Failure>, at start: Int, of instance: PublicID) -> [Effect]
  {
    guard var tree, tree.instance.id == instance, tree.hex != nil else { return [] }
    switch answer {
    case .success(let bytes):
      tree.hex?.bytes = bytes
      tree.hex?.bytesStart = start
    case .failure(let failure): tree.hex?.failure = failure.text
    }
    self.tree = tree
    return []
  }

  // MARK: Text in windows

  var noteWidth: Int { min(size.width - 12, 96) }

  /// Breaks a text into lines of at most so many columns.
  func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      var used = 0
      for character in paragraph {
        let columns = DisplayWidth.of(String(character))
        if used + columns > width {
          lines.append(line)
          line = ""
          used = 0
        }
        line.append(character)
        used += columns
      }
      lines.append(line)
    }
    return lines
  }
}
