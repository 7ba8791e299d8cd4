#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The explorer.
public enum Explorer {
  /// Whether this terminal can show it. Call before anything is started.
  public static func checkTerminal() throws(ExplorerStartError) { try Preflight.check() }

  /// Shows the explorer until the person quits or the terminal goes away. To be called on the main thread, which
  /// it keeps; everything else goes on meanwhile on other threads.
  public static func run(services: ExplorerServices) throws -> ExplorerExit {
    try Preflight.check()
    UIExecutor.shared.adoptCurrentThread()
    let signals = TerminalSignals.watch()
    defer { TerminalSignals.unwatch() }
    let session = try UI.assumeIsolated {
      let settings = services.settings
      let terminal = NcursesTerminal(environment: settings.environment, usesMouse: settings.usesMouse)
      try terminal.start()
      return ExplorerSession(services: services, terminal: terminal, clock: { Int64(time(nil)) })
    }
    return loop(session, input: 0, signals: signals)
  }

  /// Polls the terminal, the signals and the jobs of others. Everything that is there is taken in before one
  /// painting.
  static func loop(_ session: ExplorerSession, input: Int32, signals: Int32) -> ExplorerExit {
    UI.assumeIsolated { session.start() }
    var sources = [input, UIExecutor.shared.wakeUp, signals].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while true {
      let patience = UI.assumeIsolated { session.patience }
      let count = poll(&sources, nfds_t(sources.count), patience)
      let isInterrupted = count < 0
      let found = sources.map { isInterrupted ? 0 : Int32($0.revents) }
      let exit = UI.assumeIsolated { () -> ExplorerExit? in
        if found[2] != 0 { take(signals, session) }
        if found[0] & POLLIN != 0 {
          session.readInput()
        } else if found[0] & (POLLHUP | POLLERR | POLLNVAL) != 0 {
          session.lose()
        }
        UIExecutor.shared.runJobs()
        session.checkClock()
        session.paint()
        return session.exit
      }
      guard let exit else { continue }
      UI.assumeIsolated { session.stop() }
      UIExecutor.shared.release()
      return exit
    }
  }

  @UI
  private static func take(_ signals: Int32, _ session: ExplorerSession) {
    for signal in TerminalSignals.read(from: signals) {
      switch signal {
      case .sizeChanged: session.sizeChanged()
      case .hangUp: session.lose()
      case .terminate: session.quit()
      // ^C at the keyboard; it asks when something is under way, a second one does not.
      case .interrupt: session.receive(.input(.key(.control("c"))))
      }
    }
  }
}
