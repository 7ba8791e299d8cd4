import DICOM
import Store

/// Resources in Orthanc's JSON.
enum ResourceJSON {
  /// How main DICOM tags are written: by name, `?short` by number, `?full` with name and type.
  static func format(_ request: RESTRequest) -> DicomSummary.Format {
    request.flag("full") ? .full : request.flag("short") ? .short : .simplified
  }

  static func value(
    _ info: ResourceInfo, _ format: DicomSummary.Format, requested: [DicomSummary.Element]? = nil
  ) -> JSONValue {
    let row = info.row
    var members: [String: JSONValue] = [
      "ID": .text(row.id.description), "Type": .text(row.level.name), "Labels": .texts(row.labels),
      "MainDicomTags": tags(info.mainTags, format),
    ]
    let children = JSONValue.texts(info.children.map(\.description))
    let parent = JSONValue.text(row.parent?.description ?? "")
    if row.level != .instance {
      members["IsStable"] = .boolean(row.isStable)
      members["LastUpdate"] = .text(OrthancDate.text(row.lastUpdate))
    }
    switch row.level {
    case .patient: members["Studies"] = children
    case .study:
      members["ParentPatient"] = parent
      members["PatientMainDicomTags"] = tags(info.patientTags, format)
      members["Series"] = children
    case .series:
      members["ParentStudy"] = parent
      members["Instances"] = children
      members["ExpectedNumberOfInstances"] = row.expectedInstances.map { .number($0) } ?? .null
      members["Status"] = .text((info.status ?? .unknown).rawValue)
    case .instance:
      members["ParentSeries"] = parent
      members["IndexInSeries"] = info.indexInSeries.map { .number($0) } ?? .null
      members["FileSize"] = .number(info.file?.size ?? 0)
      members["FileUuid"] = .text(info.file?.uuid ?? "")
    }
    if let requested { members["RequestedTags"] = DicomSummary(elements: requested).value(format) }
    return .object(members)
  }

  static func tags(_ tags: [Tag: String], _ format: DicomSummary.Format) -> JSONValue {
    DicomSummary(
      elements: tags.map { tag, text in
        DicomSummary.Element(
          tag: tag, name: TagNames.keyword(tag),
          privateCreator: nil,
          value: .text(text))
      }
    ).value(format)
  }
}
