import ArgumentParser
import Explorer
import Foundation
import Store
import Synchronization

/// `filmroom import`: files and folders of this machine.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take in DICOM files, and every DICOM file below folders and in ZIP files.",
    discussion: """
      The files are only read; ZIP files are not unpacked, each entry is read from there. Instances that the archive has already are recognised, so an import that was \
      interrupted is simply started again. Files that are no DICOM, or that lack what an archive needs, are \
      skipped and counted with the reason.

      With --orthanc, a whole archive of Orthanc moves in: its instances with when and from whom they came, labels, \
      metadata, attachments and the protection of patients. Orthanc must have stopped; its folder is only read. \
      Whatever does not come along is named, and the exit status is 1 then.

      While another Filmroom uses the archive, it takes the files in, over the socket in the storage folder; only \
      --orthanc needs the storage folder for itself.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Name every file that was skipped, not only the first of each reason.")
  var listSkipped = false

  @Option(
    help: ArgumentHelp(
      "The storage folder (StorageDirectory) of an Orthanc, with its SQLite index.", valueName: "folder"))
  var orthanc: String?

  @Option(
    help: ArgumentHelp(
      "Where that Orthanc keeps its index (IndexDirectory), if elsewhere.", valueName: "folder"))
  var orthancIndex: String?

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String] = []

  func validate() throws {
    if orthanc == nil && paths.isEmpty { throw ValidationError("give files or folders, or --orthanc") }
    if orthanc != nil && !paths.isEmpty {
      throw ValidationError("--orthanc takes a whole archive: import other files by a second command")
    }
    if orthanc == nil && orthancIndex != nil { throw ValidationError("--orthanc-index goes with --orthanc") }
  }

  func run() throws {
    if let orthanc { return try MoveInCommand.run(folder: orthanc, indexFolder: orthancIndex, common) }
    let interruption = Interruption()
    let isCancelled = interruption.isAsked
    let listSkipped = listSkipped
    let report = try Failure.report {
      let files = try Importer.files(at: paths)
      let holder = try Services.holder(common, log: LogStore(.standardError))
      defer { holder.close() }
      let bar = ProgressBar(unit: "files")
      let report = try waitFor {
        let target = try await holder.beginImport()
        let importer = Importer(archive: target, examples: listSkipped ? .max : 3)
        let report: Result<Importer.Report, any Error>
        do {
          report = .success(
            try await importer.run(
              files,
              progress: {
                bar.update(
                  $0.done, of: $0.files, note: $0.refusedTotal > 0 ? "\($0.refusedTotal) skipped" : "")
              },
              isCancelled: isCancelled))
        } catch {
          report = .failure(error)
        }
        await target.finish()
        return try report.get()
      }
      bar.finish()
      Self.tell(report, seconds: bar.elapsed)
      return report
    }
    if report.done < report.files {
      Console.error(
        "interrupted: \(report.files - report.done) files are left. Start the same import again to go on.")
      throw ExitCode(130)
    }
  }

  private static func tell(_ report: Importer.Report, seconds: Double) {
    let rate = seconds > 0 ? Int(Double(report.done) / seconds) : 0
    Console.print(
      "\(NumberText.count(report.files, "file")) in \(NumberText.duration(Int64(seconds.rounded(.up)))), \(rate) a second"
    )
    Console.print("  \(report.stored) stored")
    if report.overwritten > 0 { Console.print("  \(report.overwritten) replaced") }
    Console.print("  \(report.duplicates) there already")
    Console.print("  \(report.refusedTotal) skipped")
    for (reason, count) in report.refusedCount.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      Console.print("    \(count) × \(reason)")
      let named = report.refused[reason] ?? []
      for path in named { Console.print("        \(path)") }
      if count > named.count {
        Console.print("        and \(count - named.count) more (--list-skipped names them)")
      }
    }
  }
}
