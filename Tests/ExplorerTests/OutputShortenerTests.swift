import Testing

@testable import Explorer

/// The shorter output leaves the same screen, cursor and pen.
@Suite struct OutputShortenerTests {
  private let size = Size(60, 12)

  private func shortened(_ text: String) -> String? {
    guard var shortener = OutputShortener(Array(text.utf8), size: size) else { return nil }
    return String(decoding: shortener.shorten(), as: UTF8.self)
  }

  @Test(arguments: [
    // Within a row its column is enough, at its beginning a carriage return, in the next one a line feed more.
    ("\u{1B}[5;3Ha\u{1B}[5;30Hb", "\u{1B}[5;3Ha\u{1B}[30Gb"),
    ("\u{1B}[5;3Ha\u{1B}[5;1Hb", "\u{1B}[5;3Ha\rb"),
    ("\u{1B}[5;3Ha\u{1B}[6;1Hb", "\u{1B}[5;3Ha\r\nb"),
    ("\r\u{1B}[7da", "\u{1B}[7Ha"),
    ("\u{1B}[5;3Ha\u{1B}[3X\u{1B}[5;6Hb", "\u{1B}[5;3Ha\u{1B}[3X\u{1B}[6Gb"),
    // A row that is full may or may not have led to the next one.
    ("\u{1B}[5;58Habc\u{1B}[5;1Hd", "\u{1B}[5;58Habc\u{1B}[5Hd"),
    ("\u{1B}[5da\u{1B}[5;9Hb", "\u{1B}[5da\u{1B}[5;9Hb"),
    // A line feed would scroll here.
    ("\u{1B}[11;3Ha\u{1B}[12;1Hb", "\u{1B}[11;3Ha\r\nb"),
    ("\u{1B}[4;8r\u{1B}[8;3Ha\u{1B}[9;1Hb", "\u{1B}[4;8r\u{1B}[8;3Ha\u{1B}[9Hb"),
    // What nothing is written in is not said.
    ("\u{1B}[39m\u{1B}(B\u{1B}[ma", "\u{1B}[ma"),
    ("\u{1B}[39;49m\u{1B}[38;5;243ma", "\u{1B}[38;5;243;49ma"),
    ("\u{1B}[38;5;231m\u{1B}[48;5;24ma\u{1B}[m\u{F}", "\u{1B}[38;5;231;48;5;24ma\u{1B}[m"),
    ("\u{1B}[m\u{1B}(B\u{1B}[0;1ma", "\u{1B}[0;1ma"),
    ("\u{1B}[m\u{1B}[3;5H\u{1B}[31ma", "\u{1B}[3;5H\u{1B}[0;31ma"),
    // What is not known goes through.
    ("a\u{1B}[?25lb\u{1B}]0;t\u{7}c", "a\u{1B}[?25lb\u{1B}]0;t\u{7}c"),
    ("\u{1B}[38:5:24ma", "\u{1B}[38:5:24ma"), ("\u{1B}[1m\u{1B}[38;9ma", "\u{1B}[1m\u{1B}[38;9ma"),
  ]) func saysItInFewerBytes(long: String, short: String) {
    #expect(shortened(long) == short)
  }

  @Test func otherCharacterSetsAreLeftAlone() {
    #expect(shortened("\u{1B}(0qqq\u{1B}(B") == nil)
    #expect(shortened("\u{E}qqq\u{F}") == nil)
  }

  @Test(arguments: 0..<300) func leavesTheSameScreen(seed: Int) {
    var generator = Numbers(state: UInt64(seed))
    var long = TinyTerminal(size)
    var short = TinyTerminal(size)
    for _ in 0..<3 {
      var output: [UInt8] = []
      for _ in 0..<60 {
        let piece = Array(piece(at: Point(long.x, long.y), &generator).utf8)
        output += piece
        long.feed(piece)
      }
      var shortener = OutputShortener(output, size: size)
      let less = shortener?.shorten() ?? []
      #expect(less.count < output.count)
      short.feed(less)
      #expect(short.rows == long.rows)
      #expect(short.x == long.x && short.y == long.y && short.pen == long.pen)
    }
  }

  /// Something that ncurses might say with the cursor at a place.
  private func piece(at cursor: Point, _ numbers: inout Numbers) -> String {
    let (x, y) = (1 + numbers.below(size.width), 1 + numbers.below(size.height))
    let move = "\u{1B}[\(y);\(x)H"
    // ncurses doesn't know where the cursor is after it has filled a row.
    if cursor.x >= size.width { return move }
    let room = size.width - cursor.x
    switch numbers.below(16) {
    case 0...3:
      let letters = ["a", "b", " ", "é", room > 1 ? "山" : "c"]
      let text = (0..<numbers.below(30)).map { _ in letters[numbers.below(5)] }.joined()
      return DisplayWidth.of(text) <= room ? text : String(text.prefix(room / 2))
    case 4, 5: return move
    case 6: return "\u{1B}[\(cursor.y + 1);\(x)H"
    case 7: return cursor.y + 2 <= size.height ? "\u{1B}[\(cursor.y + 2);1H" : "\r"
    case 8: return ["\r", "\n", "\u{1B}[\(y)d", "\r\u{1B}[\(y)d", "\u{1B}[\(x)G"][numbers.below(5)]
    case 9: return ["\u{1B}[K", "\u{1B}[\(1 + numbers.below(room))X", "\u{1B}[2C"][numbers.below(3)]
    case 10: return "\u{1B}[3;9r\u{1B}[9;1H\n\u{1B}[1;\(size.height)r" + move
    case 11: return ["\u{1B}(B\u{1B}[m", "\u{1B}[39;49m", "\u{1B}[39m\u{1B}(B\u{1B}[m"][numbers.below(3)]
    default:
      return ["\u{1B}[1m", "\u{1B}[0;1;4m", "\u{1B}[38;5;243m", "\u{1B}[48;5;24m", "\u{1B}[31m"][
        numbers.below(5)]
    }
  }

  /// The same ones for the same seed.
  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }
}
