import DICOM
import Foundation
import Store
import Testing

@testable import Explorer

@Suite struct WidthTests {
  @Test func widths() {
    #expect(DisplayWidth.of("a") == 1)
    #expect(DisplayWidth.of("山田") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("ｱ") == 1)
    #expect(DisplayWidth.of("한글") == 4)
    #expect(DisplayWidth.of("😀") == 2)
    #expect(DisplayWidth.of("a\u{200B}b") == 2)
    #expect(DisplayWidth.of("Ω") == 1)
  }

  @Test func clippingNeverHalvesAWideCharacter() {
    var grid = Grid(size: Size(8, 1))
    let used = grid.put("山田太郎", x: 0, y: 0, width: 6)
    #expect(used <= 6)
    #expect(grid.text == "山田…")
    var edge = Grid(size: Size(3, 1))
    edge.put("山田", x: 0, y: 0)
    #expect(edge.text == "山…")
  }

  @Test func windowsOverWideCharactersLeaveNoHalves() {
    var grid = Grid(size: Size(8, 1))
    grid.put("山田太郎", x: 0, y: 0)
    grid.clear(Rectangle(x: 1, y: 0, width: 4, height: 1))
    #expect(grid.text == "      郎")
    for x in 0..<8 where grid[x, 0].isTail { #expect(x == 7) }
  }

  @Test func combiningMarksStayOnTheirLetter() {
    var grid = Grid(size: Size(4, 1))
    grid.put("e\u{301}x", x: 0, y: 0)
    #expect(grid[0, 0].firstMark == 0x301)
    #expect(grid.text == "e\u{301}x")
  }
}

@Suite struct HostileTextTests {
  @Test(arguments: [
    ("\u{1B}[2J", "␛[2J"), ("a\nb", "a␊b"), ("\u{9B}31m", "\u{FFFD}31m"), ("x\u{202E}y", "x\u{FFFD}y"),
    ("\u{2066}z\u{2069}", "\u{FFFD}z\u{FFFD}"), ("a\u{200B}b", "ab"), ("\u{7F}", "␡"),
    ("\u{E0041}", "\u{FFFD}"),
  ])
  func foreignTextIsHarmless(_ text: String, _ shown: String) {
    #expect(VisibleText.string(text) == shown)
  }

  @Test func nothingDangerousReachesACell() async {
    let story = await Story(studies: 0)
    var person = Synthetic.people[0]
    person.name = "\u{1B}]0;evil\u{07}^\u{202E}\u{9D}\r\n"
    story.archive.add([
      Synthetic.study(
        1, of: person, kind: ("C\u{1B}[m", "\u{1B}[31m\u{8}"), date: "\u{1B}c", received: 0,
        labels: ["\u{1B}"])
    ])
    await story.act(.refresh)
    for keys in [
      [Key.enter], [.escape], [.character("l")], [.escape], [.character("d")], [.escape], [.character("p")],
    ] {
      for key in keys { await story.press(key) }
      for cell in story.screen.cells {
        for value in [cell.scalar, cell.firstMark, cell.secondMark] where value != 0 {
          #expect(value >= 0x20 && !(0x7F...0x9F).contains(value) && !(0x202A...0x202E).contains(value))
        }
      }
    }
  }
}

@Suite struct ThemeTests {
  @Test func noColorIsRespected() {
    #expect(ColorDepth(colors: 256, environment: ["NO_COLOR": "1"]) == .none)
    #expect(ColorDepth(colors: 256, environment: ["NO_COLOR": ""]) == .many)
    #expect(ColorDepth(colors: 16, environment: [:]) == .sixteen)
    #expect(ColorDepth(colors: 8, environment: [:]) == .eight)
    #expect(ColorDepth(colors: 0, environment: [:]) == .none)
  }

  @Test func monochromeHasNoColours() {
    let theme = Theme(depth: .none)
    for role in Role.allCases {
      for isCursor in [false, true] {
        let look = theme.look(of: Style(role, isCursor: isCursor))
        #expect(look.foreground == -1 && look.background == -1)
        #expect(look.isReversed == isCursor)
      }
    }
  }

  @Test(arguments: ColorDepth.allCases)
  func theCursorIsAlwaysVisible(_ depth: ColorDepth) {
    let theme = Theme(depth: depth)
    for role in Role.allCases {
      #expect(theme.look(of: Style(role)) != theme.look(of: Style(role, isCursor: true)))
    }
  }

