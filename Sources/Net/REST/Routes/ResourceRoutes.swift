import DICOM
import HTTPTypes
import Store

/// Patients, studies, series and instances: lists, one of them, what is above and below, deletion.
enum ResourceRoutes {
  static let routes =
    ResourceLevel.allCases.flatMap { own($0) + relatives($0) } + [
      Route(.get, "/patients/{id}/protected", "Whether the patient is protected from recycling: 0 or 1.") {
        request, services in
        let info = try await services.archive.info(of: try request.resource(.patient))
        return .text(info.row.isProtected ? "1" : "0")
      },
      Route(.put, "/patients/{id}/protected", "Protect the patient from recycling, or no longer: 1 or 0.") {
        try await setProtected($0, $1)
      },
    ]

  private static func own(_ level: ResourceLevel) -> [Route] {
    let folder = ResourcePath.folder(level)
    let name = level.name.lowercased()
    return [
      Route(.get, "/\(folder)", "List the \(folder): identifiers, or with `expand` all about each.") {
        try await list(level, $0, $1)
      },
      Route(.get, "/\(folder)/{id}", "What is known of a \(name).") { request, services in
        guard let resource = try? request.resource(level),
          let info = try await services.archive.infos(of: [resource.id], at: level).first
        else { return .empty(404) }
        return .json(try await value(info, request, services))
      },
      Route(.delete, "/\(folder)/{id}", "Delete a \(name) with everything below.") {
        try await delete(level, $0, $1)
      },
      Route(.get, "/\(folder)/{id}/statistics", "How large a \(name) is, and how much lies below.") {
        try await statistics(level, $0, $1)
      },
    ]
  }

  /// `/studies/{id}/series`, `/instances/{id}/patient` and the like.
  private static func relatives(_ level: ResourceLevel) -> [Route] {
    let folder = ResourcePath.folder(level)
    return ResourceLevel.allCases.compactMap { other in
      if other > level {
        return Route(
          .get, "/\(folder)/{id}/\(ResourcePath.folder(other))",
          "The \(ResourcePath.folder(other)) below a \(level.name.lowercased())."
        ) { request, services in
          let resource = try request.resource(level)
          if request.query["expand"] != nil && !request.flag("expand") {
            return .json(
              .texts(try await services.archive.ids(below: resource, at: other).map(\.description)))
          }
          return .json(
            try await values(services.archive.infos(below: resource, at: other), request, services))
        }
      }
      if other < level {
        return Route(
          .get, "/\(folder)/{id}/\(other.name.lowercased())",
          "The \(other.name.lowercased()) that a \(level.name.lowercased()) belongs to."
        ) { request, services in
          let info = try await services.archive.info(above: try request.resource(level), at: other)
          return .json(try await value(info, request, services))
        }
      }
      return nil
    }
  }

  private static func list(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let (since, limit) = (try request.number("since"), try request.number("limit"))
    if (since == nil) != (limit == nil) {
      throw RESTError(
        .badRequest, "Missing \"\(since == nil ? "since" : "limit")\" argument for the list of resources")
    }
    // As with Orthanc, 0 is no limit.
    let most = limit == 0 ? nil : limit
    if request.flag("expand") {
      let infos = try await services.archive.infos(at: level, since: since ?? 0, limit: most)
      return .json(try await values(infos, request, services))
    }
    return .json(
      .texts(try await services.archive.ids(at: level, since: since ?? 0, limit: most).map(\.description)))
  }

  static func values(
    _ infos: [ResourceInfo], _ request: RESTRequest, _ services: RESTServices
  ) async throws -> JSONValue {
    var values: [JSONValue] = []
    values.reserveCapacity(infos.count)
    for info in infos { values.append(try await value(info, request, services)) }
    return .array(values)
  }

  /// With the tags of `requested-tags`.
  static func value(
    _ info: ResourceInfo, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> JSONValue {
    let format = ResourceJSON.format(request)
    let name = request.query["requested-tags"] ?? request.query["requestedTags"]
    guard let names = name?.split(separator: ";"), !names.isEmpty else {
      return ResourceJSON.value(info, format)
    }
    let tags = try names.map { try TagNames.tag(String($0)) }
    let requested = try await services.archive.requestedTags(
      tags, of: info, readsFile: services.settings.readsFilesToAnswer)
    return ResourceJSON.value(info, format, requested: requested)
  }

  private static func delete(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    guard let resource = try? request.resource(level),
      !(try await services.archive.infos(of: [resource.id], at: level)).isEmpty
    else { return .empty(404) }
    var ancestors: [ResourceReference] = []
    var above = level.parent
    while let current = above {
      ancestors.append(try await services.archive.info(above: resource, at: current).reference)
      above = current.parent
    }
    _ = try await services.archive.delete([resource])
    for ancestor in ancestors {
      let remaining = try await services.archive.infos(of: [ancestor.id], at: ancestor.level)
      if remaining.isEmpty { continue }
      return .json(.object(["RemainingAncestor": ResourcePath.reference(ancestor)]))
    }
    return .json(.object(["RemainingAncestor": .null]))
  }

  private static func statistics(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let statistics = try await services.archive.statistics(of: try request.resource(level))
    var members = SystemRoutes.sizes(
      "", disk: statistics.diskSize, uncompressed: statistics.uncompressedSize
    ).merging(
      SystemRoutes.sizes(
        "Dicom", disk: statistics.dicomDiskSize, uncompressed: statistics.dicomUncompressedSize)
    ) { $1 }
    if level < .study { members["CountStudies"] = .number(statistics.studies) }
    if level < .series { members["CountSeries"] = .number(statistics.series) }
    if level < .instance { members["CountInstances"] = .number(statistics.instances) }
    return .json(.object(members))
  }

  private static func setProtected(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let text = try await request.text()
    guard let resource = try? request.resource(.patient),
      !(try await services.archive.infos(of: [resource.id], at: .patient)).isEmpty
    else { throw RESTError(.parameterOutOfRange) }
    guard let isProtected = ["0": false, "1": true][text.filter { !$0.isWhitespace }] else {
      throw RESTError(.badFileFormat, "Boolean value expected")
    }
    try await services.archive.setProtected(isProtected, patients: [resource.id])
    return .written
  }
}
