import ArgumentParser
import Explorer
import Foundation
import Store

/// `filmroom import --orthanc`: the archive of an Orthanc that has stopped.
enum MoveInCommand {
  /// Exit status 130 when it was interrupted, 1 when something did not come along.
  static func run(folder: String, indexFolder: String?, _ common: CommonOptions) throws {
    let interruption = Interruption()
    let isCancelled = interruption.isAsked
    let report = try Failure.report {
      let archive = try Services.archive(common, log: LogStore(.standardError))
      defer { archive.close() }
      let bar = ProgressBar(unit: "instances")
      let report = try waitFor {
        try await archive.moveIn(
          orthanc: folder, indexFolder: indexFolder,
          progress: {
            bar.update($0.done, of: $0.ofInstances, note: $0.faults > 0 ? "\($0.faults) faults" : "")
          },
          told: { fault in
            bar.finish()
            Console.print(fault.description)
          }, isCancelled: isCancelled)
      }
      bar.finish()
      for line in lines(report, seconds: bar.elapsed) { Console.print(line) }
      return report
    }
    if report.isInterrupted {
      Console.error("interrupted. Start the same import again to go on.")
      throw ExitCode(130)
    }
    if report.faults > 0 { throw ExitCode(1) }
  }

  static func lines(_ report: MoveInReport, seconds: Double) -> [String] {
    let rate = seconds > 0 ? Int(Double(report.done) / seconds) : 0
    var lines = [
      "\(report.done) of \(NumberText.count(report.ofInstances, "instance")) in "
        + "\(NumberText.duration(Int64(seconds.rounded(.up)))), \(rate) a second",
      "  \(report.stored) stored",
    ]
    if report.overwritten > 0 { lines.append("  \(report.overwritten) replaced") }
    lines.append("  \(report.present) there already")
    if report.failed > 0 { lines.append("  \(report.failed) not taken in, each named above") }
    lines.append(
      "  \(report.labels) labels, \(report.metadata) metadata, \(report.attachments) attachments, "
        + "\(report.protectedPatients) protected patients")
    lines += propertyLines(report)
    lines.append("  \(NumberText.count(report.faults, "fault"))")
    return lines
  }

  private static func propertyLines(_ report: MoveInReport) -> [String] {
    var lines: [String] = []
    if !report.properties.isEmpty {
      let names = report.properties.map(\.name).joined(separator: ", ")
      lines.append("  global properties: \(names)")
    }
    if report.ownProperties > 0 {
      lines.append(
        "  left behind: \(report.ownProperties) global properties of Orthanc's own database, its versions and counters"
      )
    }
    return lines
  }
}