  @Test func coloursFitTheDepth() {
    for (depth, limit) in [(ColorDepth.eight, 8), (.sixteen, 16), (.many, 256)] {
      for role in Role.allCases {
        for isCursor in [false, true] {
          let look = Theme(depth: depth).look(of: Style(role, isCursor: isCursor))
          #expect(look.foreground < limit && look.background < limit)
          #expect(look.foreground != look.background || look.foreground == -1)
        }
      }
    }
  }
}

@Suite struct ExternalProgramTests {
  /// Else a desktop's program would keep the connections of peers open, and the port for whoever starts next.
  @Test func otherProgramsGetNoFileOfOurs() {
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    let check = "sh -c 'test ! -e /proc/self/fd/\(file)'"
    #expect(ExternalProgram.run(check, on: "/dev/null") == .fine)
  }
}

@Suite struct TextTests {
  @Test func names() {
    #expect(PersonNameText.display("DOE^JANE") == "DOE, JANE")
    #expect(PersonNameText.display("DOE") == "DOE")
    for untidy in [" DOE^JANE", "DOE ^JANE", "DOE^ JANE", "DOE^JANE ", "DOE^JANE^", "DOE^JANE=="] {
      #expect(PersonNameText.display(untidy) == "DOE, JANE", "\(untidy)")
    }
    #expect(PersonNameText.display("DOE^") == "DOE" && PersonNameText.display("^JANE") == "JANE")
    #expect(PersonNameText.display("VAN DER BERG^ANNE MARIE") == "VAN DER BERG, ANNE MARIE")
    #expect(PersonNameText.display("YAMADA^TARO=山田^太郎=やまだ^たろう") == "YAMADA, TARO 山田,太郎")
    #expect(PersonNameText.display("=山田^太郎") == "山田,太郎")
    #expect(PersonNameText.display("DOE^JANE^M^DR^MD") == "DR DOE, JANE M, MD")
    #expect(PersonNameText.display("") == "")
    #expect(PersonNameText.display("===") == "" && PersonNameText.display("^^^DR") == "DR")
    #expect(PersonNameText.display("A^B^C^D^E^F=G=H=I=J") == "D A, B C, E G")
    #expect(PersonNameText.display("Müller^ Jörg =  山田 ^太郎") == "Müller, Jörg 山田,太郎")
    #expect(PersonNameText.display("=DOE^JANE=DOE^JANE") == "DOE, JANE")
    let name = "YAMADA^TARO=山田^太郎=やまだ^たろう"
    PersonNameText.$first.withValue(.ideographic) {
      #expect(PersonNameText.display(name) == "山田,太郎 YAMADA, TARO")
      #expect(PersonNameText.display("DOE^JANE") == "DOE, JANE")
    }
    PersonNameText.$first.withValue(.phonetic) {
      #expect(PersonNameText.display(name) == "やまだ,たろう YAMADA, TARO")
    }
  }

  @Test func numbers() {
    #expect(NumberText.count(1_204_000) == "1,204,000")
    #expect(NumberText.count(1, "study", "studies") == "1 study")
    #expect(NumberText.size(0) == "0 bytes")
    #expect(NumberText.size(999) == "999 bytes")
    #expect(NumberText.size(84_000) == "84 kB")
    #expect(NumberText.size(999_700) == "1 MB")
    #expect(NumberText.size(41_200_000_000) == "41.2 GB")
    #expect(NumberText.size(268_400_000) == "268.4 MB")
  }

  @Test func times() {
    #expect(TimeText.date("20240302") == "2024-03-02")
    #expect(TimeText.date("2024.03.02") == "2024-03-02")
    #expect(TimeText.date("soon") == "soon")
    #expect(TimeText.time("091455.120") == "09:14")
    #expect(TimeText.full(Story.now, .fixed(0)) == "2024-03-02 11:00:00")
    #expect(TimeText.full(Story.now, .fixed(-43_200)) == "2024-03-01 23:00:00")
    #expect(TimeText.day(0, .fixed(-1)) == "1969-12-31")
    #expect(TimeText.day(951_782_400, .fixed(0)) == "2000-02-29")
    #expect(TimeText.age(of: Story.now - 120, at: Story.now, .fixed(0)) == "2 min ago")
    #expect(TimeText.age(of: Story.now + 20, at: Story.now, .fixed(0)) == "just now")
    #expect(TimeText.age(of: Story.now - 86_400 * 3, at: Story.now, .fixed(0)) == "3 days ago")
  }

  @Test func base64() {
    #expect(Base64.encode(Array("Man".utf8)) == "TWFu")
    #expect(Base64.encode(Array("Ma".utf8)) == "TWE=")
    #expect(Base64.encode(Array("M".utf8)) == "TQ==")
    #expect(Base64.encode([]) == "")
  }
}

@Suite struct LayoutTests {
  @Test(arguments: ResourceLevel.allCases, [74, 75, 78, 80, 85, 100, 120, 160, 240])
  func columnsFitAndDoNotOverlap(_ level: ResourceLevel, _ width: Int) {
    let columns = ColumnLayout.place(level, width: width)
    var x = ColumnLayout.gutter
    for placed in columns {
      #expect(placed.x == x)
      #expect(placed.width >= placed.column.minimum)
      x += placed.width + ColumnLayout.gap
    }
    #expect(x - ColumnLayout.gap <= width)
  }

