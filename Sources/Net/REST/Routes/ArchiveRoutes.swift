import DICOM
import HTTPTypes
import NIOCore
import Store

/// ZIP files of resources.
enum ArchiveRoutes {
  static let routes =
    [ResourceLevel.patient, .study, .series].flatMap { level -> [Route] in
      let path = "/\(ResourcePath.folder(level))/{id}/archive"
      let name = level.name.lowercased()
      return [
        Route(.get, path, "A ZIP file of a \(name), as it is made.") { request, services in
          let resource = try request.resource(level)
          let filename = request.query["filename"] ?? "\(resource.id).zip"
          try refuseTranscoding(request.query["transcode"])
          return try await stream(.resources([resource]), filename, services)
        },
        Route(.post, path, "A ZIP file of a \(name): as it is made, or with `Asynchronous` by a job.") {
          request, services in
          let resource = try request.resource(level)
          _ = try await services.archive.info(of: resource)
          return try await create([resource], try await options(request), "\(resource.id).zip", services)
        },
      ]
    } + [
      Route(.get, "/tools/create-archive", "A ZIP file of the `resources`, as it is made.") {
        request, services in
        guard let names = request.query["resources"] else {
          throw RESTError(.badRequest, "The \"resources\" argument is missing")
        }
        var resources: [ResourceReference] = []
        for name in names.split(separator: ",") { resources += try await find(String(name), services) }
        try refuseTranscoding(request.query["transcode"])
        return try await stream(.resources(resources), request.query["filename"] ?? "Archive.zip", services)
      },
      Route(.post, "/tools/create-archive", "A ZIP file of many resources: as it is made, or by a job.") {
        request, services in
        let body = try await request.json()
        var options: [String: JSONValue] = [:]
        var names: [JSONValue] = []
        switch body {
        case .array(let items)?: names = items
        case .object(let members)?:
          options = members
          guard case .array(let items)? = members["Resources"] else {
            throw RESTError(.badRequest, "The list of resources is missing: \"Resources\"")
          }
          names = items
        default: throw RESTError(.badRequest, "The body must be a JSON object, or an array of identifiers")
        }
        var resources: [ResourceReference] = []
        for item in names {
          guard case .text(let name) = item else { throw RESTError(.badRequest, "an identifier is expected") }
          resources += try await find(name, services)
        }
        return try await create(resources, options, "Archive.zip", services)
      },
    ]

  /// One that isn't there makes the whole request fail: nobody gets less than was asked for without a word.
  private static func find(_ name: String, _ services: RESTServices) async throws -> [ResourceReference] {
    guard let id = PublicID(name) else { throw RESTError(.unknownResource, name) }
    let found = try await services.archive.resources(named: id)
    if found.isEmpty { throw RESTError(.unknownResource, name) }
    return found
  }

  private static func options(_ request: RESTRequest) async throws -> [String: JSONValue] {
    let text = try await request.text()
    if text.trimmingBlanks.isEmpty { return [:] }
    guard case .object(let members)? = try? JSONParser.parse(text) else {
      throw RESTError(.badRequest, "The body must contain a JSON object")
    }
    return members
  }

  /// Images are not decoded here yet.
  static func refuseTranscoding(_ syntax: String?) throws(RESTError) {
    if let syntax {
      throw RESTError(.notImplemented, "Transcoding (to \(syntax)) is not available", status: 501)
    }
  }

  private static func create(
    _ resources: [ResourceReference], _ options: [String: JSONValue], _ filename: String,
    _ services: RESTServices
  ) async throws -> RESTResponse {
    let body = FindBody(options)
    try refuseTranscoding(try body.text("Transcode"))
    let name = try body.text("Filename") ?? filename
    let isAsynchronous =
      try body.boolean("Asynchronous") ?? (try body.boolean("Synchronous")).map { !$0 } ?? false
    if !isAsynchronous { return try await stream(.resources(resources), name, services) }
    var priority = 0
    if case .number(let number)? = options["Priority"], abs(number) < 1e9 { priority = Int(number) }
    let path = services.outputs.newPath()
    let id = try await services.jobs.submit(
      .export(.resources(resources), path: path, replaces: false), priority: priority)
    services.outputs.note(
      id, JobOutputs.Output(path: path, filename: try body.text("Filename") ?? "archive.zip"))
    return .json(.object(["ID": .text(id), "Path": .text("/jobs/\(id)")]))
  }

  private static func stream(
    _ selection: ExportSelection, _ filename: String, _ services: RESTServices
  ) async throws -> RESTResponse {
    let zip = try await services.archive.zipStream(of: selection)
    return RESTResponse(
      status: 200, headers: [(.contentType, "application/zip")],
      body: .stream(length: nil) { write in
        try await zip.write { try await write(ByteBuffer(bytes: $0)) }
      }
    ).named(filename)
  }
}
