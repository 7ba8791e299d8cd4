import DICOM
import Store

/// The body of a search.
struct FindBody {
  private let members: [String: JSONValue]

  /// What an answer holds (`ResponseContent`).
  enum Content: String, CaseIterable {
    case mainDicomTags = "MainDicomTags"
    case metadata = "Metadata"
    case children = "Children"
    case parent = "Parent"
    case labels = "Labels"
    case status = "Status"
    case isStable = "IsStable"
    case isProtected = "IsProtected"
    case attachments = "Attachments"
  }

  init(_ members: [String: JSONValue]) { self.members = members }

  // MARK: The query

  func query(_ services: RESTServices) throws -> ResourceQuery {
    var query = ResourceQuery(level: try level())
    guard case .object(let tags)? = members["Query"] else {
      throw RESTError(.badRequest, "Field \"Query\" is missing, or should be a JSON object")
    }
    for (name, value) in tags {
      guard case .text(let text) = value else {
        throw RESTError(.badRequest, "Tag \"\(name)\" must be associated with a string")
      }
      let tag = try TagNames.tag(name, otherwise: OrthancError.unknownDicomTag.status)
      query.tags[tag] = try match(text, tag)
    }
    query.isExact = try boolean("CaseSensitive") ?? services.settings.isCaseSensitive
    query.labels = try texts("Labels") ?? []
    if let name = try text("LabelsConstraint") {
      guard let constraint = ResourceQuery.LabelsConstraint(rawValue: name) else {
        throw RESTError(
          .badRequest, "Field \"LabelsConstraint\" must be an enumeration value: All, Any or None")
      }
      query.labelsConstraint = constraint
    }
    try addMetadata(&query, services)
    try addOrder(&query, services)
    for level in [ResourceLevel.patient, .study, .series] {
      guard let text = try text("Parent\(level.name)") else { continue }
      guard let id = PublicID(text) else { throw RESTError(.unknownResource) }
      query.parent = ResourceReference(level, id)
    }
    query.since = try number("Since") ?? 0
    let most = query.level == .instance ? services.settings.findInstancesLimit : services.settings.findLimit
    let limits = [try number("Limit") ?? 0, most].filter { $0 > 0 }
    query.limit = limits.min()
    return query
  }

  func level() throws(RESTError) -> ResourceLevel {
    guard case .text(let name)? = members["Level"] else {
      throw RESTError(.badRequest, "Field \"Level\" is missing, or should be a string")
    }
    let singular = name.lowercased()
    for level in ResourceLevel.allCases
    where singular == level.name.lowercased() || singular == ResourcePath.folder(level) { return level }
    throw RESTError(.parameterOutOfRange, "Invalid resource type '\(name)'")
  }

  private func match(_ text: String, _ tag: Tag) throws(RESTError) -> AttributeMatch {
    do {
      return try AttributeMatch(text, for: tag)
    } catch {
      throw RESTError(.parameterOutOfRange, "Wildcards are not allowed on tag \(tag.orthancDescription)")
    }
  }

  private func addMetadata(_ query: inout ResourceQuery, _ services: RESTServices) throws {
    guard let value = members["MetadataQuery"] else { return }
    guard case .object(let metadata) = value else {
      throw RESTError(.badRequest, "Field \"MetadataQuery\" should be an JSON object")
    }
    for (name, value) in metadata {
      guard case .text(let text) = value else {
        throw RESTError(.badRequest, "Metadata \"\(name)\" must be associated with a string")
      }
      guard let key = try? services.archive.metadataKey(named: name) else {
        throw RESTError(.inexistentItem, "Unknown metadata: \(name)")
      }
      // Metadata have no representation of their own: as with texts, `*` and `?` are wildcards.
      query.metadata[key] = try match(text, .patientName)
    }
  }

  private func addOrder(_ query: inout ResourceQuery, _ services: RESTServices) throws {
    guard let value = members["OrderBy"] else { return }
    guard case .array(let items) = value else {
      throw RESTError(.badRequest, "Field \"OrderBy\" should be an array")
    }
    for item in items {
      guard case .text(let type)? = item["Type"], case .text(let name)? = item["Key"],
        case .text(let direction)? = item["Direction"], ["ASC", "DESC"].contains(direction)
      else {
        throw RESTError(
          .badRequest,
          "Each item of \"OrderBy\" has a \"Type\" (DicomTag or Metadata), a \"Key\" and a \"Direction\" (ASC or DESC)"
        )
      }
      let key: ResourceQuery.Order.Key
      switch type {
      case "DicomTag": key = .tag(try TagNames.tag(name))
      case "Metadata":
        guard let metadata = try? services.archive.metadataKey(named: name) else {
          throw RESTError(.inexistentItem, "Unknown metadata: \(name)")
        }
        key = .metadata(metadata)
      default: throw RESTError(.badRequest, "\"OrderBy\": \"Type\" must be DicomTag or Metadata, not \(type)")
      }
      query.order.append(.init(key, isDescending: direction == "DESC"))
    }
  }