  @Test func tooSmallSaysSoAndRecovers() async {
    let story = await Story()
    await story.send(.input(.resize(Size(79, 24))))
    #expect(story.text.contains("Too small: 79×24, needs 80×24"))
    await story.press(.character("d"))
    #expect(story.state.dialog == nil)
    await story.send(.input(.resize(Size(80, 24))))
    #expect(story.row(3).contains("DOE, JANE"))
    for height in 0...30 {
      for width in [0, 1, 5, 79, 80, 300] {
        await story.send(.input(.resize(Size(width, height))))
        #expect(story.screen.cells.count == width * height)
      }
    }
  }

  @Test func everyScreenDrawsAtEverySize() async {
    let story = await Story(studies: 40)
    let ways: [[Key]] = [
      [], [.enter], [.enter], [.enter], [.character("x")], [.escape, .escape], [.character("2")],
      [.character("3")],
      [.character("9")], [.character("1"), .character("?")], [.escape, .character("l")],
      [.escape, .character("m")],
      [.escape, .character("d")], [.escape, .character("s")], [.escape, .tab],
    ]
    for way in ways {
      for key in way { await story.press(key) }
      for size in [Size(80, 24), Size(81, 25), Size(109, 30), Size(110, 24), Size(200, 60)] {
        await story.send(.input(.resize(size)))
        let hints = HintLine.hints(for: story.state)
        #expect((hints.last.map { $0.x + $0.width } ?? 0) <= size.width)
        #expect(!story.text.isEmpty)
      }
    }
  }

  @Test func atEightyColumnsThePaneTakesTheListsPlace() async {
    let story = await Story(width: 80, height: 24)
    // Labels have no column here: they stand behind the description.
    #expect(!story.text.contains("LABELS") && story.text.contains(" resea…"))
    await story.press(.tab)
    #expect(story.text.contains("LABELS"))
    #expect(!story.text.contains("DESCRIPTION"))
    await story.press(.escape)
    #expect(story.text.contains("DESCRIPTION"))
  }
}

@Suite struct ActionTableTests {
  @Test func noKeyMeansTwoThingsInOnePlace() {
    for context in Context.allCases {
      var seen: [Key: ActionID] = [:]
      for action in ActionTable.actions(in: context) {
        for key in action.keys {
          if let other = seen[key] { Issue.record("\(key.name) is \(other) and \(action.id) in \(context)") }
          seen[key] = action.id
        }
      }
    }
  }

  @Test func everyActionIsInTheTable() {
    let known = Set(ActionTable.all.map(\.id))
    for id in ActionID.allCases { #expect(known.contains(id), "\(id)") }
  }

  @Test func commandsAreUnique() {
    let names = CommandNames.names.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func escapeNeverQuits() {
    for context in Context.allCases {
      #expect(ActionTable.action(for: .escape, in: context)?.id != .quit)
    }
  }

  @Test func textFieldKnowsTheUsualKeys() {
    var field = TextField("one two")
    func press(_ key: Key) -> Bool { field.handle(key) }
    #expect(press(.control("w")))
    #expect(field.text == "one ")
    #expect(press(.home))
    #expect(press(.character("x")))
    #expect(field.text == "xone ")
    #expect(press(.control("k")))
    #expect(field.text == "x")
    #expect(!press(.up))
  }
}

@Suite struct PreflightTests {
  private func problem(_ term: String?, input: Bool = true, output: Bool = true, known: Int32 = 1)
    -> ExplorerStartError?
  {
    do {
      try Preflight.check(
        term: term, isInputTerminal: input, isOutputTerminal: output, isKnown: { _ in known })
      return nil
    } catch { return error }
  }

  @Test func eachProblemSaysWhatToDo() {
    #expect(problem("xterm") == nil)
    #expect(problem("xterm", input: false)?.code == .notATerminal)
    #expect(problem("xterm", output: false)?.code == .notATerminal)
    #expect(problem(nil)?.code == .termNotSet)
    #expect(problem("dumb")?.code == .terminalTooSimple)
    #expect(problem("glass", known: 0)?.code == .terminalTooSimple)
    #expect(problem("glass", known: -1)?.code == .terminalUnknown)
    for case let error? in [
      problem("xterm", input: false), problem(nil), problem("dumb"), problem("glass", known: -1),
    ] {
      #expect(error.message.contains("filmroom serve"))
    }
  }
}
