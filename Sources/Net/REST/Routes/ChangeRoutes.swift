import DICOM
import Store

/// Changes and exports.
enum ChangeRoutes {
  static let routes = [
    Route(
      .get, "/changes", "The changes behind `since`, at most `limit`, of a `type`; `last` gives the last one."
    ) { request, services in
      try await changes(request, services)
    },
    Route(.delete, "/changes", "Forget the changes; their numbers go on.") { _, services in
      try await services.archive.clearChanges()
      return .written
    },
    Route(.get, "/exports", "What was sent to modalities and peers, behind `since`, at most `limit`.") {
      request, services in
      try await exports(request, services)
    },
    Route(.delete, "/exports", "Forget what was sent; the numbers go on.") { _, services in
      try await services.archive.clearExportedResources()
      return .written
    },
  ]

  /// Changes at once unless asked otherwise, as with Orthanc.
  private static let page = 100

  private static func changes(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    var types: Set<ChangeType>?
    if let names = request.query["type"], !names.isEmpty {
      types = Set(
        try names.split(separator: ";").map { name in
          guard let type = ChangeType.allCases.first(where: { $0.name == name }) else {
            throw RESTError(.parameterOutOfRange, "Unknown change type: \(name)")
          }
          return type
        })
    }
    let page: ChangePage
    if request.query["last"] != nil {
      page = try await services.archive.lastChange()
    } else {
      let limit = try request.number("limit") ?? Self.page
      page = try await services.archive.changes(
        since: Int64(try request.number("since") ?? 0), limit: limit == 0 ? Self.page : limit, types: types)
    }
    return .json(
      .object([
        "Changes": .array(page.changes.map { change($0) }), "Done": .boolean(page.isDone),
        "Last": .number(page.last),
      ]))
  }

  static func change(_ change: Change) -> JSONValue {
    .object([
      "ChangeType": .text(change.type.name), "Date": .text(OrthancDate.text(change.date)),
      "ID": .text(change.resource.id.description),
      "Path": .text("/\(ResourcePath.folder(change.resource.level))/\(change.resource.id)"),
      "ResourceType": .text(change.resource.level.name), "Seq": .number(change.sequence),
    ])
  }

  private static func exports(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    var page: ExportedPage
    if request.query["last"] != nil {
      let last = try await services.archive.lastExportedResource()
      page = ExportedPage(resources: last.map { [$0] } ?? [], isDone: true, last: last?.sequence ?? 0)
    } else {
      let limit = try request.number("limit") ?? Self.page
      page = try await services.archive.exportedResources(
        since: Int64(try request.number("since") ?? 0), limit: limit == 0 ? Self.page : limit)
    }
    return .json(
      .object([
        "Exports": .array(page.resources.map { exported($0) }), "Done": .boolean(page.isDone),
        "Last": .number(page.last),
      ]))
  }

  private static func exported(_ exported: ExportedResource) -> JSONValue {
    var members: [String: JSONValue] = [
      "Date": .text(OrthancDate.text(exported.date)), "ID": .text(exported.resource.id.description),
      "Path": .text("/\(ResourcePath.folder(exported.resource.level))/\(exported.resource.id)"),
      "RemoteModality": .text(exported.remote), "ResourceType": .text(exported.resource.level.name),
      "Seq": .number(exported.sequence), "PatientID": .text(exported.patientID),
    ]
    if exported.resource.level > .patient { members["StudyInstanceUID"] = .text(exported.studyInstanceUID) }
    if exported.resource.level > .study { members["SeriesInstanceUID"] = .text(exported.seriesInstanceUID) }
    if exported.resource.level > .series { members["SOPInstanceUID"] = .text(exported.sopInstanceUID) }
    return .object(members)
  }
}
