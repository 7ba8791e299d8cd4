import DICOM
import HTTPTypes
import HummingbirdCore
import NIOCore
import Store

/// Instances that come over HTTP.
enum UploadRoutes {
  static let routes = [
    Route(
      .post, "/instances",
      "Store a DICOM file, a form with files, or a ZIP file of them; the body may be compressed with gzip."
    ) { request, services in
      if let length = request.length, length > HTTPLimits.upload { throw BodySpool.tooLong }
      let spool = BodySpool(folder: services.archive.uploadFolder)
      try await spool.take(request.body, encoding: request.headers[.contentEncoding])
      let upload = Upload(services: services, request: request)
      if let boundary = FormData.boundary(request.headers[.contentType]) {
        return try await upload.form(spool, boundary: boundary)
      }
      return upload.answer(try await upload.store(spool.part(0..<spool.size)))
    }
  ]
}

extension UploadRoutes {
  /// Whether a request brings a file so small that it is stored on the thread that read it.
  static func isSmall(_ request: Request) -> Bool {
    guard request.method == .post, request.head.path == "/instances",
      request.headers[.contentEncoding] == nil,
      let length = request.headers[.contentLength].flatMap({ Int($0) })
    else { return false }
    return length <= Archive.smallFile
  }
}

/// One request with files in it.
private struct Upload {
  let services: RESTServices
  let request: RESTRequest

  /// A file alone is answered with an object, several with a list.
  enum Outcome {
    case one(StoreResult)
    case several([JSONValue])
  }

  private var origin: InstanceOrigin {
    InstanceOrigin(.restAPI, remoteIP: request.peer, httpUsername: request.user)
  }

  func answer(_ outcome: Outcome) -> RESTResponse {
    switch outcome {
    case .one(let result): .json(stored(result))
    case .several(let values): .json(.array(values))
    }
  }

  func store(_ part: BodySpool.Part) async throws -> Outcome {
    if part.size == 0 { throw RESTError(.badFileFormat, "Received an empty DICOM file") }
    if part.starts(with: ZipMark.bytes) {
      // However small it is, much may be in it.
      return .several(
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await archive(part) })
    }
    return .one(try await file(part))
  }

  private func file(_ part: BodySpool.Part) async throws -> StoreResult {
    do throws(StoreError) {
      return try await services.archive.store(size: part.size, origin: origin, waitsForIndex: false) {
        offset, count throws(StoreError) in try part.read(at: offset, count: count)
      }
    } catch {
      guard error.code == .cannotUnderstand || error.code == .dataSetMismatch else { throw error }
      throw RESTError(
        .badFileFormat, "Cannot parse an invalid DICOM file (size: \(part.size) bytes): \(error.message)")
    }
  }

  /// Every DICOM file of a ZIP file; what is none is passed over.
  private func archive(_ part: BodySpool.Part) async throws -> [JSONValue] {
    let file = try await part.file()
    let reader = try ZipReader(file.path)
    defer { withExtendedLifetime(file) {} }
    var values: [JSONValue] = []
    for entry in reader.entries where !entry.isFolder {
      do throws(StoreError) {
        values.append(
          stored(try await services.archive.importEntry(entry, of: reader, origin: origin)))
      } catch {
        guard error.code == .cannotUnderstand || error.code == .dataSetMismatch else { throw error }
      }
    }
    return values
  }

  func form(_ spool: BodySpool, boundary: [UInt8]) async throws -> RESTResponse {
    let parts = try await FormData.parts(of: spool, boundary: boundary)
    if parts.isEmpty { throw RESTError(.badRequest, "the form holds no file") }
    if parts.count == 1 { return answer(try await store(spool.part(parts[0]))) }
    var values: [JSONValue] = []
    for range in parts {
      switch try await store(spool.part(range)) {
      case .one(let result): values.append(stored(result))
      case .several(let more): values += more
      }
    }
    return .json(.array(values))
  }

  private func stored(_ result: StoreResult) -> JSONValue {
    let status =
      switch result.status {
      case .stored, .overwritten: "Success"
      case .alreadyStored: "AlreadyStored"
      }
    let id = result.instance
    request.subjects?.add([ResourceReference(.instance, id)])
    return .object([
      "ID": .text(id.description), "Path": .text("/instances/\(id)"), "Status": .text(status),
      "ParentPatient": .text(result.id(.patient).description),
      "ParentStudy": .text(result.id(.study).description),
      "ParentSeries": .text(result.id(.series).description),
    ])
  }
}

private enum ZipMark {
  /// The first local file header, or the end of an empty archive.
  static let bytes = Array("PK".utf8) + [3, 4]
}
