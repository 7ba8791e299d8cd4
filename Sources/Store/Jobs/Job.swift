/// One job: what it is to do, and how that goes. Times are seconds since 1970, UTC.
public struct Job: Codable, Equatable, Identifiable, Sendable {
  /// A random UUID, as Orthanc's.
  public let id: String
  public let kind: JobKind
  /// The highest goes first.
  public var priority: Int
  public var state = JobState.pending
  public var progress = JobProgress()
  public var error = JobErrorCode.success
  /// What went wrong, in a sentence; empty otherwise.
  public var errorDetails = ""
  /// What it did, in a sentence, once it has succeeded.
  public var outcome = ""
  /// More about its outcome, such as the faults that a verification found; at most `detailLimit` lines.
  public var details: [String] = []
  public let created: Double
  /// When it was started last.
  public var started: Double?
  public var completed: Double?
  /// When one in `retry` is tried again.
  public var retryAt: Double?
  /// How often it failed in a way that may pass.
  var failures = 0
  /// Seconds that it was at work, up to `started` or the last pause.
  var worked = 0.0
  /// Orders jobs of one priority.
  var number = 0

  public static let detailLimit = 50

  public init(id: String, kind: JobKind, priority: Int, created: Double) {
    self.id = id
    self.kind = kind
    self.priority = priority
    self.created = created
  }

  /// Seconds at work, those of now included.
  public func runtime(at now: Double) -> Double {
    state == .running ? worked + max(0, now - (started ?? now)) : worked
  }
}

/// What the stream of events tells of jobs.
public struct JobEvent: Equatable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case submitted = "JobSubmitted"
    case success = "JobSuccess"
    case failure = "JobFailure"
    /// Paused, resumed, another priority: for those who show it.
    case updated = "JobUpdated"
  }

  public var kind: Kind
  public var job: String
  public var date: Int64

  public init(kind: Kind, job: String, date: Int64) {
    self.kind = kind
    self.job = job
    self.date = date
  }
}

/// What a job did, when it has come to its end.
struct JobOutcome: Equatable, Sendable {
  /// A failure of what was looked at, not of the job: a verification that found faults.
  var error = JobErrorCode.success
  var text: String
  var details: [String] = []
}

/// Why a job's work ends early.
enum JobInterruption: Error, Equatable {
  case cancelled
  /// The program ends: it starts again next time.
  case shutDown
  /// It rested, and its job was cancelled or the program ended meanwhile: nobody waits for it any more.
  case abandoned
}
