import DICOM

/// What a job does.
public enum JobKind: Codable, Equatable, Sendable {
  /// Writes a ZIP file on the disk.
  case export(ExportSelection, path: String, replaces: Bool)
  /// Writes a ZIP file with a DICOMDIR on the disk; an extended one has what the standard does not ask for.
  case media(ExportSelection, path: String, isExtended: Bool)
  /// Compares files and index; `deep` reads every file.
  case verification(deep: Bool)
  /// Compresses every attachment, or lays every one on the disk as it is.
  case compression(Bool)
  /// Deletes resources with everything below, a little at a time.
  case deletion([ResourceReference])

  /// The name as `Type` in Orthanc's JSON.
  public var name: String {
    switch self {
    case .export: "Archive"
    case .media: "Media"
    case .verification: "Verification"
    case .compression: "Compression"
    case .deletion: "Deletion"
    }
  }

  /// How long to wait before it is tried again after so many failures; nil when that makes no sense.
  ///
  /// An export's disk is full until somebody makes room; an index that can't be written may be in a moment.
  func patience(after error: StoreError, failures: Int) -> Double? {
    guard case .deletion = self, failures <= 5 else { return nil }
    switch error.code {
    case .storageFull, .inputOutput, .storageUnusable: return Double(5 << failures)
    case .storageInUse, .closed, .cannotUnderstand, .dataSetMismatch, .notFound, .badValue, .readOnly,
      .revisionConflict:
      return nil
    }
  }
}

extension ResourceReference: Codable {
  /// As `Study/0b42…`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let parts = try container.decode(String.self).split(separator: "/")
    guard parts.count == 2, let level = ResourceLevel.allCases.first(where: { $0.name == parts[0] }),
      let id = PublicID(parts[1])
    else { throw DecodingError.dataCorruptedError(in: container, debugDescription: "no resource") }
    self.init(level, id)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(level.name)/\(id)")
  }
}

extension ExportSelection: Codable {
  /// A list; null is everything.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = container.decodeNil() ? .all : .resources(try container.decode([ResourceReference].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .all: try container.encodeNil()
    case .resources(let resources): try container.encode(resources)
    }
  }
}