  // MARK: The answers

  /// Nil where identifiers alone are wanted.
  func content() throws(RESTError) -> Set<Content>? {
    if let names = try texts("ResponseContent") {
      return Set(
        try names.map { name throws(RESTError) in
          guard let content = Content(rawValue: name) else {
            throw RESTError(.parameterOutOfRange, "Invalid value for \"ResponseContent\": \(name)")
          }
          return content
        })
    }
    guard try boolean("Expand") ?? false else { return nil }
    return [.mainDicomTags, .children, .parent, .labels, .status, .isStable]
  }

  func values(
    _ ids: [PublicID], _ content: Set<Content>, _ services: RESTServices
  ) async throws -> JSONValue {
    let requested = try (try texts("RequestedTags") ?? []).map { name throws(RESTError) in
      try TagNames.tag(name)
    }
    var values: [JSONValue] = []
    for info in try await services.archive.infos(of: ids, at: try level()) {
      values.append(try await value(info, content, requested, services))
    }
    return .array(values)
  }

  func value(
    _ info: ResourceInfo, _ content: Set<Content>, _ requested: [Tag], _ services: RESTServices
  ) async throws -> JSONValue {
    let format: DicomSummary.Format =
      try boolean("Full") ?? false ? .full : try boolean("Short") ?? false ? .short : .simplified
    let tags =
      requested.isEmpty
      ? nil
      : try await services.archive.requestedTags(
        requested, of: info, readsFile: services.settings.readsFilesToAnswer)
    guard case .object(var members) = ResourceJSON.value(info, format, requested: tags) else { return .null }
    let parts: [(Content, [String])] = [
      (.mainDicomTags, ["MainDicomTags", "PatientMainDicomTags"]), (.labels, ["Labels"]),
      (.children, ["Studies", "Series", "Instances"]), (.isStable, ["IsStable"]),
      (.parent, ["ParentPatient", "ParentStudy", "ParentSeries"]),
      (.status, ["Status", "ExpectedNumberOfInstances"]),
    ]
    for (part, names) in parts where !content.contains(part) { for name in names { members[name] = nil } }
    if content.contains(.metadata) {
      let entries = try await services.archive.metadata(of: info.reference)
      members["Metadata"] = .object(
        Dictionary(entries.map { ($0.name, .text($0.value)) }, uniquingKeysWith: { $1 }))
    }
    if content.contains(.isProtected) && info.row.level == .patient {
      members["IsProtected"] = .boolean(info.row.isProtected)
    }
    if content.contains(.attachments) {
      members["Attachments"] = .array(
        try await services.archive.attachments(of: info.reference).map { attachment in
          .object([
            "CompressedMD5": .text(attachment.diskMD5 ?? ""), "CompressedSize": .number(attachment.diskSize),
            "ContentType": .number(Int(attachment.type.rawValue)),
            "UncompressedMD5": .text(attachment.md5 ?? ""),
            "UncompressedSize": .number(attachment.uncompressedSize), "Uuid": .text(attachment.uuid),
          ])
        })
    }
    return .object(members)
  }

  // MARK: Members

  func text(_ name: String) throws(RESTError) -> String? {
    switch members[name] {
    case nil, .null?: return nil
    case .text(let text)?: return text
    default: throw RESTError(.badRequest, "Field \"\(name)\" should be a string")
    }
  }

  func boolean(_ name: String) throws(RESTError) -> Bool? {
    switch members[name] {
    case nil, .null?: return nil
    case .boolean(let value)?: return value
    default: throw RESTError(.badRequest, "Field \"\(name)\" should be a Boolean")
    }
  }

  func number(_ name: String) throws(RESTError) -> Int? {
    switch members[name] {
    case nil, .null?: return nil
    case .number(let value)? where value >= 0 && value == value.rounded() && value < 1e15: return Int(value)
    default: throw RESTError(.badRequest, "Field \"\(name)\" should be a positive integer")
    }
  }

  func texts(_ name: String) throws(RESTError) -> [String]? {
    switch members[name] {
    case nil, .null?: return nil
    case .array(let items)?:
      return try items.map { item throws(RESTError) in
        guard case .text(let text) = item else {
          throw RESTError(.badRequest, "Field \"\(name)\" should be an array of strings")
        }
        return text
      }
    default: throw RESTError(.badRequest, "Field \"\(name)\" should be an array of strings")
    }
  }
}
