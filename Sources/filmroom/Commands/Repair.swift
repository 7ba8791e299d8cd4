import ArgumentParser
import Explorer
import Foundation
import Store
import Synchronization

/// `filmroom repair`: what can be mended from the files themselves.
struct Repair: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Mend what verify finds, as far as the files allow.",
    discussion: """
      Takes files that the index does not know into it, lets them take the place of missing or damaged ones of the \
      same image, removes rows that belong to nothing, sets counters right, and makes the whole index anew from the \
      DICOM files when it is missing or damaged.

      No file is deleted. What can't be used (second copies, truncated files, what is no DICOM) is moved to set-aside/DATE-TIME in \
      the storage folder, with a report.txt that says where it came from, why, and everything else that was done. \
      The report keeps labels and metadata of removed rows: treat it like the archive.

      Images that are lost or damaged, and that no other file holds, are named: import them again, or have them \
      sent again. Labels, metadata and the protection of patients are only in the index: when it must be made anew \
      they are gone, so keep a copy of the storage folder.

      Needs the storage folder for itself: not while another Filmroom uses it. Exit status 0 when nothing is at \
      fault any more, 1 when something remains; with --dry-run 1 when anything is at fault.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Read every file and compare its MD5, as verify --deep does.")
  var deep = false

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  func run() throws {
    let outcome = try Failure.report {
      let settings = try Settings.load(
        configuration: common.config, overrides: Settings.Overrides(storage: common.storage),
        environment: ProcessInfo.processInfo.environment)
      let logger = LogStore(.standardError).logger(level: .warning)
      for warning in settings.warnings { logger.warning("\(warning)") }
      let options = RepairOptions(deep: deep, isDryRun: dryRun)
      let screen = RepairScreen(isDryRun: dryRun)
      defer { screen.clear() }
      let outcome = try waitFor {
        try await Archive.repair(
          settings.archive, options, logger: logger, progress: { screen.show($0) }, told: { screen.show($0) })
      }
      screen.tell(outcome)
      return outcome
    }
    if !outcome.isSound { throw ExitCode(1) }
  }
}

/// What a repair shows while it runs, and its last words.
final class RepairScreen: Sendable {
  private struct State {
    var counts: [RepairStep.Kind: Int] = [:]
    var phase: RepairProgress.Phase?
    var bar: ProgressBar?
  }

  private let isDryRun: Bool
  private let state = Mutex(State())

  /// So many of the mended things of a kind are printed; the report names all.
  static let examples = 20

  init(isDryRun: Bool) { self.isDryRun = isDryRun }

  func show(_ progress: RepairProgress) {
    state.withLock { state in
      if state.phase != progress.phase {
        state.bar?.finish()
        state.phase = progress.phase
        state.bar = ProgressBar(unit: progress.phase == .readingFiles ? "files" : "attachments")
      }
      state.bar?.update(progress.done, of: progress.total)
    }
  }

  func show(_ step: RepairStep) {
    state.withLock { state in
      let count = state.counts[step.kind, default: 0] + 1
      state.counts[step.kind] = count
      if step.kind.isMended && !isDryRun && count > Self.examples { return }
      state.bar?.finish()
      Console.print(RepairText.line(step, isDryRun: isDryRun))
    }
  }

  func clear() { state.withLock { $0.bar?.finish() } }

  func tell(_ outcome: RepairOutcome) {
    clear()
    let counts = state.withLock { $0.counts }
    for line in RepairText.summary(counts, outcome, isDryRun: isDryRun) { Console.print(line) }
  }
}
