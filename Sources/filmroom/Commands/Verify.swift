import ArgumentParser
import Explorer
import Foundation
import Net
import Store
import Synchronization

/// `filmroom verify`: the attachments against the index.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every attachment against the index.",
    discussion: """
      Finds files that are missing or of the wrong size, files that the index doesn't know, rows that belong to \
      nothing and counters that are wrong; with --deep also content that has changed. Mends nothing: `filmroom \
      repair` does. While another Filmroom uses the archive, it does the work. Exit status 1 when there is any fault.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Read every file and compare its MD5.")
  var deep = false

  func run() throws {
    let deep = deep
    let screen = VerificationScreen()
    let faults = try Failure.report {
      let holder = try Services.holder(common, log: LogStore(.standardError), mustExist: true)
      defer { holder.close() }
      defer { screen.clear() }
      switch holder {
      case .here(let archive):
        try Failure.opening { () throws(StoreError) in
          try archive.verify(deep: deep, progress: { screen.show($0) }, fault: { screen.show($0) })
        }
      case .elsewhere(let archive):
        try waitFor {
          try await archive.verify(deep: deep, progress: { screen.show($0) }, fault: { screen.show($0) })
        }
      }
      return screen.tell(deep: deep)
    }
    if faults > 0 { throw ExitCode(1) }
  }
}

/// What a verification shows while it runs, and its last words.
private final class VerificationScreen: Sendable {
  private struct State {
    var last = VerificationProgress()
    var faults = 0
  }

  private let bar = ProgressBar(unit: "attachments")
  private let state = Mutex(State())

  func show(_ progress: VerificationProgress) {
    state.withLock { $0.last = progress }
    bar.update(progress.attachments, of: progress.ofAttachments)
  }

  func show(_ fault: Fault) {
    bar.finish()
    state.withLock { $0.faults += 1 }
    Console.print(fault.description)
  }

  func clear() { bar.finish() }

  /// Returns how many faults there were.
  func tell(deep: Bool) -> Int {
    clear()
    let (last, faults) = state.withLock { ($0.last, $0.faults) }
    let kind = deep ? "content and presence" : "presence and size"
    let attachments = NumberText.count(last.attachments, "attachment")
    Console.print(
      "\(attachments), \(NumberText.size(last.bytes)), \(kind) checked: \(NumberText.count(faults, "fault"))")
    if faults > 0 { Console.print(RepairText.hint(deep: deep)) }
    return faults
  }
}
