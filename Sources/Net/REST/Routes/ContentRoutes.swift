import DICOM
import HTTPTypes
import NIOCore
import Store

/// What stands in the DICOM files: tags, single elements, the file itself.
enum ContentRoutes {
  static let routes =
    instance + [ResourceLevel.patient, .study, .series].flatMap { collected($0) }
    + ResourceLevel.allCases.map { level in
      Route(
        .get, "/\(ResourcePath.folder(level))/{id}/module",
        "The main attributes of the \(level.name.lowercased()) module (PS3.3 §C)."
      ) { try await module(level, of: level, $0, $1) }
    }

  private static let instance = [
    Route(.get, "/instances/{id}/file", "The DICOM file.") { request, services in
      let resource = try request.resource(.instance)
      let attachment = try await services.archive.attachment(.dicom, of: resource)
      return try await Download.content(
        services.archive.content(of: .dicom, of: resource), type: "application/dicom", request: request
      ).named(attachment.uuid + ".dcm")
    },
    Route(
      .get, "/instances/{id}/tags",
      "All tags; `simplify` by name, `short` by number, `ignore-length` for long values."
    ) { request, services in
      .json(try await summary(request, services).value(format(request)))
    },
    Route(.get, "/instances/{id}/simplified-tags", "All tags by name.") { request, services in
      .json(try await summary(request, services).value(.simplified))
    },
    Route(.get, "/instances/{id}/header", "The file meta information.") { request, services in
      let header = try await services.archive.header(of: try request.resource(.instance).id)
      // Bytes that are no text are left out here, as with Orthanc.
      let texts = DicomSummary(elements: header.elements.filter { $0.value != .null })
      return .json(texts.value(format(request)))
    },
    Route(.get, "/instances/{id}/content", "The tags of the file.") { try await content($0, $1) },
    Route(
      .get, "/instances/{id}/content/{path...}",
      "One element: its value, the tags of an item, or the numbers of a sequence's items."
    ) { try await content($0, $1) },
    Route(
      .get, "/studies/{id}/module-patient",
      "The main attributes of the study's patient module (PS3.3 §C.7.1.1)."
    ) { try await module(.patient, of: .study, $0, $1) },
  ]

  /// What all instances below have.
  private static func collected(_ level: ResourceLevel) -> [Route] {
    let folder = ResourcePath.folder(level)
    return [
      Route(.get, "/\(folder)/{id}/instances-tags", "The tags of every instance below.") {
        request, services in
        let ids = try await services.archive.ids(below: try request.resource(level), at: .instance)
        let (format, long) = (format(request), try ignoredLength(request))
        return RESTResponse(
          status: 200, headers: [(.contentType, "application/json; charset=utf-8")],
          body: .stream(length: nil) { write in
            var separator = "{"
            for id in ids {
              guard let summary = try? await services.archive.summary(of: id, ignoringLengthOf: long) else {
                continue
              }
              let text = JSONWriter.text(summary.value(format), firstLevel: 1)
              try await write(ByteBuffer(string: "\(separator)\n   \"\(id)\" : \n   \(text)"))
              separator = ","
            }
            try await write(ByteBuffer(string: separator == "{" ? "{}" : "\n}"))
          })
      },
      Route(
        .get, "/\(folder)/{id}/shared-tags", "The tags that have the same value in every instance below."
      ) { request, services in
        let ids = try await services.archive.ids(below: try request.resource(level), at: .instance)
        var shared: [DicomSummary.Element]?
        for id in ids {
          let elements = try await services.archive.summary(
            of: id, ignoringLengthOf: try ignoredLength(request)
          ).elements
          guard let known = shared else {
            shared = elements
            continue
          }
          let present = Dictionary(elements.map { ($0.tag, $0) }, uniquingKeysWith: { $1 })
          shared = known.filter { present[$0.tag] == $0 }
        }
        return .json(DicomSummary(elements: shared ?? []).value(format(request)))
      },
    ]
  }

  static func format(_ request: RESTRequest) -> DicomSummary.Format {
    request.flag("simplify") ? .simplified : request.flag("short") ? .short : .full
  }

  private static func ignoredLength(_ request: RESTRequest) throws -> Set<Tag> {
    let names = request.query["ignore-length"]?.split(separator: ",", omittingEmptySubsequences: true) ?? []
    // `0010-0010,PatientName`, or one in Orthanc's own spelling.
    if let text = request.query["ignore-length"], let tag = Tag(hex: text) { return [tag] }
    return Set(try names.map { try TagNames.tag(String($0)) })
  }

  private static func summary(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> DicomSummary {
    try await services.archive.summary(
      of: try request.resource(.instance).id, ignoringLengthOf: try ignoredLength(request))
  }

  private static func module(
    _ module: ResourceLevel, of level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let resource = try request.resource(level)
    _ = try await services.archive.info(of: resource)
    guard let instance = try await services.archive.oneInstance(of: resource) else {
      throw RESTError(.unknownResource)
    }
    let tags = ModuleTags.of(module)
    let elements = try await services.archive.summary(of: instance, ignoringLengthOf: tags).elements
    return .json(
      DicomSummary(elements: elements.filter { tags.contains($0.tag) }).value(format(request)))
  }

  /// `0010-0010`, `PatientName`, `0008-1140/0/0008-1150`.
  private static func content(
    _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let resource = try request.resource(.instance)
    var nodes = try await services.archive.tags(of: resource.id).filter { $0.tag.group > 2 }
    var rest = request.path.dropFirst(3)
    while let name = rest.popFirst() {
      guard let tag = try? TagNames.tag(name), let node = nodes.first(where: { $0.tag == tag }) else {
        return .empty(404)
      }
      if node.vr == .SQ {
        guard let number = rest.popFirst() else { return .json(.texts(node.items.indices.map(String.init))) }
        guard let index = Int(number), node.items.indices.contains(index) else { return .empty(404) }
        nodes = node.items[index]
        continue
      }
      if node.length == nil {
        let content = try await services.archive.content(of: .dicom, of: resource)
        return try await fragments(node, rest.first, content, request)
      }
      if node.tag == .pixelData {
        // As with Orthanc, plain pixels are fragment 0.
        guard let number = rest.popFirst() else { return .json(.texts(["0"])) }
        if number != "0" { return .empty(404) }
      }
      if !rest.isEmpty { return .empty(404) }
      return try await Download.content(
        services.archive.value(at: node.valueRange, of: resource.id), type: "application/octet-stream",
        request: request)
    }
    return .json(.texts(nodes.map { $0.tag.orthancDescription.replacing(",", with: "-") }))
  }

  /// Encapsulated pixel data: the numbers of its fragments, or one of them.
  private static func fragments(
    _ node: TagNode, _ number: String?, _ content: AttachmentContent, _ request: RESTRequest
  ) async throws -> RESTResponse {
    let fragments = try await Blocking.run { () throws(StoreError) in
      try PixelFragments(content, at: node.valueRange.lowerBound).ranges
    }
    guard let number else { return .json(.texts(fragments.indices.map(String.init))) }
    guard let index = Int(number), fragments.indices.contains(index) else { return .empty(404) }
    return try await Download.content(
      content, range: fragments[index], type: "application/octet-stream", request: request)
  }
}
