import ArgumentParser
import Explorer
import Foundation
import Store

/// `filmroom backup`: a copy of the archive, also while it is in use.
struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a copy of the archive, or bring it up to date, also while images arrive.",
    discussion: """
      The copy has what was acknowledged when the backup began, is an archive itself (look at it with \
      `filmroom --storage FOLDER`, check it with `filmroom verify --deep --storage FOLDER`) and is on the disk when the \
      command ends. The second time only new files are copied, and those that the archive has no more go. \
      Run it on the machine, and as the user, that the archive is used with.

      An interrupted backup leaves the copy before it in place, or the copy says that it is unfinished; the next run \
      goes on. Files of the archive that are missing or damaged are named, and the exit status is 1 then.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Where the copy lies; made when missing.", valueName: "folder"))
  var folder: String

  func run() throws {
    let interruption = Interruption()
    let isCancelled = interruption.isAsked
    let faults = try Failure.report {
      let settings = try Settings.load(
        configuration: common.config, overrides: Settings.Overrides(storage: common.storage),
        environment: ProcessInfo.processInfo.environment)
      let logger = LogStore(.standardError).logger(level: .warning)
      for warning in settings.warnings { logger.warning("\(warning)") }
      let bar = ProgressBar(unit: "attachments")
      defer { bar.finish() }
      var faults = 0
      let report = try Archive.backup(
        settings.archive, to: folder, logger: logger,
        progress: { bar.update($0.attachments, of: $0.ofAttachments, note: "\($0.copied) new") },
        fault: { fault in
          bar.finish()
          faults += 1
          Console.print(fault.description)
        }, isCancelled: isCancelled)
      bar.finish()
      for line in Self.lines(report, seconds: bar.elapsed, faults: faults) { Console.print(line) }
      return faults
    }
    if faults > 0 { throw ExitCode(1) }
  }

  static func lines(_ report: BackupReport, seconds: Double, faults: Int) -> [String] {
    [
      "\(NumberText.count(report.ofAttachments + report.fromJournal, "attachment")) in the copy, "
        + "\(NumberText.duration(Int64(seconds.rounded(.up))))",
      "  \(report.copied) copied, \(NumberText.size(report.copiedBytes))", "  \(report.removed) removed",
      "  \(NumberText.count(faults, "fault")) of the archive",
    ]
  }
}
