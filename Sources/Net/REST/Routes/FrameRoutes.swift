import DICOM
import HTTPTypes
import NIOCore
import Store

/// What lies within the file of an instance, and how the slices of a series follow one another.
enum FrameRoutes {
  static let routes = [
    Route(.get, "/instances/{id}/frames", "The numbers of the frames.") { request, services in
      let count = try await services.archive.frameCount(of: try request.resource(.instance).id)
      return .json(.array((0..<count).map { .number($0) }))
    },
    Route(.get, "/instances/{id}/frames/{frame}/raw", "The bytes of a frame, as they lie in the file.") {
      request, services in
      guard let number = Int(request.parameter("frame")) else { return .empty(404) }
      let (content, syntax) = try await services.archive.frame(number, of: try request.resource(.instance).id)
      return try await Download.content(content, type: mediaType(syntax), request: request)
    },
    Route(.get, "/instances/{id}/frames/{frame}/raw.gz", "The bytes of a frame, compressed by gzip.") {
      request, services in
      guard let number = Int(request.parameter("frame")) else { return .empty(404) }
      let (content, _) = try await services.archive.frame(number, of: try request.resource(.instance).id)
      return RESTResponse(
        status: 200, headers: [(.contentType, "application/gzip")],
        body: .stream(length: nil) { write in
          let stream = DeflateStream(.gzip)
          var offset = 0
          repeat {
            let start = offset
            let bytes = try await Blocking.run { () throws(StoreError) in
              try content.read(at: start, count: min(DeflateStream.chunk, content.size - start))
            }
            if bytes.isEmpty && start < content.size {
              throw StoreError(.inputOutput, "the file is shorter than it was")
            }
            offset += bytes.count
            let piece = stream.compress(bytes, isLast: offset == content.size)
            if !piece.isEmpty { try await write(ByteBuffer(bytes: piece)) }
          } while offset < content.size
        })
    },
    Route(.get, "/instances/{id}/pdf", "The PDF that the instance encloses.") { request, services in
      guard let pdf = try await services.archive.pdf(of: try request.resource(.instance).id) else {
        return .empty(404)
      }
      return try await Download.content(pdf, type: "application/pdf", request: request)
    },
    Route(.get, "/series/{id}/ordered-slices", "The instances and frames of a series, in order.") {
      request, services in
      let series = try await services.archive.info(of: try request.resource(.series))
      let instances = try await services.archive.infos(below: series.reference, at: .instance)
      return .json(
        slices(SliceOrder(instances, orientation: series.mainTags[Tag(0x0020, 0x0037)])))
    },
  ]

  /// Orthanc names those that a browser can show.
  private static func mediaType(_ syntax: TransferSyntax) -> String {
    switch syntax.uid.value {
    case "1.2.840.10008.1.2.4.50": "image/jpeg"
    case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": "image/jp2"
    default: "application/octet-stream"
    }
  }

  private static func slices(_ order: SliceOrder) -> JSONValue {
    .object([
      "Type": .text(order.isVolume ? "Volume" : "Sequence"),
      "Dicom": .texts(order.slices.map { "/instances/\($0.instance)/file" }),
      "Slices": .texts(
        order.slices.flatMap { slice in
          (0..<slice.frames).map { "/instances/\(slice.instance)/frames/\($0)" }
        }),
      "SlicesShort": .array(
        order.slices.map { .array([.text($0.instance.description), .number(0), .number($0.frames)]) }),
    ])
  }
}
