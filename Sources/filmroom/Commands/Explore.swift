import ArgumentParser
import DICOM
import Explorer
import Foundation
import Logging
import Store

/// `filmroom`: the explorer and the services in one process.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Open the explorer and listen for DICOM (what filmroom does by default).")

  @OptionGroup var common: CommonOptions
  @OptionGroup var listening: ListenerOptions

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  /// This is the command for which none was named: a word here is a mistyped one.
  @Argument(help: .hidden)
  var words: [String] = []

  func validate() throws {
    guard let word = words.first else { return }
    throw ValidationError(
      "there is no command “\(word)”: commands are explore, serve, import, export, demo, verify, repair and "
        + "recover; filmroom --help explains them")
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let exit = try Failure.report { try explore() }
    if exit.reason == .terminalLost {
      // Nobody looks any more, but modalities still send.
      exit.services.logger.notice("the terminal is gone: going on without it")
      Self.detach()
      StopSignals().wait()
    }
    exit.services.stop()
    exit.services.controls.restartIfAsked()
  }

  private func explore() throws -> (reason: ExplorerExit, services: Services) {
    try Explorer.checkTerminal()
    let environment = ProcessInfo.processInfo.environment
    let settings = try Settings.load(
      configuration: common.config,
      overrides: Settings.Overrides(
        storage: common.storage, aeTitle: listening.aet, dicomPort: listening.dicomPort,
        httpPort: listening.httpPort),
      environment: environment)
    let log = LogStore(.file(settings.archive.storageFolder + "/filmroom.log"))
    let services = try Services(settings, log: log, logger: log.logger(level: .info))
    do {
      let reason = try Explorer.run(
        services: ExplorerServices(
          archive: services.archive, status: StatusSource(services), log: log,
          settings: ExplorerSettings(
            environment: environment, usesMouse: !noMouse, nameGroup: settings.nameGroup),
          jobs: services.jobs, remoteWrites: services.controls.trail,
          importFolder: { path, progress in
            let summary = try await Importer(archive: services.archive).summary(of: path) {
              progress(WorkProgress(done: $0.done, total: $0.files))
            }
            // Paths may carry names: the log gets the counts and the reasons.
            for line in summary.split(separator: "\n") where !line.hasPrefix("    /") {
              services.logger.notice("import: \(line)")
            }
            return summary
          },
          demoStudies: DemoStudies.studies,
          makeDemo: { progress in
            try await DemoStudies.write(to: services.archive) {
              progress(WorkProgress(done: $0, total: $1))
            }
          },
          explain: Self.explain))
      return (reason, services)
    } catch {
      services.stop()
      throw error
    }
  }

  /// What the dictionary says of a tag.
  @Sendable private static func explain(_ tag: Tag, _ creator: String?) -> TagExplanation? {
    if let creator, let entry = PrivateDictionary.entry(for: tag, creator: creator) {
      return TagExplanation(name: entry.name, keyword: "", vr: entry.vr.description, vm: entry.vm)
    }
    guard let entry = DataDictionary.entry(for: tag) else { return nil }
    return TagExplanation(
      name: entry.name, keyword: entry.keyword,
      vr: entry.alternatives.map(\.description).joined(separator: " or "), vm: entry.vm,
      isRetired: entry.isRetired)
  }

  /// Lets go of a terminal that is gone: writing to it would fail or, worse, reach whoever gets it next.
  private static func detach() {
    let null = open("/dev/null", O_RDWR)
    if null < 0 { return }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, descriptor) }
    if null > STDERR_FILENO { close(null) }
    signal(SIGHUP, SIG_IGN)
  }
}
