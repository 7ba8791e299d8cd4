import Store

/// The archive's jobs as the explorer sees them; the engine of the same process fills it.
public protocol JobAccess: Sendable {
  /// Every job that is remembered, in the order of submission.
  func jobs() async throws -> [Job]
  /// Returns the new job's identifier.
  func submit(_ kind: JobKind, priority: Int) async throws -> String
  func pause(_ id: String) async throws
  func resume(_ id: String) async throws
  func cancel(_ id: String) async throws
  func resubmit(_ id: String) async throws
  func setPriority(_ priority: Int, of id: String) async throws
}

/// What a person asks of one job.
enum JobCommand: Equatable, Sendable {
  case pause, resume, cancel, resubmit
  case priority(Int)
}
