import CLinux
import Foundation

/// Runs one command to its end, with some input and a time limit.
struct HookProcess {
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It took too long, or nobody wants its end any more.
    case stopped
    case notStarted(String)
  }

  var command: [String]
  var input: [UInt8]
  var seconds: Double

  /// So much of what it prints is kept, for the log.
  private static let keptOutput = 2000
  /// SETSID, which Glibc's module leaves out: no controlling terminal, and a process group of its own.
  private static let newSession: Int16 = 0x80
  /// Between being asked to end and being killed.
  private static let grace = 2.0

  /// Blocks. `isCancelled` is asked several times a second.
  func run(isCancelled: () -> Bool) -> (ending: Ending, output: String) {
    var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard filmroom_pipe(&toChild) == 0 else { return (.notStarted(Self.reason(errno)), "") }
    defer { close(toChild[0]) }
    guard filmroom_pipe(&fromChild) == 0 else {
      close(toChild[1])
      return (.notStarted(Self.reason(errno)), "")
    }
    defer { close(fromChild[0]) }
    _ = fcntl(fromChild[0], F_SETFL, O_NONBLOCK)
    // An event is shorter than what a pipe takes. We hold its other end: it can't break.
    _ = input.withUnsafeBytes { write(toChild[1], $0.baseAddress, $0.count) }
    close(toChild[1])
    let (process, code) = spawn(input: toChild[0], output: fromChild[1])
    close(fromChild[1])
    if code != 0 { return (.notStarted(Self.reason(code)), "") }
    var output: [UInt8] = []
    let ending = wait(for: process, output: fromChild[0], &output, isCancelled)
    Self.drain(fromChild[0], &output)
    return (ending, String(decoding: output, as: UTF8.self))
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  private func spawn(input: Int32, output: Int32) -> (pid_t, Int32) {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, input, 0)
    posix_spawn_file_actions_adddup2(&files, output, 1)
    posix_spawn_file_actions_adddup2(&files, output, 2)
    filmroom_close_rest_in_child(&files)
    // Signals as a shell would hand them on, whatever this process does with them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | Self.newSession)
    var words = command.map { strdup($0) } + [nil]
    var variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, command[0], &files, &attributes, &words, &variables)
    return (process, code)
  }

  private func wait(
    for process: pid_t, output: Int32, _ kept: inout [UInt8], _ isCancelled: () -> Bool
  ) -> Ending {
    let clock = ContinuousClock()
    var deadline = clock.now + .seconds(seconds)
    var isStopping = false
    var isOpen = true
    var patience: Int32 = 1
    while true {
      var word: Int32 = 0
      if waitpid(process, &word, WNOHANG) == process {
        if isStopping { return .stopped }
        return word & 0x7F == 0 ? .exited(word >> 8 & 0xFF) : .signalled(word & 0x7F)
      }
      if clock.now > deadline || !isStopping && isCancelled() {
        kill(-process, isStopping ? SIGKILL : SIGTERM)
        deadline = clock.now + .seconds(Self.grace)
        isStopping = true
      }
      if isOpen {
        var source = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        if poll(&source, 1, 50) > 0 { isOpen = Self.drain(output, &kept) }
      } else {
        // It has closed its output: most end at once.
        poll(nil, 0, patience)
        patience = min(50, patience * 2)
      }
    }
  }

  /// Reads what is there. False at its end.
  @discardableResult
  private static func drain(_ file: Int32, _ kept: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return count < 0 }
      kept += buffer[..<min(count, max(0, keptOutput - kept.count))]
    }
  }
}
