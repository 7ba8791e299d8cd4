import DICOM
import Store

/// How resources stand in URIs.
enum ResourcePath {
  /// `patients`, `studies`, `series` or `instances`.
  static func folder(_ level: ResourceLevel) -> String {
    switch level {
    case .patient: "patients"
    case .study: "studies"
    case .series: "series"
    case .instance: "instances"
    }
  }

  /// A resource as Orthanc points to it.
  static func reference(_ resource: ResourceReference) -> JSONValue {
    .object([
      "ID": .text(resource.id.description), "Type": .text(resource.level.name),
      "Path": .text("/\(folder(resource.level))/\(resource.id)"),
    ])
  }
}

extension RESTRequest {
  /// The resource that `{id}` names. Throws `RESTError`: 404 for what is no identifier.
  func resource(_ level: ResourceLevel) throws(RESTError) -> ResourceReference {
    guard let id = PublicID(parameter("id")) else { throw RESTError(.unknownResource) }
    return ResourceReference(level, id)
  }
}
