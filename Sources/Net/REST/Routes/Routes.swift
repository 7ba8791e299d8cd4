import DICOM

/// Every route of the REST API.
enum Routes {
  static let all: [Route] = listed(
    SystemRoutes.routes + UploadRoutes.routes + ResourceRoutes.routes + ContentRoutes.routes
      + FrameRoutes.routes + ReconstructRoutes.routes
      + MetadataRoutes.routes + LabelRoutes.routes + AttachmentRoutes.routes + ChangeRoutes.routes
      + FindRoutes.routes + JobRoutes.routes + ArchiveRoutes.routes
      + NodeRoutes.routes + ToolRoutes.routes + OwnRoutes.routes + ImportRoutes.routes)

  /// Paths that list what is below them, where there is such a thing.
  private static let listing: [(String, @Sendable (RESTRequest, RESTServices) -> Bool)] = [
    ("/tools", { _, _ in true }),
    ("/modalities/{id}", { request, services in services.nodes.modalities[request.parameter("id")] != nil }),
    ("/peers/{id}", { request, services in services.nodes.peers[request.parameter("id")] != nil }),
    ("/instances/{id}/frames/{frame}", { _, _ in true }),
  ]

  private static func listed(_ routes: [Route]) -> [Route] {
    routes
      + listing.map { pattern, isThere in
        let children = JSONValue.texts(RouteTable.children(of: pattern, in: routes))
        return Route(.get, pattern, "List the routes below.") { request, services in
          isThere(request, services) ? .json(children) : .empty(404)
        }
      }
  }
}
