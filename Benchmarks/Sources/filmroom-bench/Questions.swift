import ArgumentParser
import DICOM
import Logging
import Store

/// What is asked of a large archive: statistics, changes, who is recycled next.
struct Questions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times statistics, pages of changes and the recycling order of an archive.")

  @Argument(help: "The archive's folder.") var storage: String
  @Option(help: "How often each is asked.") var rounds = 300

  func run() async throws {
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let archive = try Archive(ArchiveConfiguration(storageFolder: storage), logger: logger)
    let totals = try await archive.totals()
    let last = try await archive.lastChange().last
    print("\(totals.patients) patients, \(totals.instances) instances, changes up to \(last)")
    try await time("statistics of the archive") { _ = try await archive.totals() }
    for level in ResourceLevel.allCases {
      let query = ListQuery(level: level, sort: level == .instance ? .number : .instances, isDescending: true)
      guard let row = try await archive.window(query, anchor: .start, limit: 1).rows.first else { continue }
      try await time("statistics of a \(level.name.lowercased())") {
        _ = try await archive.statistics(of: row.reference)
      }
    }
    try await time("100 changes from the middle") {
      _ = try await archive.changes(since: last / 2, limit: 100)
    }
    for types: Set<ChangeType> in [
      [.newInstance], [.newStudy], [.newPatient, .newStudy, .newSeries], [.stableStudy],
    ] {
      let names = types.map(\.name).sorted().joined(separator: ", ")
      try await time("100 changes, \(names)") {
        _ = try await archive.changes(since: last / 2, limit: 100, types: types)
      }
    }
    for start in [0, totals.patients / 2] {
      try await time("100 who are recycled next, from \(start)") {
        _ = try await archive.storageUse(from: start, limit: 100)
      }
    }
    archive.close()
  }

  private func time(_ name: String, _ body: () async throws -> Void) async throws {
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<rounds {
      let start = clock.now
      try await body()
      times.append((clock.now - start) / .milliseconds(1))
    }
    times.sort()
    report(name + ", median", times[times.count / 2], "ms")
    report(name + ", most", times[times.count - 1], "ms")
  }
}
