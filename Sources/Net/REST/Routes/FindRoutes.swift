import DICOM
import Store

/// Searching, and many resources at once.
enum FindRoutes {
  static let routes = [
    Route(.post, "/tools/find", "Find resources by tags, labels and metadata.") { request, services in
      let body = FindBody(try await request.object())
      let query = try body.query(services)
      let ids = try await services.archive.find(query, readsFiles: services.settings.readsFilesToFind)
      guard let content = try body.content() else { return .json(.texts(ids.map(\.description))) }
      return .json(try await body.values(ids, content, services))
    },
    Route(.post, "/tools/count-resources", "Count what a search finds.") { request, services in
      let query = try FindBody(try await request.object()).query(services)
      let count = try await services.archive.count(query, readsFiles: services.settings.readsFilesToFind)
      return .json(.object(["Count": .number(count)]))
    },
    Route(.post, "/tools/lookup", "The resources with a DICOM identifier: a PatientID or a UID.") {
      request, services in
      let text = try await request.text()
      let found = try await services.archive.lookup(text.trimmingBlanks)
      return .json(.array(found.map { ResourcePath.reference($0) }))
    },
    Route(.post, "/tools/bulk-content", "What is known of many resources.") { try await bulkContent($0, $1) },
    Route(.post, "/tools/bulk-delete", "Delete many resources.") { request, services in
      let resources = try await resources(try await request.object(), services)
      request.subjects?.add(resources)
      _ = try await services.archive.delete(resources)
      return .done
    },
  ]

  /// The resources that `Resources` names; those that are gone are left out.
  static func resources(
    _ body: [String: JSONValue], _ services: RESTServices
  ) async throws -> [ResourceReference] {
    guard case .array(let items)? = body["Resources"] else {
      throw RESTError(.badRequest, "The list of resources is missing: \"Resources\"")
    }
    var resources: [ResourceReference] = []
    for item in items {
      guard case .text(let text) = item else {
        throw RESTError(.badRequest, "\"Resources\" must hold identifiers")
      }
      guard let id = PublicID(text) else { continue }
      resources += try await services.archive.resources(named: id)
    }
    return resources
  }

  private static func bulkContent(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let members = try await request.object()
    let body = FindBody(members)
    var resources = try await resources(members, services)
    if members["Level"] != nil {
      let level = try body.level()
      var moved: [ResourceReference] = []
      for resource in resources {
        let ids =
          resource.level <= level
          ? try await services.archive.ids(below: resource, at: level)
          : [try await services.archive.info(above: resource, at: level).row.id]
        moved += ids.map { ResourceReference(level, $0) }.filter { !moved.contains($0) }
      }
      resources = moved
    }
    var content: Set<FindBody.Content> = [.mainDicomTags, .children, .parent, .labels, .status, .isStable]
    if try body.boolean("Metadata") ?? true { content.insert(.metadata) }
    var values: [JSONValue] = []
    for resource in resources {
      for info in try await services.archive.infos(of: [resource.id], at: resource.level) {
        values.append(try await body.value(info, content, [], services))
      }
    }
    return .json(.array(values))
  }
}
