import ArgumentParser
import Store

/// `filmroom demo`: something to browse.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put synthetic studies into the archive, or take them out again.",
    discussion: """
      A head phantom as CT of 60 slices, an MR with two series, a colour ultrasound clip and a CR, all made by \
      this program: no person's images. They carry the label “demo”. Needs the storage folder for itself; while \
      the explorer runs, its key D does the same.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Take the synthetic studies out of the archive.")
  var remove = false

  func run() throws {
    let isRemoval = remove
    let message = try Failure.report {
      let archive = try Services.archive(common, log: LogStore(.standardError))
      defer { archive.close() }
      return try waitFor {
        isRemoval ? try await DemoStudies.remove(from: archive) : try await DemoStudies.write(to: archive)
      }
    }
    Console.print(message)
  }
}
