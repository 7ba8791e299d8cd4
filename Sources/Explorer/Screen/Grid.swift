/// A screen as a value.
struct Grid: Equatable, Sendable {
  let size: Size
  let glyphs: Glyphs
  private(set) var cells: [Cell]
  /// Where the terminal's own cursor blinks while text is typed.
  var caret: Point?
  /// What clicks in the window in front do.
  var hits: [Hit] = []
  /// Rows that move up and down together when their list is scrolled.
  var roll: Roll?

  init(size: Size, glyphs: Glyphs = .unicode) {
    self.size = size
    self.glyphs = glyphs
    cells = Array(repeating: .blank, count: max(0, size.width * size.height))
  }

  enum Alignment: Sendable { case left, right }

  var bounds: Rectangle { Rectangle(x: 0, y: 0, width: size.width, height: size.height) }

  subscript(x: Int, y: Int) -> Cell {
    get { cells[y * size.width + x] }
    set { cells[y * size.width + x] = newValue }
  }

  /// The cells of one row.
  func row(_ y: Int) -> ArraySlice<Cell> { cells[(y * size.width)..<((y + 1) * size.width)] }

  /// Writes a text into at most `width` columns; what does not fit ends in `…`. Returns the columns taken.
  @discardableResult
  mutating func put(
    _ text: some StringProtocol, x: Int, y: Int, width: Int = .max, _ style: Style = .plain,
    align: Alignment = .left
  ) -> Int {
    guard y >= 0, y < size.height, x < size.width, x >= 0 else { return 0 }
    let room = min(width, size.width - x)
    guard room > 0 else { return 0 }
    let length = measure(text, upTo: room)
    if length > room {
      let taken = write(text, x: x, y: y, room: room - 1, style)
      put(glyphs.ellipsis, x: x + taken, y: y, style)
      return taken + 1
    }
    let start = align == .right ? x + (width == .max ? 0 : room - length) : x
    return write(text, x: start, y: y, room: room, style)
  }

  /// Writes one character of our own.
  mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, _ style: Style = .plain) {
    guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
    self[x, y] = Cell(scalar, style: style)
  }

  private func measure(_ text: some StringProtocol, upTo limit: Int) -> Int {
    var width = 0
    for scalar in text.unicodeScalars {
      guard let shown = VisibleText.form(of: scalar) else { continue }
      width += DisplayWidth.of(shown)
      if width > limit { break }
    }
    return width
  }

  private mutating func write(_ text: some StringProtocol, x: Int, y: Int, room: Int, _ style: Style) -> Int {
    var used = 0
    var last: Int?
    for scalar in text.unicodeScalars {
      guard let shown = VisibleText.form(of: scalar) else { continue }
      let width = DisplayWidth.of(shown)
      if width == 0 {
        if let last { self[last, y].add(mark: shown) }
        continue
      }
      if used + width > room { break }
      self[x + used, y] = Cell(shown, style: style)
      if width == 2 { self[x + used + 1, y] = .tail(style: style) }
      last = x + used
      used += width
    }
    return used
  }

  /// Blanks a part.
  mutating func clear(_ part: Rectangle, _ style: Style = .plain) {
    for y in max(0, part.y)..<max(0, min(size.height, part.maxY)) {
      for x in max(0, part.x)..<max(0, min(size.width, part.maxX)) { self[x, y] = Cell(" ", style: style) }
    }
    mendWideCharacters(around: part)
  }

  /// A wide character of which a window covers one half becomes blank.
  private mutating func mendWideCharacters(around part: Rectangle) {
    for y in max(0, part.y)..<max(0, min(size.height, part.maxY)) {
      let before = part.x - 1
      if before >= 0, before + 1 < size.width, !self[before, y].isTail,
        let scalar = Unicode.Scalar(self[before, y].scalar), DisplayWidth.of(scalar) == 2
      {
        self[before, y] = Cell(" ", style: self[before, y].style)
      }
      if part.maxX < size.width, self[part.maxX, y].isTail {
        self[part.maxX, y] = Cell(" ", style: self[part.maxX, y].style)
      }
    }
  }

  /// What a click at a place does; later parts lie over earlier ones.
  func hit(at point: Point) -> Hit.Target? { hits.last { $0.part.contains(point) }?.target }

  /// What a terminal shows that was told to scroll.
  func scrolled(_ step: ScrollStep) -> Grid {
    var grid = self
    for y in step.rows {
      let source = y + step.distance
      let isThere = step.rows.contains(source)
      let moved = isThere ? Array(row(source)) : Array(repeating: .blank, count: size.width)
      grid.cells.replaceSubrange((y * size.width)..<((y + 1) * size.width), with: moved)
    }
    return grid
  }

  /// Gives a part the cursor's look, whatever its cells say.
  mutating func highlight(_ part: Rectangle) {
    for y in max(0, part.y)..<max(0, min(size.height, part.maxY)) {
      for x in max(0, part.x)..<max(0, min(size.width, part.maxX)) { self[x, y].style.isCursor = true }
    }
  }

  mutating func horizontalLine(x: Int, y: Int, width: Int, _ style: Style = Style(.border)) {
    for column in x..<(x + max(0, width)) { put(glyphs.horizontal, x: column, y: y, style) }
  }

  mutating func verticalLine(x: Int, y: Int, height: Int, _ style: Style = Style(.border)) {
    for row in y..<(y + max(0, height)) { put(glyphs.vertical, x: x, y: row, style) }
  }

  /// An empty box with a title in its upper edge.
  mutating func box(_ part: Rectangle, title: String, _ style: Style = Style(.border)) {
    clear(part)
    guard part.width >= 4, part.height >= 2 else { return }
    horizontalLine(x: part.x, y: part.y, width: part.width, style)
    horizontalLine(x: part.x, y: part.maxY - 1, width: part.width, style)
    verticalLine(x: part.x, y: part.y, height: part.height, style)
    verticalLine(x: part.maxX - 1, y: part.y, height: part.height, style)
    put(glyphs.topLeft, x: part.x, y: part.y, style)
    put(glyphs.topRight, x: part.maxX - 1, y: part.y, style)
    put(glyphs.bottomLeft, x: part.x, y: part.maxY - 1, style)
    put(glyphs.bottomRight, x: part.maxX - 1, y: part.maxY - 1, style)
    if !title.isEmpty {
      put(" " + title + " ", x: part.x + 2, y: part.y, width: part.width - 4, Style(.title))
    }
  }

  /// The rows as text without their trailing spaces.
  var text: String {
    (0..<size.height).map { y in
      var line = ""
      for cell in row(y) { cell.write(to: &line) }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
