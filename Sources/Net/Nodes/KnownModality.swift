/// What a modality may ask for (Orthanc's `AllowEcho`, `AllowStore`, …).
public enum ServiceRight: String, CaseIterable, Sendable {
  case echo = "AllowEcho"
  case store = "AllowStore"
  case find = "AllowFind"
  case findWorklist = "AllowFindWorklist"
  case get = "AllowGet"
  case move = "AllowMove"
  /// To ask for storage commitment.
  case action = "AllowNAction"
  /// To tell of storage commitment.
  case eventReport = "AllowEventReport"
}

/// A DICOM node that is known by name (Orthanc's `DicomModalities`).
public struct KnownModality: Hashable, Sendable {
  public var name: String
  public var aeTitle: String
  /// An address or a host name.
  public var host: String
  public var port: Int
  public var rights: Set<ServiceRight>
  /// Whose peculiarities it has (`Manufacturer`). Kept, without effect yet, as what follows.
  public var manufacturer = "Generic"
  /// What we call ourselves towards it (`LocalAet`); empty is `DicomAet`.
  public var localAET = ""
  /// Seconds; 0 is `DicomScuTimeout`.
  public var timeout = 0
  public var usesTLS = false
  public var allowsTranscoding = true

  public init(
    name: String, aeTitle: String, host: String, port: Int,
    rights: Set<ServiceRight> = Set(ServiceRight.allCases)
  ) {
    self.name = name
    self.aeTitle = aeTitle
    self.host = host
    self.port = port
    self.rights = rights
  }
}
