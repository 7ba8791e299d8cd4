import Store
import Synchronization

/// Imports of this machine's commands, each of many requests: together they leave one audit line, when the import ends or
/// nothing more comes of it.
final class ImportRuns: Sendable {
  /// At once.
  static let limit = 64

  private struct Run {
    var record: AuditRecord
    let subjects = AuditSubjects()
    /// Requests under way.
    var active = 0
    var lastUse = ContinuousClock.now
  }

  private let runs = Mutex<[String: Run]>([:])
  private let patience: Duration
  private let tell: @Sendable (AuditRecord) -> Void

  /// - Parameter patience: for so long after its last request a run is waited for.
  init(patience: Duration = .seconds(60), _ tell: @escaping @Sendable (AuditRecord) -> Void) {
    self.patience = patience
    self.tell = tell
  }

  /// Begins a run and gives its name. Throws `RESTError` where there are too many.
  func begin(_ request: RESTRequest) throws(RESTError) -> String {
    let name = String(UInt64.random(in: .min ... .max), radix: 16)
    let isRoom = runs.withLock { runs in
      if runs.count >= Self.limit { return false }
      runs[name] = Run(record: AuditRecord(request, status: 200))
      return true
    }
    if !isRoom { throw RESTError(.badRequest, "too many imports at once", status: 503) }
    Task { await watch(name) }
    return name
  }

  /// One request of a run. Throws what `body` throws, and `RESTError` for a run that has ended.
  func add(to name: String, _ body: () async throws -> StoreResult) async throws -> StoreResult {
    let isKnown = runs.withLock { runs in
      runs[name]?.active += 1
      return runs[name] != nil
    }
    if !isKnown { throw RESTError(.unknownResource, "the import \(name) has ended") }
    defer {
      runs.withLock { runs in
        runs[name]?.active -= 1
        runs[name]?.lastUse = .now
      }
    }
    let result = try await body()
    if result.status != .alreadyStored {
      runs.withLock { $0[name]?.subjects }?.add([ResourceReference(.instance, result.instance)])
    }
    return result
  }

  /// Ends a run and tells of it.
  func end(_ name: String) {
    guard let run = runs.withLock({ $0.removeValue(forKey: name) }) else { return }
    var record = run.record
    (record.subjects, record.subjectCount) = run.subjects.all
    tell(record)
  }

  func endAll() { for name in runs.withLock({ Array($0.keys) }) { end(name) } }

  /// Whoever imports may be killed.
  private func watch(_ name: String) async {
    while true {
      try? await Task.sleep(for: patience)
      let isOver = runs.withLock { runs in
        guard let run = runs[name] else { return nil as Bool? }
        return run.active == 0 && ContinuousClock.now - run.lastUse >= patience
      }
      guard let isOver else { return }
      if isOver { return end(name) }
    }
  }
}
