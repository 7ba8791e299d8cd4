import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs a program of the person's choice on a file.
enum ExternalProgram {
  /// How a program ended.
  enum Ending: Equatable, Sendable {
    case fine
    /// With an error, or by a signal.
    case failed
    /// There is no such program, or it can't be run.
    case notRun
  }

  /// Gives the terminal to a program, and waits for it. The command may hold arguments, so a shell takes it apart.
  static func run(_ command: String, on path: String) -> Ending {
    withKeysForChild { attributes in
      guard let process = start("exec \(command) \"$1\"", on: path, attributes) else { return .notRun }
      return wait(for: process)
    }
  }

  /// Threads that wait for what the desktop's programs do in their own time.
  private static let waiting = DispatchQueue(label: "filmroom.desktop", attributes: .concurrent)

  /// Hands a file to the desktop, whose program shows it in a window of its own, apart from this terminal. `ended` is
  /// told how that went, which some desktops know only when the window is closed.
  static func openOnDesktop(_ path: String, ended: @escaping @Sendable (Ending) -> Void) {
    let process = withAttributes([SIGINT, SIGQUIT, SIGPIPE], POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP) {
      start("exec xdg-open \"$1\" >/dev/null 2>&1 </dev/null", on: path, $0)
    }
    guard let process else { return ended(.notRun) }
    waiting.async { ended(wait(for: process)) }
  }

  /// Whether the shell would find a program.
  static func isThere(_ name: String, environment: [String: String]) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private static func start(
    _ script: String, on path: String, _ attributes: UnsafePointer<posix_spawnattr_t>
  ) -> pid_t? {
    var arguments: [UnsafeMutablePointer<CChar>?] = []
    for argument in ["sh", "-c", script, "sh", path] { arguments.append(strdup(argument)) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var files = ChildFiles.standardOnly()
    defer { posix_spawn_file_actions_destroy(&files) }
    var process = pid_t()
    return posix_spawn(&process, "/bin/sh", &files, attributes, arguments, environ) == 0 ? process : nil
  }

  private static func wait(for process: pid_t) -> Ending {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return .failed } }
    if status == 0 { return .fine }
    // The shell's own: it did not find the program, or could not run it.
    let isExit = status & 0x7f == 0
    return isExit && [126, 127].contains(status >> 8 & 0xff) ? .notRun : .failed
  }

  /// While another program has the terminal, its interrupt and quit keys are that program's alone.
  private static func withKeysForChild(_ body: (UnsafePointer<posix_spawnattr_t>) -> Ending) -> Ending {
    let keys = [SIGINT, SIGQUIT]
    var ignoring = sigaction()
    ignoring.__sigaction_handler.sa_handler = SIG_IGN
    var before = keys.map { _ in sigaction() }
    for (index, key) in keys.enumerated() { sigaction(key, &ignoring, &before[index]) }
    defer { for (index, key) in keys.enumerated() { sigaction(key, &before[index], nil) } }
    return withAttributes(keys + [SIGPIPE], POSIX_SPAWN_SETSIGDEF, body)
  }

  /// These signals do to the program what they usually do.
  private static func withAttributes<Value>(
    _ signals: [Int32], _ flags: Int32, _ body: (UnsafePointer<posix_spawnattr_t>) -> Value
  ) -> Value {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in signals { sigaddset(&usual, signal) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return body(&attributes)
  }
}
