import ArgumentParser
import Dispatch
import Foundation
import Logging

/// `filmroom serve`: the services without the explorer.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the services without the explorer, for machines with no terminal.",
    discussion: """
      Logs to standard error. SIGTERM and SIGINT stop it in good order: instances under way are finished, and \
      whatever was answered with success is on the disk in any case.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var listening: ListenerOptions

  @Flag(name: .shortAndLong, help: "Log every association and instance.")
  var verbose = false

  func run() throws {
    let signals = StopSignals()
    let log = LogStore(.standardError)
    let services = try Failure.report {
      let settings = try Settings.load(
        configuration: common.config,
        overrides: Settings.Overrides(
          storage: common.storage, aeTitle: listening.aet, dicomPort: listening.dicomPort,
          httpPort: listening.httpPort),
        environment: ProcessInfo.processInfo.environment)
      return try Services(settings, log: log, logger: log.logger(level: verbose ? .debug : .info))
    }
    signals.wait()
    services.stop()
    services.controls.restartIfAsked()
  }
}
