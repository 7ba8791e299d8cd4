import Foundation
import TestSupport

/// A terminal that a test looks at: tmux, on a socket of its own.
struct Terminal {
  let socket = "filmroom-" + UUID().uuidString

  func tmux(_ arguments: [String]) async throws -> String {
    try await RunningProgram.run("tmux", ["-L", socket] + arguments).output
  }

  func start(_ command: String, columns: Int = 120, lines: Int = 36) async throws {
    let size = ["-x", "\(columns)", "-y", "\(lines)"]
    _ = try await tmux(["-f", "/dev/null", "new-session", "-d"] + size + [command])
  }

  func press(_ keys: String...) async throws { _ = try await tmux(["send-keys"] + keys) }

  /// Waits until the screen shows a text.
  func shows(_ text: String) async throws -> Bool {
    try await eventually { try await tmux(["capture-pane", "-p"]).contains(text) }
  }

  func screen() async throws -> String { try await tmux(["capture-pane", "-p"]) }

  func end() async throws { _ = try await tmux(["kill-server"]) }

  /// The port that an explorer listens on, from its log.
  static func dicomPort(_ storage: String) throws -> String {
    let log = try String(contentsOfFile: storage + "/filmroom.log", encoding: .utf8)
    guard let line = log.split(separator: "\n").first(where: { $0.contains(" on port ") }) else {
      throw TestFailure("no listener: \(log)")
    }
    return String(line.split(separator: " ").last ?? "")
  }
}
