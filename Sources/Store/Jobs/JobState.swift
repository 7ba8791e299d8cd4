/// Where a job stands. The names are Orthanc's.
public enum JobState: String, Codable, CaseIterable, Sendable {
  /// Waits for its turn.
  case pending = "Pending"
  case running = "Running"
  case success = "Success"
  case failure = "Failure"
  /// Waits for a person to resume it.
  case paused = "Paused"
  /// Failed in a way that may pass, and is tried again in a while.
  case retry = "Retry"

  /// Whether it is over, unless it is submitted again.
  public var isCompleted: Bool { self == .success || self == .failure }
}

/// How far a job has come.
public struct JobProgress: Codable, Equatable, Sendable {
  public var done: Int
  /// 0 while it is not known.
  public var total: Int
  /// What is counted, in the plural: `instances`.
  public var unit: String
  /// Bytes that went through so far; 0 where that says nothing.
  public var bytes: Int64

  public init(done: Int = 0, total: Int = 0, unit: String = "", bytes: Int64 = 0) {
    self.done = done
    self.total = total
    self.unit = unit
    self.bytes = bytes
  }

  /// From 0 to 100.
  public var percent: Int {
    if total <= 0 { return 0 }
    return Int(100 * Double(min(max(done, 0), total)) / Double(total))
  }
}

/// Why a job failed. The numbers and sentences are Orthanc's.
public enum JobErrorCode: Int, Codable, CaseIterable, Sendable {
  case internalError = -1
  case success = 0
  case database = 11
  case cannotWriteFile = 14
  case badFileFormat = 15
  case unknownResource = 17
  case fullStorage = 19
  case corruptedFile = 20
  case readOnly = 22
  case canceledJob = 37
  case badRequest = 8

  public var description: String {
    switch self {
    case .internalError: "Internal error"
    case .success: "Success"
    case .database: "Error with the database engine"
    case .cannotWriteFile: "Cannot write to file"
    case .badFileFormat: "Bad file format"
    case .unknownResource: "Unknown resource"
    case .fullStorage: "The file storage is full"
    case .corruptedFile: "Corrupted file (e.g. inconsistent MD5 hash)"
    case .readOnly: "Cannot modify a read-only data structure"
    case .canceledJob: "This job was canceled"
    case .badRequest: "Bad request"
    }
  }

  init(_ error: StoreError) {
    switch error.code {
    case .storageUnusable, .inputOutput: self = .cannotWriteFile
    case .storageInUse, .closed: self = .database
    case .storageFull: self = .fullStorage
    case .cannotUnderstand, .dataSetMismatch: self = .badFileFormat
    case .notFound: self = .unknownResource
    case .badValue, .revisionConflict: self = .badRequest
    case .readOnly: self = .readOnly
    }
  }
}
