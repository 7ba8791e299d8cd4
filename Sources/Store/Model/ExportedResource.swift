import DICOM

/// A resource that was sent to a modality or a peer, as it was called then: it may be gone meanwhile.
public struct ExportedResource: Equatable, Sendable {
  /// Grows from one to the next, also after they were cleared.
  public var sequence: Int64
  public var resource: ResourceReference
  /// Name of the modality or the peer.
  public var remote: String
  /// Seconds since 1970, UTC.
  public var date: Int64
  /// Identifiers of the resource and of what it lies in; empty below its level.
  public var patientID: String
  public var studyInstanceUID: String
  public var seriesInstanceUID: String
  public var sopInstanceUID: String

  public init(
    sequence: Int64, resource: ResourceReference, remote: String, date: Int64, patientID: String,
    studyInstanceUID: String = "", seriesInstanceUID: String = "", sopInstanceUID: String = ""
  ) {
    self.sequence = sequence
    self.resource = resource
    self.remote = remote
    self.date = date
    self.patientID = patientID
    self.studyInstanceUID = studyInstanceUID
    self.seriesInstanceUID = seriesInstanceUID
    self.sopInstanceUID = sopInstanceUID
  }
}

/// Some of the exported resources, in their order.
public struct ExportedPage: Equatable, Sendable {
  public var resources: [ExportedResource]
  /// Whether there are no more behind them.
  public var isDone: Bool
  /// What to ask behind next.
  public var last: Int64

  public init(resources: [ExportedResource], isDone: Bool, last: Int64) {
    self.resources = resources
    self.isDone = isDone
    self.last = last
  }
}
