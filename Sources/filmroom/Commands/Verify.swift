import ArgumentParser
import Explorer
import Foundation
import Store

/// `filmroom verify`: the attachments against the index.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every attachment against the index.",
    discussion: """
      Finds files that are missing or of the wrong size, files that the index doesn't know, rows that belong to \
      nothing and counters that are wrong; with --deep also content that has changed. Mends nothing: `filmroom \
      repair` does. Needs the storage folder for itself: not while another Filmroom uses it. Exit status 1 when \
      there is any fault.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Read every file and compare its MD5.")
  var deep = false

  func run() throws {
    let faults = try Failure.report {
      let archive = try Services.archive(common, log: LogStore(.standardError), mustExist: true)
      defer { archive.close() }
      let bar = ProgressBar(unit: "attachments")
      var counts: [Fault.Kind: Int] = [:]
      var last = VerificationProgress()
      try Failure.opening { () throws(StoreError) in
        try archive.verify(
          deep: deep,
          progress: { progress in
            last = progress
            bar.update(progress.attachments, of: progress.ofAttachments)
          },
          fault: { fault in
            bar.finish()
            counts[fault.kind, default: 0] += 1
            Console.print(fault.description)
          })
      }
      bar.finish()
      let total = counts.values.reduce(0, +)
      let kind = deep ? "content and presence" : "presence and size"
      let attachments = NumberText.count(last.attachments, "attachment")
      Console.print(
        "\(attachments), \(NumberText.size(last.bytes)), \(kind) checked: \(NumberText.count(total, "fault"))"
      )
      if total > 0 { Console.print(RepairText.hint(deep: deep)) }
      return total
    }
    if faults > 0 { throw ExitCode(1) }
  }
}
