import DICOM
import HTTPTypes
import Store

/// Attachments of resources, with their revisions.
enum AttachmentRoutes {
  static let routes = ResourceLevel.allCases.flatMap { level in
    let base = "/\(ResourcePath.folder(level))/{id}/attachments"
    return [
      Route(.get, base, "The attachments: names, or with `full` their numbers too.") { request, services in
        let attachments = try await services.archive.attachments(of: try request.resource(level))
        if !request.flag("full") { return .json(.texts(attachments.map(\.name))) }
        return .json(
          .object(
            Dictionary(
              attachments.map { ($0.name, .number(Int($0.type.rawValue))) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, base + "/{name}", "What can be asked of an attachment.") { request, services in
        let (info, _) = try await find(level, request, services)
        let children = RouteTable.children(of: base + "/{name}", in: parts(level, base + "/{name}"))
        return tagged(.json(.texts(children)), info)
      },
      Route(.put, base + "/{name}", "Add or replace a user-defined attachment.") {
        try await put(level, $0, $1)
      },
      Route(.delete, base + "/{name}", "Delete an attachment.") { request, services in
        let type = try type(request, services)
        if !type.isDeletable { return .empty(403) }
        try await services.archive.removeAttachment(
          type, expecting: try RevisionTag.expected(request), of: try request.resource(level))
        return .written
      },
    ] + parts(level, base + "/{name}")
  }

  /// What there is below an attachment.
  private static func parts(_ level: ResourceLevel, _ base: String) -> [Route] {
    func text(
      _ name: String, _ summary: String, _ value: @escaping @Sendable (AttachmentInfo) -> String?
    ) -> Route {
      Route(.get, base + "/" + name, summary) { request, services in
        let (info, _) = try await find(level, request, services)
        guard let value = value(info) else { return .empty(404) }
        return tagged(.text(value), info)
      }
    }
    return [
      Route(.get, base + "/data", "The content, decompressed; ranges are served.") { request, services in
        let (info, resource) = try await find(level, request, services)
        let content = try await services.archive.content(of: info.type, of: resource)
        return tagged(
          try await Download.content(content, type: info.mimeType, request: request).named(info.uuid), info)
      },
      Route(.get, base + "/compressed-data", "The file as it lies on the disk.") { request, services in
        let (info, resource) = try await find(level, request, services)
        let content = try await services.archive.storedContent(of: info.type, of: resource)
        return tagged(
          try await Download.content(content, type: "application/octet-stream", request: request)
            .named(info.uuid), info)
      },
      text("size", "Bytes of the content.") { String($0.uncompressedSize) },
      text("compressed-size", "Bytes on the disk.") { String($0.diskSize) },
      text("md5", "MD5 of the content.") { $0.md5 },
      text("compressed-md5", "MD5 of the file on the disk.") { $0.diskMD5 },
      text("is-compressed", "Whether it is compressed on the disk: 0 or 1.") { $0.isCompressed ? "1" : "0" },
      Route(.get, base + "/info", "Sizes, MD5s and the file's name.") { request, services in
        let (info, _) = try await find(level, request, services)
        return tagged(
          .json(
            .object([
              "CompressedMD5": .text(info.diskMD5 ?? ""), "CompressedSize": .number(info.diskSize),
              "ContentType": .number(Int(info.type.rawValue)), "UncompressedMD5": .text(info.md5 ?? ""),
              "UncompressedSize": .number(info.uncompressedSize), "Uuid": .text(info.uuid),
            ])), info)
      },
      Route(.post, base + "/compress", "Compress it on the disk.") { request, services in
        let (info, resource) = try await find(level, request, services)
        _ = try await services.archive.compressAttachment(info.type, of: resource)
        return .done
      },
      Route(.post, base + "/uncompress", "Lay it on the disk as it is.") { request, services in
        let (info, resource) = try await find(level, request, services)
        _ = try await services.archive.uncompressAttachment(info.type, of: resource)
        return .done
      },
      Route(.post, base + "/verify-md5", "Check file and content against their MD5s.") { request, services in
        let (info, resource) = try await find(level, request, services)
        if let fault = try await services.archive.verify(info.type, of: resource) {
          throw RESTError(.corruptedFile, "\(fault)")
        }
        return .done
      },
    ]
  }

  private static func tagged(_ response: RESTResponse, _ info: AttachmentInfo) -> RESTResponse {
    response.with(.eTag, RevisionTag.text(info.revision, md5: info.md5 ?? ""))
  }

  private static func type(_ request: RESTRequest, _ services: RESTServices) throws -> AttachmentType {
    do {
      return try services.archive.attachmentType(named: request.parameter("name"))
    } catch {
      throw RESTError(.inexistentItem)
    }
  }

  private static func find(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> (AttachmentInfo, ResourceReference) {
    let (resource, type) = (try request.resource(level), try type(request, services))
    do throws(StoreError) {
      return (try await services.archive.attachment(type, of: resource), resource)
    } catch {
      throw error.code == .notFound ? RESTError(.unknownResource) : RESTError(error)
    }
  }

  private static func put(
    _ level: ResourceLevel, _ request: RESTRequest, _ services: RESTServices
  ) async throws -> RESTResponse {
    let (resource, type) = (try request.resource(level), try type(request, services))
    if !type.isUserDefined { return .empty(403) }
    let expected = try RevisionTag.expected(request)
    let writer = try await services.archive.writeAttachment(type, of: resource)
    do {
      var size = 0
      for try await piece in request.body {
        size += piece.readableBytes
        if size > HTTPLimits.upload {
          throw RESTError(.badRequest, "the attachment has more than \(HTTPLimits.upload) bytes", status: 413)
        }
        try await Blocking.run { () throws(StoreError) in
          try piece.withUnsafeReadableBytes { bytes throws(StoreError) in try writer.append(bytes) }
        }
      }
    } catch {
      writer.discard()
      throw error
    }
    _ = try await writer.finish(expecting: expected)
    return tagged(.done, try await services.archive.attachment(type, of: resource))
  }
}
