#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs a program of the person's choice on a file, and waits for it.
enum ExternalProgram {
  /// The command may hold arguments, so a shell takes it apart. False: it could not be run, or ended with an error.
  static func run(_ command: String, on path: String) -> Bool {
    let words = ["sh", "-c", "exec \(command) \"$1\"", "sh", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    return withKeysForChild { attributes in
      var process = pid_t()
      guard posix_spawn(&process, "/bin/sh", nil, attributes, arguments, environ) == 0 else { return false }
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 { if errno != EINTR { return false } }
      return status == 0
    }
  }

  /// While another program has the terminal, its interrupt and quit keys are that program's alone.
  private static func withKeysForChild(
    _ body: (UnsafePointer<posix_spawnattr_t>) -> Bool
  ) -> Bool {
    let keys = [SIGINT, SIGQUIT]
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var usual = sigset_t()
    sigemptyset(&usual)
    for key in keys { sigaddset(&usual, key) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var ignoring = sigaction()
    ignoring.__sigaction_handler.sa_handler = SIG_IGN
    var before = keys.map { _ in sigaction() }
    for (index, key) in keys.enumerated() { sigaction(key, &ignoring, &before[index]) }
    defer {
      for (index, key) in keys.enumerated() { sigaction(key, &before[index], nil) }
      posix_spawnattr_destroy(&attributes)
    }
    return body(&attributes)
  }

  /// Hands a file to the desktop, whose program shows it in a window of its own, in its own time.
  static func openOnDesktop(_ path: String) -> Bool {
    run("sh -c 'xdg-open \"$1\" >/dev/null 2>&1 </dev/null &' sh", on: path)
  }

  /// Whether the shell would find a program.
  static func isThere(_ name: String, environment: [String: String]) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}
