import Foundation
import Synchronization
import TestSupport

/// A program that a test started: the real `filmroom`, or a client.
final class RunningProgram: @unchecked Sendable {
  // `Process` is not Sendable; it is only asked for its state and its number here.
  private let process = Process()
  private let text = Mutex("")

  /// The real program, built beside the tests.
  static let filmroom =
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/filmroom"

  /// - Parameter program: a path, or a name that is looked for in PATH.
  init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program.hasPrefix("/") ? program : "/usr/bin/" + program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    output.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      self?.text.withLock { $0 += String(decoding: data, as: UTF8.self) }
    }
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// Everything that it has printed so far.
  var output: String { text.withLock { $0 } }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Its exit status; nil when it does not end in time.
  func exitStatus(within seconds: Double = 60) async -> Int32? {
    let process = process
    guard await eventually(within: seconds, { !process.isRunning }) else { return nil }
    return process.terminationStatus
  }

  /// Starts a program and waits for its end.
  static func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32?, output: String) {
    let running = try RunningProgram(program, arguments)
    let status = await running.exitStatus()
    // The last of the output may come after the end.
    _ = await eventually(within: 0.2) { false }
    return (status, running.output)
  }

  /// The port that a `filmroom serve --dicom-port 0` says it listens on.
  func dicomPort() async throws -> String {
    let found = await eventually { self.output.contains(" on port ") }
    guard found, let line = output.split(separator: "\n").first(where: { $0.contains(" on port ") }) else {
      throw TestFailure("no listener: \(output)")
    }
    return String(line.split(separator: " ").last ?? "")
  }
}

struct TestFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
