/// Says what curses says to a terminal in fewer bytes, with the same result in every cell.
///
/// curses addresses the cursor in full for each longer step, even within a row, and takes colours and attributes back
/// one after the other. Here moves and attributes are held back until something is shown or erased; what is still true
/// then is said in one sequence. Only ECMA-48 sequences that curses itself uses are written; what is not known here
/// goes through as it is.
struct OutputShortener {
  private let input: [UInt8]
  private let size: Size
  private var output: [UInt8] = []
  private var place = 0
  /// The cursor's row, counted from 1, where it is certain.
  private var row: Int?
  /// About where in the row: whoever comes near its end may wrap.
  private var column: Int
  private var isWholeScreen = true
  private var target: (row: Int?, column: Int?) = (nil, nil)
  private var pen = Pen()

  /// Nil for output in other character sets than the terminal's usual one.
  init?(_ bytes: some Collection<UInt8>, size: Size) {
    input = Array(bytes)
    self.size = size
    column = size.width
    if input.contains(14) { return nil }
    for index in input.indices where input[index] == 27 && index + 2 < input.count {
      if input[index + 1] == UInt8(ascii: "("), input[index + 2] != UInt8(ascii: "B") { return nil }
    }
  }

  mutating func shorten() -> [UInt8] {
    output.reserveCapacity(input.count)
    while place < input.count {
      switch input[place] {
      case 27: escape()
      case 13:
        target.column = 1
        place += 1
      // Back from a character set that was never chosen.
      case 15: place += 1
      case 0..<32: control()
      default: text()
      }
    }
    flush()
    return output
  }

  // MARK: What comes

  private mutating func text() {
    flush()
    while place < input.count, input[place] >= 32 {
      let byte = input[place]
      output.append(byte)
      // Continuations of a character take no column; characters beyond U+07FF may take two.
      if byte < 0x80 || byte >= 0xC0 { column += byte >= 0xE0 ? 2 : 1 }
      place += 1
    }
    if column > size.width - 8 { row = nil }
  }

  private mutating func control() {
    flush()
    output.append(input[place])
    // A line feed may scroll.
    if input[place] != 8 { row = nil }
    place += 1
  }

  private mutating func escape() {
    let rest = input[place...]
    if rest.starts(with: [27, UInt8(ascii: "("), UInt8(ascii: "B")]) {
      // Nothing else was ever chosen.
      place += 3
      return
    }
    guard rest.count > 2, rest[place + 1] == UInt8(ascii: "["),
      let end = rest.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }),
      let numbers = Self.numbers(rest[(place + 2)..<end])
    else {
      passUnknown()
      return
    }
    let start = place
    place = end + 1
    take(numbers, final: input[end], from: start)
  }

  /// A sequence that isn't understood, up to its end as far as that is known.
  private mutating func passUnknown() {
    flush()
    row = nil
    output.append(input[place])
    place += 1
    // Its parameters must not be taken for text that moves the cursor.
    while place < input.count, input[place] >= 32 {
      output.append(input[place])
      place += 1
    }
  }

  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    if bytes.isEmpty { return [] }
    var numbers = [0]
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ";"): numbers.append(0)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        numbers[numbers.count - 1] = min(numbers[numbers.count - 1] * 10 + Int(byte) - 48, 99_999)
      default: return nil
      }
    }
    return numbers
  }

  private mutating func take(_ numbers: [Int], final: UInt8, from start: Int) {
    let first = max(1, numbers.first ?? 1)
    switch Character(Unicode.Scalar(final)) {
    case "m" where pen.take(numbers): return
    case "H": target = (first, numbers.count > 1 ? max(1, numbers[1]) : 1)
    case "d": target.row = first
    case "G": target.column = first
    case "C", "D", "K", "X", "P", "@":
      flush()
      output += input[start..<place]
      if final == UInt8(ascii: "C") { column += first }
    case "r":
      flush()
      output += input[start..<place]
      isWholeScreen = numbers.isEmpty || numbers == [1, size.height]
      row = nil
    default:
      flush()
      output += input[start..<place]
      row = nil
    }
  }

  // MARK: What goes out

  private mutating func flush() {
    move()
    if let sequence = pen.sequence() { output += sequence.utf8 }
  }

  private mutating func move() {
    defer { target = (nil, nil) }
    if target.row != nil && target.row == row { target.row = nil }
    switch (target.row, target.column) {
    case (nil, nil): return
    case (nil, 1?): output.append(13)
    case (nil, let column?): output += "\u{1B}[\(column)G".utf8
    case (let row?, nil): output += "\u{1B}[\(row)d".utf8
    case (let row?, 1?):
      // A line feed scrolls at the end of the screen or of the rows that are being scrolled.
      let isNext = self.row.map { $0 + 1 == row && isWholeScreen && row <= size.height } ?? false
      output += (isNext ? "\r\n" : "\u{1B}[\(row)H").utf8
    case (let row?, let column?): output += "\u{1B}[\(row);\(column)H".utf8
    }
    row = target.row ?? row
    column = target.column ?? column
  }
}

/// Attributes and colours that are chosen but not yet said.
private struct Pen {
  private var isReset = false
  private var attributes: [Int] = []
  private var foreground: [Int] = []
  private var background: [Int] = []

  /// Whether the parameters of a sequence (SGR) were understood, all of them.
  mutating func take(_ numbers: [Int]) -> Bool {
    var new = self
    var rest = (numbers.isEmpty ? [0] : numbers)[...]
    while let number = rest.first {
      var length = 1
      switch number {
      case 0:
        new = Pen()
        new.isReset = true
      case 1...9, 21...29: new.attributes.append(number)
      case 30...37, 39, 90...97: new.foreground = [number]
      case 40...47, 49, 100...107: new.background = [number]
      case 38, 48:
        length = rest.dropFirst().first == 5 ? 3 : rest.dropFirst().first == 2 ? 5 : .max
        guard rest.count >= length else { return false }
        let color = Array(rest.prefix(length))
        if number == 38 { new.foreground = color } else { new.background = color }
      default: return false
      }
      rest = rest.dropFirst(length)
    }
    self = new
    return true
  }

  /// What is to be said, once.
  mutating func sequence() -> String? {
    defer { self = Pen() }
    // After a reset there is nothing to be taken back.
    let front = isReset && foreground == [39] ? [] : foreground
    let back = isReset && background == [49] ? [] : background
    let numbers = attributes + front + back
    if numbers.isEmpty { return isReset ? "\u{1B}[m" : nil }
    return "\u{1B}[" + ((isReset ? [0] : []) + numbers).map(String.init).joined(separator: ";") + "m"
  }
}
