import ArgumentParser
import DICOM
import Logging
import Store

/// Windows of an archive's lists, as the explorer asks for them.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Times windows of an archive's lists.")

  @Argument(help: "The archive's folder.") var storage: String
  @Option(help: "Rows in a window.") var rows = 100
  @Option(help: "Windows of each kind.") var rounds = 200

  func run() async throws {
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let archive = try Archive(ArchiveConfiguration(storageFolder: storage), logger: logger)
    let totals = try await archive.totals()
    print("\(totals.studies) studies, \(totals.instances) instances")
    for (name, query) in [
      ("studies by date", ListQuery(level: .study)),
      ("studies by name", ListQuery(level: .study, sort: .patientName)),
      ("studies with a word", ListQuery(level: .study, filter: ListFilter(parsing: "patient 1"))),
      ("patients by name", ListQuery(level: .patient)),
    ] {
      try await time(archive, name + ", from the start", query, .start)
      let start = try await archive.window(query, anchor: .start, limit: rows)
      if let last = start.rows.last { try await time(archive, name + ", on", query, .around(last.cursor)) }
    }
    archive.close()
  }

  private func time(
    _ archive: Archive, _ name: String, _ query: ListQuery, _ anchor: WindowAnchor
  ) async throws {
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<rounds {
      let start = clock.now
      _ = try await archive.window(query, anchor: anchor, limit: rows)
      times.append((clock.now - start) / .milliseconds(1))
    }
    times.sort()
    report(name, times[times.count / 2], "ms")
    report(name + ", p99", times[times.count * 99 / 100], "ms")
  }
}
