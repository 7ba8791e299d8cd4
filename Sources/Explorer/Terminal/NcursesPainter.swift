import CNcurses

/// Puts grids on the screen by ncurses, whose output is shortened before it is sent.
@UI
final class NcursesPainter {
  private let isUTF8: Bool
  private let looks: LookTable
  /// By the number of a style.
  private let attributes: [(attributes: attr_t, pair: Int32)]
  private let canShorten = cn_moves_like_ansi() == 1
  private let canScroll = cn_can_scroll() == 1

  /// Once curses and its colours have started.
  init(theme: Theme, isUTF8: Bool, hasDefaultColors: Bool) {
    self.isUTF8 = isUTF8
    looks = LookTable(theme)
    var pairs = ColorPairs(hasDefaultColors: hasDefaultColors, isUsed: theme.depth != .none)
    var attributes: [(attributes: attr_t, pair: Int32)] = []
    for style in Style.all {
      let look = theme.look(of: style)
      attributes.append((Self.attributes(look), pairs.pair(look.foreground, look.background)))
    }
    self.attributes = attributes
  }

  private static func attributes(_ look: Look) -> attr_t {
    var attributes: attr_t = 0
    if look.isBold { attributes |= cn_bold() }
    if look.isDim { attributes |= cn_dim() }
    if look.isReversed { attributes |= cn_reverse() }
    if look.isUnderlined { attributes |= cn_underline() }
    return attributes
  }

  func draw(_ grid: Grid, over previous: Grid?, size: Size) {
    cn_begin_painting()
    var old = previous.flatMap { $0.size == grid.size ? $0 : nil }
    let isWhole = old == nil
    if isWhole { erase() }
    if canScroll, size == grid.size, let before = old, let step = ScrollStep(from: before, to: grid, looks) {
      cn_scroll(Int32(step.rows.lowerBound), Int32(step.rows.upperBound - 1), Int32(step.distance))
      refresh()
      old = before.scrolled(step)
    }
    for y in 0..<min(grid.size.height, size.height) { draw(grid.row(y), over: old?.row(y), y: y, size) }
    if let caret = grid.caret { wmove(cn_standard_screen(), Int32(caret.y), Int32(caret.x)) }
    curs_set(grid.caret == nil ? 0 : 1)
    refresh()
    var bytes: UnsafePointer<UInt8>?
    let length = cn_end_painting(&bytes)
    guard length > 0 else { return }
    let output = UnsafeBufferPointer(start: bytes, count: length)
    // Who asks for everything anew may have a terminal in a strange state: it gets all that curses says.
    guard canShorten, !isWhole, var shortener = OutputShortener(output, size: size) else {
      cn_write(bytes, length)
      return
    }
    let short = shortener.shorten()
    short.withUnsafeBufferPointer { cn_write($0.baseAddress, $0.count) }
  }

  private func draw(_ row: ArraySlice<Cell>, over before: ArraySlice<Cell>?, y: Int, _ size: Size) {
    let (styles, columns) = PaintedRow.columns(of: row, over: before, looks)
    for x in columns where x < size.width {
      let cell = row[row.startIndex + x]
      if cell.isTail && isUTF8 { continue }
      put(cell, styles[x], x: x, y: y)
    }
  }

  private func put(_ cell: Cell, _ style: Style, x: Int, y: Int) {
    let (attributes, pair) = attributes[style.number]
    _ = cn_put_cell(
      Int32(y), Int32(x), wchar_t(bitPattern: drawable(cell)),
      isUTF8 ? wchar_t(bitPattern: cell.firstMark) : 0, isUTF8 ? wchar_t(bitPattern: cell.secondMark) : 0,
      attributes, pair)
  }

  /// What the C library believes to have another width than we do would shift the row: a question mark
  /// then, in both columns.
  private func drawable(_ cell: Cell) -> UInt32 {
    if cell.scalar < 0x7F && !cell.isTail { return cell.scalar }
    guard isUTF8, let scalar = Unicode.Scalar(cell.scalar) else { return UInt32(UInt8(ascii: "?")) }
    let believed = cn_width(cell.scalar)
    return believed == Int32(DisplayWidth.of(scalar)) ? cell.scalar : UInt32(UInt8(ascii: "?"))
  }
}

/// Colour pairs of curses, made when they are first needed.
private struct ColorPairs {
  let hasDefaultColors: Bool
  let isUsed: Bool
  private var pairs: [Int32: Int32] = [:]

  init(hasDefaultColors: Bool, isUsed: Bool) {
    self.hasDefaultColors = hasDefaultColors
    self.isUsed = isUsed
  }

  mutating func pair(_ foreground: Int16, _ background: Int16) -> Int32 {
    if foreground < 0 && background < 0 || !isUsed { return 0 }
    let key = Int32(foreground) * 1000 + Int32(background)
    if let known = pairs[key] { return known }
    let number = Int32(pairs.count + 1)
    guard number < cn_color_pairs() else { return 0 }
    let front = foreground < 0 && !hasDefaultColors ? 7 : Int32(foreground)
    let back = background < 0 && !hasDefaultColors ? 0 : Int32(background)
    guard init_extended_pair(number, front, back) == OK else { return 0 }
    pairs[key] = number
    return number
  }
}
