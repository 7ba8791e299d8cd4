import DICOM
import Store

/// The tag tree.
enum TreeView {
  static func draw(_ tree: TreeState, in part: Rectangle, on grid: inout Grid) {
    if let failure = tree.failure {
      grid.put(failure, x: part.x + 3, y: part.y + 1, width: part.width - 4, Style(.warning))
      return
    }
    guard tree.isLoaded else {
      grid.put(grid.glyphs.unread, x: part.x + 3, y: part.y, Style(.faint))
      return
    }
    let needle = tree.search.lowercased()
    let nameWidth = max(20, min(40, part.width * 36 / 100))
    for (offset, line) in tree.lines.dropFirst(tree.top).prefix(part.height).enumerated() {
      let y = part.y + offset
      draw(line, tree, needle, x: part.x, y: y, width: part.width, nameWidth: nameWidth, on: &grid)
      if tree.top + offset == tree.cursor {
        grid.highlight(Rectangle(x: part.x, y: y, width: part.width, height: 1))
      }
    }
  }

  private static func draw(
    _ line: TreeState.Line, _ tree: TreeState, _ needle: String, x: Int, y: Int, width: Int, nameWidth: Int,
    on grid: inout Grid
  ) {
    let left = x + 1 + line.depth * 2
    if tree.canFold(line) {
      let isOpen = tree.unfolded.contains(line.path)
      grid.put(isOpen ? grid.glyphs.unfolded : grid.glyphs.folded, x: left, y: y, Style(.accent))
    }
    switch line.content {
    case .item(let number, let count):
      let used = grid.put("\(number)", x: left + 2, y: y, Style(.faint))
      grid.put(NumberText.count(count, "element"), x: left + 4 + used, y: y, Style(.faint))
    case .element(let node):
      let isMatch = TreeState.matches(node, needle)
      grid.put(node.tag.description, x: left + 2, y: y, Style(.faint))
      grid.put(node.vr.description, x: left + 14, y: y, Style(.faint))
      let room = max(8, nameWidth - line.depth * 2)
      let used = grid.put(name(of: node), x: left + 17, y: y, width: room, Style(isMatch ? .match : .plain))
      // Names end in one column whatever their depth, so that values stand below each other.
      let valueX = max(left + 17 + used + 1, x + 20 + nameWidth)
      let isBinary = node.value.isEmpty
      grid.put(
        value(of: node), x: valueX, y: y, width: x + width - valueX - 1, Style(isBinary ? .faint : .plain))
    }
  }

  private static func name(of node: TagNode) -> String {
    guard let creator = node.privateCreator, !node.tag.isPrivateCreator else { return node.name }
    return node.name + " [" + creator + "]"
  }

  static func value(of node: TagNode) -> String {
    if node.vr == .SQ || !node.items.isEmpty { return NumberText.count(node.items.count, "item") }
    if !node.value.isEmpty { return node.vr == .PN ? PersonNameText.display(node.value) : node.value }
    return node.length == 0 ? "" : NumberText.count(node.length ?? node.valueRange.count, "byte")
  }
}

/// Bytes in sixteens, as numbers and as text.
enum HexView {
  static func draw(_ hex: HexState, in part: Rectangle, on grid: inout Grid) {
    if let failure = hex.failure {
      grid.put(failure, x: part.x + 3, y: part.y + 1, width: part.width - 4, Style(.warning))
      return
    }
    for offset in 0..<part.height {
      let line = hex.top + offset
      guard line < hex.lineCount else { break }
      let y = part.y + offset
      grid.put(padded(line * 16, to: 8), x: part.x + 1, y: y, Style(.faint))
      for column in 0..<16 where line * 16 + column < hex.range.count {
        let x = part.x + 11 + column * 3 + (column >= 8 ? 1 : 0)
        guard let byte = hex.byte(at: line * 16 + column) else {
          grid.put(grid.glyphs.unread, x: x, y: y, Style(.faint))
          continue
        }
        grid.put(padded(Int(byte), to: 2), x: x, y: y, Style(byte == 0 ? .faint : .plain))
        let isPrintable = (0x20...0x7E).contains(byte)
        grid.put(
          isPrintable ? Unicode.Scalar(byte) : ".", x: part.x + 62 + column, y: y,
          Style(isPrintable ? .plain : .faint))
      }
    }
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
