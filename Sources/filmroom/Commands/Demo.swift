import ArgumentParser
import Net
import Store

/// `filmroom demo`: something to browse.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put synthetic studies into the archive, or take them out again.",
    discussion: """
      A head phantom as CT of 60 slices, an MR with two series, a colour ultrasound clip and a CR, all made by \
      this program: no person's images. They carry the label “demo”. While another Filmroom uses the archive, it does \
      the work; the explorer's key D does the same.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Take the synthetic studies out of the archive.")
  var remove = false

  func run() throws {
    let isRemoval = remove
    let message = try Failure.report {
      let holder = try Services.holder(common, log: LogStore(.standardError))
      defer { holder.close() }
      return try waitFor {
        switch holder {
        case .here(let archive):
          isRemoval ? try await DemoStudies.remove(from: archive) : try await DemoStudies.write(to: archive)
        case .elsewhere(let archive): try await archive.demo(removing: isRemoval)
        }
      }
    }
    Console.print(message)
  }
}
