import CLinux
import Foundation
import Glibc
import Synchronization

/// A program that a test started: the real `filmroom`, or a client.
///
/// Its output goes to a file, so that a child of its own that lives on (tmux's server) keeps nothing waiting.
public final class RunningProgram: Sendable {
  public let processID: pid_t
  private let outputPath: String
  private let status = Mutex<Int32?>(nil)

  /// The real program: the one built beside the tests, or another build that `FILMROOM_TEST_PROGRAM` names.
  public static let filmroom =
    ProcessInfo.processInfo.environment["FILMROOM_TEST_PROGRAM"] ?? builtBeside + "/filmroom"

  /// What writes down, or prevents, what a program does to its files.
  public static let tracer = builtBeside + "/libPowerCutTrace.so"

  private static let builtBeside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .path

  /// - Parameter program: a path, or a name that is looked for in Debian's folder of programs.
  public init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    outputPath = NSTemporaryDirectory() + "filmroom-output-\(UUID().uuidString)"
    let path = program.hasPrefix("/") ? program : "/usr/bin/" + program
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    processID = try Self.spawn(
      [path] + arguments, variables.map { "\($0.key)=\($0.value)" }, output: outputPath)
  }

  deinit {
    if poll() == nil {
      kill(processID, SIGKILL)
      var status: Int32 = 0
      waitpid(processID, &status, 0)
    }
    unlink(outputPath)
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], output: String
  ) throws -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&files, 1, 2)
    // Else it would keep other tests' connections open.
    filmroom_close_rest_in_child(&files)
    // A process group and signals of its own, whatever the test runner has blocked.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var words = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for word in words + variables { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, arguments[0], &files, &attributes, &words, &variables)
    if code != 0 { throw TestFailure("can't start \(arguments[0]): \(String(cString: strerror(code)))") }
    return process
  }

  /// Everything that it has printed so far.
  public var output: String {
    String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: outputPath))) ?? Data(), as: UTF8.self)
  }

  public func signal(_ number: Int32) { kill(processID, number) }

  /// Its exit status, minus the signal that ended it; nil while it runs.
  private func poll() -> Int32? {
    status.withLock { known in
      if known == nil {
        var word: Int32 = 0
        if waitpid(processID, &word, WNOHANG) == processID {
          known = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
        }
      }
      return known
    }
  }

  /// Its exit status; nil when it does not end in time.
  public func exitStatus(within seconds: Double = 300) async -> Int32? {
    _ = await eventually(within: seconds) { self.poll() != nil }
    return poll()
  }

  /// Its exit status, waited for on the calling thread.
  public func waitForEnd() -> Int32? {
    status.withLock { known in
      var word: Int32 = 0
      if known == nil, waitpid(processID, &word, 0) == processID { known = word >> 8 & 0xFF }
      return known
    }
  }

  /// Starts a program and waits for its end.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    within seconds: Double = 300
  ) async throws -> (status: Int32?, output: String) {
    let running = try RunningProgram(program, arguments, environment: environment)
    let status = await running.exitStatus(within: seconds)
    return (status, running.output)
  }

  /// The port that a `filmroom serve --dicom-port 0` says it listens on.
  public func dicomPort() async throws -> String {
    let found = await eventually { self.output.contains(" on port ") || self.poll() != nil }
    guard found, let line = output.split(separator: "\n").first(where: { $0.contains(" on port ") }) else {
      throw TestFailure("no listener: \(output)")
    }
    return String(line.split(separator: " ").last ?? "")
  }

  /// The port that a `filmroom serve --http-port 0` says it serves HTTP on.
  public func httpPort() async throws -> String {
    let mark = "HTTP server on port "
    let found = await eventually { self.output.contains(mark) || self.poll() != nil }
    guard found, let line = output.split(separator: "\n").first(where: { $0.contains(mark) }) else {
      throw TestFailure("no HTTP server: \(output)")
    }
    return String(line.split(separator: " ").last ?? "")
  }

  /// The most memory that it has held so far, in bytes.
  public func peakMemory() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let size = Int(line.filter(\.isNumber))
    else { throw TestFailure("no VmHWM of process \(processID)") }
    return size * 1024
  }
}

/// Why a test can't go on.
public struct TestFailure: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
