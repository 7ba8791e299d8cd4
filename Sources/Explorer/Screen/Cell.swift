/// One column of one row: a character with at most two combining marks, and its style. A plain value without
/// references, so that a grid is one block of memory and comparing two of them is fast.
struct Cell: Equatable, Sendable {
  var scalar: UInt32
  /// Combining marks over the character; 0 for none.
  var firstMark: UInt32 = 0
  var secondMark: UInt32 = 0
  var style: Style

  init(_ scalar: Unicode.Scalar, style: Style) {
    self.scalar = scalar.value
    self.style = style
  }

  private init(rawScalar: UInt32, style: Style) {
    scalar = rawScalar
    self.style = style
  }

  static let blank = Cell(" ", style: .plain)

  /// The second column of a wide character.
  static func tail(style: Style) -> Cell { Cell(rawScalar: 0, style: style) }

  var isTail: Bool { scalar == 0 }
  var isBlank: Bool { scalar == 0x20 && firstMark == 0 }

  /// Adds a combining mark; more than two are not drawn.
  mutating func add(mark: Unicode.Scalar) {
    if firstMark == 0 {
      firstMark = mark.value
    } else if secondMark == 0 {
      secondMark = mark.value
    }
  }

  /// Appends what the cell shows.
  func write(to text: inout String) {
    guard !isTail else { return }
    for value in [scalar, firstMark, secondMark] where value != 0 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
  }
}
