import DICOM

/// What happened to a resource. Numbers below 4096 are Orthanc's and are kept in the index; the others
/// are told to whoever listens and then forgotten.
public enum ChangeType: Int, CaseIterable, Sendable {
  case completedSeries = 1
  case newInstance = 2
  case newPatient = 3
  case newSeries = 4
  case newStudy = 5
  case stablePatient = 12
  case stableStudy = 13
  case stableSeries = 14
  case updatedAttachment = 15
  case updatedMetadata = 16
  case deleted = 4096
  case updatedLabels = 4352
  case updatedProtection = 4353

  /// Orthanc's name.
  public var name: String {
    switch self {
    case .completedSeries: "CompletedSeries"
    case .newInstance: "NewInstance"
    case .newPatient: "NewPatient"
    case .newSeries: "NewSeries"
    case .newStudy: "NewStudy"
    case .stablePatient: "StablePatient"
    case .stableStudy: "StableStudy"
    case .stableSeries: "StableSeries"
    case .updatedAttachment: "UpdatedAttachment"
    case .updatedMetadata: "UpdatedMetadata"
    case .deleted: "Deleted"
    case .updatedLabels: "UpdatedLabels"
    case .updatedProtection: "UpdatedProtection"
    }
  }

  public var isKept: Bool { rawValue < 4096 }
}

/// One change, kept or live.
public struct Change: Equatable, Sendable {
  /// Grows from change to change; 0 for one that is not kept.
  public var sequence: Int64
  public var type: ChangeType
  public var resource: ResourceReference
  /// Seconds since 1970, UTC.
  public var date: Int64
  /// What to call the resource on a screen, for instance `DOE^JANE · CT Chest`; empty when unknown.
  public var title: String
  /// What exactly, for changes that are not kept: `+urgent -todo`, the name of a metadata value; may be empty.
  public var detail: String
  /// Where it came from or who did it: an AE title, `import`, `explorer`; empty when unknown.
  public var source: String

  public init(
    sequence: Int64, type: ChangeType, resource: ResourceReference, date: Int64, title: String = "",
    detail: String = "", source: String = ""
  ) {
    self.sequence = sequence
    self.type = type
    self.resource = resource
    self.date = date
    self.title = title
    self.detail = detail
    self.source = source
  }
}

/// What one commit changed, as the archive tells it to those who show it. Bounded: past
/// `ArchiveEvent.changeLimit` changes the list is cut and `isTruncated` says so.
public struct ArchiveEvent: Equatable, Sendable {
  public var changes: [Change]
  public var isTruncated: Bool
  public var totals: ArchiveTotals
  /// What happened to jobs. Bounded in the same way.
  public var jobs: [JobEvent] = []

  public static let changeLimit = 256

  public init(changes: [Change], isTruncated: Bool, totals: ArchiveTotals, jobs: [JobEvent] = []) {
    self.changes = changes
    self.isTruncated = isTruncated
    self.totals = totals
    self.jobs = jobs
  }
}
