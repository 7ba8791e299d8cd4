import DICOM
import HTTPTypes
import Store

/// The index made anew from files, and files written where the server can reach.
enum ReconstructRoutes {
  static let routes =
    ResourceLevel.allCases.map { level in
      Route(
        .post, "/\(ResourcePath.folder(level))/{id}/reconstruct",
        "Make what is known of a \(level.name.lowercased()), and of what is below and above, anew from its files."
      ) { request, services in
        let resource = try request.resource(level)
        try await services.archive.reconstruct(resource, try options(try await request.options()))
        return .written
      }
    } + [
      Route(.post, "/tools/reconstruct", "Make the whole index anew from the files.") { request, services in
        let options = try options(try await request.options())
        if options.isLimitedToLevel {
          throw RESTError(
            .badRequest, "LimitToThisLevelMainDicomTags needs a resource: the archive has no level")
        }
        try await services.archive.reconstruct(nil, options)
        return .written
      },
      Route(
        .post, "/instances/{id}/export",
        "Write the DICOM file to a path of the server's, with `RestApiWriteToFileSystemEnabled`."
      ) { request, services in
        if !services.settings.mayWriteFiles { return .empty(403) }
        let resource = try request.resource(.instance)
        try await services.archive.writeFile(of: resource.id, to: try await request.text())
        return .done
      },
    ]

  private static func options(_ members: [String: JSONValue]) throws(RESTError) -> ReconstructOptions {
    let body = FindBody(members)
    var options = ReconstructOptions()
    options.renewsFiles = try body.boolean("ReconstructFiles") ?? false
    options.isLimitedToLevel = try body.boolean("LimitToThisLevelMainDicomTags") ?? false
    if options.renewsFiles && options.isLimitedToLevel {
      throw RESTError(
        .badRequest,
        "ReconstructFiles takes every file, and LimitToThisLevelMainDicomTags only one: choose one of them")
    }
    return options
  }
}
