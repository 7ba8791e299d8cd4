import DICOM
import Store

/// Labels of resources.
enum LabelRoutes {
  static let routes =
    ResourceLevel.allCases.flatMap { level -> [Route] in
      let folder = ResourcePath.folder(level)
      return [
        Route(.get, "/\(folder)/{id}/labels", "The labels of a \(level.name.lowercased()).") {
          request, services in
          .json(.texts(try await labels(level, request, services)))
        },
        Route(.get, "/\(folder)/{id}/labels/{label}", "Whether a label is there: 200 or 404.") {
          request, services in
          try await labels(level, request, services).contains(request.parameter("label"))
            ? .written : .empty(404)
        },
        Route(.put, "/\(folder)/{id}/labels/{label}", "Add a label.") { request, services in
          _ = try await labels(level, request, services)
          let label = request.parameter("label")
          do {
            try await services.archive.editLabels(
              adding: [label], removing: [], on: [try request.resource(level)])
          } catch let error as StoreError where error.code == .badValue {
            throw RESTError(
              .parameterOutOfRange,
              "A label must be a non-empty, alphanumeric string, possibly with '_' or '-' characters, "
                + "with maximum 64 characters, but got: \(label)")
          }
          return .written
        },
        Route(.delete, "/\(folder)/{id}/labels/{label}", "Remove a label.") { request, services in
          _ = try await labels(level, request, services)
          try await services.archive.editLabels(
            adding: [], removing: [request.parameter("label")], on: [try request.resource(level)])
          return .written
        },
      ]
    } + [
      Route(.get, "/tools/labels", "Every label in use.") { _, services in
        .json(.texts(try await services.archive.labelsInUse().map(\.label).sorted()))
      }
    ]

  private static func labels(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> [String] {
    let resource = try request.resource(level)
    guard let labels = try await services.archive.labels(of: [resource])[resource] else {
      throw RESTError(.unknownResource)
    }
    return labels
  }
}
