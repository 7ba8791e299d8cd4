import Synchronization

/// Tells every step, and writes it into the report unless nothing is done.
final class RepairLog: Sendable {
  private let told: @Sendable (RepairStep) -> Void
  private let isDryRun: Bool
  private let counts = Mutex<[RepairStep.Kind: Int]>([:])

  init(isDryRun: Bool, told: @escaping @Sendable (RepairStep) -> Void) {
    self.isDryRun = isDryRun
    self.told = told
  }

  /// Whether nothing is wrong any more; for a dry run, whether nothing was.
  var isSound: Bool {
    counts.withLock { counts in counts.allSatisfy { $0.value == 0 || !isDryRun && $0.key.isMended } }
  }

  /// Throws `StoreError` when the report can't be written.
  func tell(_ step: RepairStep, _ aside: SetAside) throws(StoreError) {
    counts.withLock { $0[step.kind, default: 0] += 1 }
    if !isDryRun {
      try aside.note(step.description + (step.keepsake.isEmpty ? "" : "; \(step.keepsake)"))
    }
    told(step)
  }
}
