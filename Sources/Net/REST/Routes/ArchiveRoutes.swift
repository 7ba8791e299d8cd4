import DICOM
import HTTPTypes
import NIOCore
import Store

/// ZIP files of resources: in folders, or as media with a DICOMDIR.
enum ArchiveRoutes {
  static let routes =
    [ResourceLevel.patient, .study, .series].flatMap { resource($0, .archive) + resource($0, .media) }
    + tool("/tools/create-archive", .archive) + tool("/tools/create-media", .media)
    + tool("/tools/create-media-extended", .extendedMedia)

  /// What a route makes, unless the request says otherwise.
  private enum Product {
    case archive, media, extendedMedia

    var text: String {
      switch self {
      case .archive: "A ZIP file"
      case .media: "A ZIP file with a DICOMDIR"
      case .extendedMedia: "A ZIP file with an extended DICOMDIR"
      }
    }

    /// - Parameter isExtended: what the request says; nil when nothing.
    func layout(isExtended: Bool?) -> ExportLayout {
      self == .archive ? .folders : .media(isExtended: isExtended ?? (self == .extendedMedia))
    }
  }

  private static func resource(_ level: ResourceLevel, _ product: Product) -> [Route] {
    let name = level.name.lowercased()
    let path = "/\(ResourcePath.folder(level))/{id}/" + (product == .archive ? "archive" : "media")
    return [
      Route(.get, path, "\(product.text) of a \(name), as it is made.") { request, services in
        let resource = try request.resource(level)
        let filename = request.query["filename"] ?? "\(resource.id).zip"
        try refuseTranscoding(request.query["transcode"])
        let isExtended = request.query["extended"].map { _ in request.flag("extended") }
        return try await stream(
          .resources([resource]), product.layout(isExtended: isExtended), filename, services)
      },
      Route(.post, path, "\(product.text) of a \(name): as it is made, or with `Asynchronous` by a job.") {
        request, services in
        let resource = try request.resource(level)
        _ = try await services.archive.info(of: resource)
        return try await create(
          [resource], product, try await request.options(), "\(resource.id).zip", services)
      },
    ]
  }

  private static func tool(_ path: String, _ product: Product) -> [Route] {
    [
      Route(.get, path, "\(product.text) of the `resources`, as it is made.") { request, services in
        guard let names = request.query["resources"] else {
          throw RESTError(.badRequest, "The \"resources\" argument is missing")
        }
        var resources: [ResourceReference] = []
        for name in names.split(separator: ",") { resources += try await find(String(name), services) }
        try refuseTranscoding(request.query["transcode"])
        return try await stream(
          .resources(resources), product.layout(isExtended: nil), request.query["filename"] ?? "Archive.zip",
          services)
      },
      Route(.post, path, "\(product.text) of many resources: as it is made, or by a job.") {
        request, services in
        let (names, options) = try await named(request)
        var resources: [ResourceReference] = []
        for name in names { resources += try await find(name, services) }
        request.subjects?.add(resources)
        return try await create(resources, product, options, "Archive.zip", services)
      },
    ]
  }

  /// A list of identifiers, alone or with options.
  private static func named(
    _ request: RESTRequest
  ) async throws -> (names: [String], options: [String: JSONValue]) {
    var options: [String: JSONValue] = [:]
    let names: [JSONValue]
    switch try await request.json() {
    case .array(let items)?: names = items
    case .object(let members)?:
      options = members
      guard case .array(let items)? = members["Resources"] else {
        throw RESTError(.badRequest, "The list of resources is missing: \"Resources\"")
      }
      names = items
    default: throw RESTError(.badRequest, "The body must be a JSON object, or an array of identifiers")
    }
    return (
      try names.map { name throws(RESTError) in
        guard case .text(let text) = name else { throw RESTError(.badRequest, "an identifier is expected") }
        return text
      }, options
    )
  }

  /// One that isn't there makes the whole request fail: nobody gets less than was asked for without a word.
  private static func find(_ name: String, _ services: RESTServices) async throws -> [ResourceReference] {
    guard let id = PublicID(name) else { throw RESTError(.unknownResource, name) }
    let found = try await services.archive.resources(named: id)
    if found.isEmpty { throw RESTError(.unknownResource, name) }
    return found
  }

  /// Images are not decoded here yet.
  static func refuseTranscoding(_ syntax: String?) throws(RESTError) {
    if let syntax {
      throw RESTError(.notImplemented, "Transcoding (to \(syntax)) is not available", status: 501)
    }
  }

  private static func create(
    _ resources: [ResourceReference], _ product: Product, _ options: [String: JSONValue], _ filename: String,
    _ services: RESTServices
  ) async throws -> RESTResponse {
    let body = FindBody(options)
    try refuseTranscoding(try body.text("Transcode"))
    let name = try body.text("Filename") ?? filename
    let isAsynchronous =
      try body.boolean("Asynchronous") ?? (try body.boolean("Synchronous")).map { !$0 } ?? false
    let layout = product.layout(isExtended: try body.boolean("Extended"))
    if !isAsynchronous { return try await stream(.resources(resources), layout, name, services) }
    var priority = 0
    if case .number(let number)? = options["Priority"], abs(number) < 1e9 { priority = Int(number) }
    let path = services.outputs.newPath()
    let id = try await services.jobs.submit(job(.resources(resources), layout, path), priority: priority)
    services.outputs.note(
      id, JobOutputs.Output(path: path, filename: try body.text("Filename") ?? "archive.zip"))
    return .json(.object(["ID": .text(id), "Path": .text("/jobs/\(id)")]))
  }

  private static func job(_ selection: ExportSelection, _ layout: ExportLayout, _ path: String) -> JobKind {
    switch layout {
    case .folders: .export(selection, path: path, replaces: false)
    case .media(let isExtended): .media(selection, path: path, isExtended: isExtended)
    }
  }

  private static func stream(
    _ selection: ExportSelection, _ layout: ExportLayout, _ filename: String, _ services: RESTServices
  ) async throws -> RESTResponse {
    let zip = try await services.archive.zipStream(of: selection, layout: layout)
    return RESTResponse(
      status: 200, headers: [(.contentType, "application/zip")],
      body: .stream(length: nil) { write in
        try await zip.write { try await write(ByteBuffer(bytes: $0)) }
      }
    ).named(filename)
  }
}
