import DICOM

/// Every route of the REST API.
enum Routes {
  static let all: [Route] = listed(
    SystemRoutes.routes + UploadRoutes.routes + ResourceRoutes.routes + ContentRoutes.routes
      + FrameRoutes.routes + ReconstructRoutes.routes
      + MetadataRoutes.routes + LabelRoutes.routes + AttachmentRoutes.routes + ChangeRoutes.routes
      + FindRoutes.routes + JobRoutes.routes + ArchiveRoutes.routes
      + NodeRoutes.routes + ToolRoutes.routes + OwnRoutes.routes + ImportRoutes.routes)

  /// Paths that list what is below them.
  private static let listing = [
    "/tools", "/modalities/{id}", "/peers/{id}", "/instances/{id}/frames/{frame}",
  ]

  private static func listed(_ routes: [Route]) -> [Route] {
    routes
      + listing.map { pattern in
        let children = JSONValue.texts(RouteTable.children(of: pattern, in: routes))
        return Route(.get, pattern, "List the routes below.") { _, _ in .json(children) }
      }
  }
}
