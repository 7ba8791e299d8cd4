/// Columns and rows of a screen.
struct Size: Equatable, Sendable {
  var width: Int
  var height: Int

  init(_ width: Int, _ height: Int) {
    self.width = width
    self.height = height
  }
}

/// A cell's place, counted from the top left corner.
struct Point: Equatable, Sendable {
  var x: Int
  var y: Int

  init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}

/// A part of the screen.
struct Rectangle: Equatable, Sendable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// One behind the last column, and one below the last row.
  var maxX: Int { x + width }
  var maxY: Int { y + height }

  func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  /// The same rectangle without so many columns and rows on each side.
  func inset(_ columns: Int, _ rows: Int) -> Rectangle {
    Rectangle(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
  }
}
