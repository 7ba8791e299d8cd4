import Foundation

@testable import Explorer

/// A terminal that types what it is told and remembers what was drawn.
@UI
final class ScriptedTerminal: Terminal {
  var size: Size
  var isUTF8 = true
  let inputDescriptor: Int32? = nil
  var typed: [InputEvent] = []
  var drawn: [Grid] = []
  var copied: [String] = []
  var shown: [String] = []
  var isStopped = false
  var isAbandoned = false

  init(_ size: Size) { self.size = size }

  func start() {}
  func readEvents() -> [InputEvent] {
    defer { typed = [] }
    return typed
  }
  func updateSize() -> Size { size }
  func draw(_ grid: Grid, over previous: Grid?) { drawn.append(grid) }
  func invalidate() {}
  func copy(_ text: String) { copied.append(text) }
  func suspend() {}
  func edit(_ text: String, editor: String) -> String? { text + " edited" }
  func show(_ path: String, with program: String) -> ExternalProgram.Ending {
    shown.append(program + " " + ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "(nothing)"))
    return .fine
  }
  func stop() { isStopped = true }
  func abandon() { isAbandoned = true }
}
