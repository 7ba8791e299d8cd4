import Foundation
import TestSupport
import Testing

/// Whatever is painted for a step leaves the screen that painting everything does.
@Suite(.serialized) struct ScrollingTests {
  @Test(arguments: [(80, 24), (120, 34), (200, 50)])
  func scrolledScreensAreWhatAFullPaintingShows(columns: Int, lines: Int) async throws {
    let folder = try TemporaryFolder()
    let terminal = Terminal()
    try await terminal.start(
      "LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(folder.path)/storage --dicom-port 0; echo LEFT; exec sleep 60",
      columns: columns, lines: lines)
    #expect(try await terminal.shows("No studies yet"))
    try await terminal.press("D")
    #expect(try await terminal.shows("110 instances written"))
    try await terminal.press("/", "m", "o", "d", ":", "C", "T", "Enter")
    #expect(try await terminal.shows("1 study"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("Axial"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("60 instances"))
    // A new minute may change a time that is shown while one compares.
    var isSame = false
    for _ in 0..<3 where !isSame { isSame = try await scrollsRight(terminal, columns: columns, lines: lines) }
    #expect(isSame)
    try await terminal.press("q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
  }

  private func scrollsRight(_ terminal: Terminal, columns: Int, lines: Int) async throws -> Bool {
    let visible = lines - 5
    func isAt(_ row: Int) async throws -> Bool {
      try await eventually {
        let screen = try await terminal.screen()
        // The pane is complete when it has what hangs on the instance.
        return screen.contains("row \(row)\n") && (columns < 110 || screen.contains("ATTACHMENTS"))
      }
    }
    try await terminal.press("g")
    #expect(try await isAt(1))
    try await terminal.press("-N", "\(visible - 1)", "j")
    #expect(try await isAt(visible))
    for step in 1...3 {
      try await terminal.press("j")
      #expect(try await isAt(visible + step))
    }
    try await terminal.press("-N", "3", "j")
    #expect(try await isAt(visible + 6))
    guard try await isAsPaintedAnew(terminal) else { return false }
    try await terminal.press("-N", "\(visible - 1)", "k")
    #expect(try await isAt(7))
    for step in 1...3 {
      try await terminal.press("k")
      #expect(try await isAt(7 - step))
    }
    return try await isAsPaintedAnew(terminal)
  }

  /// Empties the terminal behind the program's back and has everything painted.
  private func isAsPaintedAnew(_ terminal: Terminal) async throws -> Bool {
    let painted = try await StyledScreen(terminal)
    try await terminal.press("-R")
    #expect(try await eventually { try await terminal.screen().allSatisfy(\.isWhitespace) })
    try await terminal.press("C-l")
    return try await eventually(within: 5) { try await StyledScreen(terminal) == painted }
  }
}

/// What stands on a screen and how it looks, of blanks only what can be seen.
private struct StyledScreen: Equatable {
  private struct Cell: Equatable {
    var text: Character
    var look: [Int: String]
  }

  private var rows: [[Cell]] = []

  init(_ terminal: Terminal) async throws {
    let text = try await terminal.tmux(["capture-pane", "-e", "-p"])
    var look: [Int: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var cells: [Cell] = []
      var rest = line[...]
      while let character = rest.popFirst() {
        guard character == "\u{1B}" else {
          let seen = character == " " ? look.filter { [4, 7, 48].contains($0.key) } : look
          cells.append(Cell(text: character, look: seen))
          continue
        }
        let end = rest.firstIndex(of: "m") ?? rest.endIndex
        Self.choose(rest[..<end].dropFirst(), &look)
        rest = rest[end...].dropFirst()
      }
      while let last = cells.last, last.text == " ", last.look.isEmpty { cells.removeLast() }
      rows.append(cells)
    }
  }

  private static func choose(_ parameters: Substring, _ look: inout [Int: String]) {
    let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
    switch numbers.first ?? 0 {
    case 0: look = [:]
    case 39, 49: look[numbers[0] - 1] = nil
    case 30...38, 90...97: look[38] = String(parameters)
    case 40...48, 100...107: look[48] = String(parameters)
    default: for number in numbers { look[number] = "" }
    }
  }
}
