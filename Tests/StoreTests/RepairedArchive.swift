import Foundation
import Synchronization
import TestSupport

@testable import Store

/// What a repair told.
struct Repaired {
  let steps: [RepairStep]
  let outcome: RepairOutcome
  let progress: [RepairProgress]

  func report() throws -> String {
    guard let path = outcome.report else { return "" }
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  /// What was moved aside, beside the report.
  func setAside() throws -> [String] {
    guard let path = outcome.report else { return [] }
    let folder = String(path.dropLast("/report.txt".count))
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "report.txt" }.sorted()
      .map { folder + "/" + $0 }
  }
}

extension PlantedArchive {
  func repair(deep: Bool = true, isDryRun: Bool = false) async throws -> Repaired {
    var configuration = ArchiveConfiguration(storageFolder: storage)
    configuration.storeMD5 = storeMD5
    let steps = Mutex<[RepairStep]>([])
    let progress = Mutex<[RepairProgress]>([])
    let outcome = try await Archive.repair(
      configuration, RepairOptions(deep: deep, isDryRun: isDryRun),
      logger: makeLogger(),
      progress: { step in progress.withLock { $0.append(step) } },
      told: { step in steps.withLock { $0.append(step) } })
    return Repaired(
      steps: steps.withLock { $0 }, outcome: outcome, progress: progress.withLock { $0 })
  }
}

extension RepairStep.Kind: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// Steps in the order in which they are told.
final class StepList: Sendable {
  private let steps = Mutex<[RepairStep]>([])

  func append(_ step: RepairStep) { steps.withLock { $0.append(step) } }

  var all: [RepairStep] { steps.withLock { $0 } }
}
