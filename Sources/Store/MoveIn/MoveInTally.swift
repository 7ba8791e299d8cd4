import Synchronization

/// The report while several tasks write to it.
final class MoveInTally: Sendable {
  private let state = Mutex(MoveInReport())
  private let progress: @Sendable (MoveInReport) -> Void
  private let told: @Sendable (MoveInFault) -> Void

  init(
    progress: @escaping @Sendable (MoveInReport) -> Void, told: @escaping @Sendable (MoveInFault) -> Void
  ) {
    self.progress = progress
    self.told = told
  }

  var report: MoveInReport { state.withLock { $0 } }

  func update(_ body: (inout MoveInReport) -> Void) {
    let report = state.withLock { report in
      body(&report)
      return report
    }
    progress(report)
  }

  func tell(_ kind: MoveInFault.Kind, _ subject: String, _ detail: String, isInstance: Bool) {
    told(MoveInFault(kind: kind, subject: subject, detail: detail))
    update { report in
      report.faults += 1
      if isInstance { report.failed += 1 }
    }
  }
}
