@testable import Explorer

/// What a terminal shows: as much of ECMA-48 as ncurses uses.
struct TinyTerminal {
  struct Cell: Equatable {
    var text: Character = " "
    var pen: [Int: [Int]] = [:]
  }

  let size: Size
  private(set) var rows: [[Cell]]
  private(set) var x = 0
  private(set) var y = 0
  private(set) var pen: [Int: [Int]] = [:]
  private var region: Range<Int>

  init(_ size: Size) {
    self.size = size
    rows = Array(repeating: Array(repeating: Cell(), count: size.width), count: size.height)
    region = 0..<size.height
  }

  mutating func feed(_ bytes: [UInt8]) {
    var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": x = 0
      case "\n": lineFeed()
      case "\u{8}": x = max(0, min(x, size.width - 1) - 1)
      case "\u{F}": break
      case "\u{1B}":
        if rest.popFirst() == "(" {
          _ = rest.popFirst()
          continue
        }
        let end = rest.firstIndex { ("@"..."~").contains($0) } ?? rest.startIndex
        let numbers = String(String.UnicodeScalarView(rest[..<end])).split(
          separator: ";", omittingEmptySubsequences: false
        ).map { Int($0) ?? 0 }
        let final = rest[end]
        rest = rest[(end + 1)...]
        take(numbers, final)
      default: put(scalar)
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = DisplayWidth.of(scalar)
    // The cursor stays in a row that is full until something more is written.
    if x + width > size.width {
      x = 0
      lineFeed()
    }
    rows[y][x] = Cell(text: Character(scalar), pen: pen)
    for tail in 1..<max(2, width + 1) where tail < width { rows[y][x + tail] = Cell(text: "\0", pen: pen) }
    x += width
  }

  private mutating func lineFeed() {
    if y == region.upperBound - 1 {
      rows.remove(at: region.lowerBound)
      rows.insert(blankRow, at: y)
    } else {
      y = min(y + 1, size.height - 1)
    }
  }

  /// What is erased has the background that is chosen, and nothing else of the pen.
  private var blank: Cell { Cell(pen: pen.filter { $0.key == 48 }) }
  private var blankRow: [Cell] { Array(repeating: blank, count: size.width) }

  private mutating func take(_ numbers: [Int], _ final: Unicode.Scalar) {
    let count = max(1, numbers[0])
    switch final {
    case "H": (y, x) = (count - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "d": y = count - 1
    case "G": x = count - 1
    case "C": x = min(size.width - 1, x + count)
    case "K": for column in x..<max(x, size.width) { rows[y][column] = blank }
    case "X": for column in x..<min(size.width, x + count) { rows[y][column] = blank }
    case "r":
      region = numbers.count < 2 ? 0..<size.height : (count - 1)..<numbers[1]
      (x, y) = (0, 0)
    case "m": choose(numbers)
    default: break
    }
  }

  private mutating func choose(_ numbers: [Int]) {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: pen = [:]
      case 38, 48:
        pen[number] = Array(rest.prefix(2))
        rest = rest.dropFirst(2)
      case 39, 49: pen[number - 1] = nil
      case 30...37: pen[38] = [number]
      case 40...47: pen[48] = [number]
      default: pen[number] = [number]
      }
    }
  }
}
