import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why the explorer can't start, in a sentence that says what to do.
public struct ExplorerStartError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Equatable, Sendable, CaseIterable {
    case notATerminal
    case termNotSet
    case terminalUnknown
    case terminalTooSimple
    case startFailed
  }

  public var code: Code
  public var message: String

  public var description: String { message }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

enum Preflight {
  private static let headless = "On a machine without a terminal use: filmroom serve"

  /// Throws when the explorer can't run on this terminal.
  static func check(
    term: String?, isInputTerminal: Bool, isOutputTerminal: Bool, isKnown: (String) -> Int32
  ) throws(ExplorerStartError) {
    guard isInputTerminal && isOutputTerminal else {
      let which = isInputTerminal ? "Standard output" : "Standard input"
      throw ExplorerStartError(.notATerminal, "\(which) is not a terminal. \(headless)")
    }
    guard let term, !term.isEmpty else {
      throw ExplorerStartError(
        .termNotSet,
        "TERM is not set, so the terminal's kind is unknown. Try: TERM=xterm filmroom. \(headless)")
    }
    if term == "dumb" {
      throw ExplorerStartError(
        .terminalTooSimple, "A dumb terminal (TERM=dumb) can't show the explorer. \(headless)")
    }
    switch isKnown(term) {
    case 1: return
    case 0:
      throw ExplorerStartError(
        .terminalTooSimple, "The terminal “\(VisibleText.string(term))” can't move its cursor. \(headless)")
    default:
      throw ExplorerStartError(
        .terminalUnknown,
        "This machine does not know the terminal “\(VisibleText.string(term))”. Install ncurses-term, or try: "
          + "TERM=xterm-256color filmroom. \(headless)")
    }
  }

  static func check() throws(ExplorerStartError) {
    try check(
      term: getenv("TERM").map { String(cString: $0) }, isInputTerminal: isatty(0) == 1,
      isOutputTerminal: isatty(1) == 1, isKnown: { cn_terminal_is_known($0) })
  }
}
