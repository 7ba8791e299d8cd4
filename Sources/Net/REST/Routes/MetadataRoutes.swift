import Crypto
import DICOM
import HTTPTypes
import Store

/// Metadata of resources, with their revisions.
enum MetadataRoutes {
  static let routes = ResourceLevel.allCases.flatMap { level -> [Route] in
    let folder = ResourcePath.folder(level)
    return [
      Route(.get, "/\(folder)/{id}/metadata", "The names of the metadata, or with `expand` their values.") {
        request, services in
        let entries = try await services.archive.metadata(of: try request.resource(level))
        if request.query["numeric"] != nil {
          return .json(
            .array(
              entries.map {
                .object([
                  "Name": .text($0.name), "Number": .number(Int($0.key.rawValue)), "Value": .text($0.value),
                ])
              }))
        }
        if !request.flag("expand") { return .json(.texts(entries.map(\.name))) }
        return .json(
          .object(Dictionary(entries.map { ($0.name, .text($0.value)) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, "/\(folder)/{id}/metadata/{name}", "A metadata value; its revision is in the ETag.") {
        request, services in
        let resource = try request.resource(level)
        let key = try key(request, services)
        let entries = try await services.archive.metadata(of: resource)
        guard let entry = entries.first(where: { $0.key == key }) else { return .empty(404) }
        let tag = RevisionTag.text(entry.revision, of: Array(entry.value.utf8))
        if request.headers[.ifNoneMatch] == tag { return RESTResponse.empty(304).with(.eTag, tag) }
        return RESTResponse.text(entry.value).with(.eTag, tag)
      },
      Route(
        .put, "/\(folder)/{id}/metadata/{name}",
        "Set a user-defined metadata value; If-Match gives the revision that is replaced."
      ) { request, services in
        let resource = try request.resource(level)
        let key = try key(request, services)
        if !key.isUserDefined { return .empty(403) }
        let value = try await request.text()
        let revision = try await services.archive.setMetadata(
          key, to: value, expecting: try RevisionTag.expected(request), on: resource)
        return RESTResponse.written.with(.eTag, RevisionTag.text(revision, of: Array(value.utf8)))
      },
      Route(.delete, "/\(folder)/{id}/metadata/{name}", "Delete a user-defined metadata value.") {
        request, services in
        let resource = try request.resource(level)
        let key = try key(request, services)
        if !key.isUserDefined { return .empty(403) }
        do {
          try await services.archive.removeMetadata(
            key, expecting: try RevisionTag.expected(request), on: resource)
        } catch let error as StoreError where error.code == .notFound {
          return .empty(404)
        }
        return .written
      },
    ]
  }

  /// A number beyond 65535 is nobody's to set; a name that is none isn't there.
  private static func key(_ request: RESTRequest, _ services: RESTServices) throws -> MetadataKey {
    let name = request.parameter("name")
    if let number = Int(name), number > 65535 { return MetadataKey(rawValue: 0) }
    guard let key = try? services.archive.metadataKey(named: name) else { throw RESTError(.inexistentItem) }
    return key
  }
}

/// Revisions in HTTP: the ETag is `"<revision>-<MD5 of the value>"`, as Orthanc sends it.
enum RevisionTag {
  static func text(_ revision: Int, of value: [UInt8]) -> String {
    text(revision, md5: Insecure.MD5.hash(data: value).map { Self.hex($0) }.joined())
  }

  static func text(_ revision: Int, md5: String) -> String { "\"\(revision)-\(md5)\"" }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  /// What If-Match says: such a tag, or the bare revision; without it any. Throws `RESTError` for anything else.
  static func expected(_ request: RESTRequest) throws(RESTError) -> ExpectedRevision {
    guard let header = request.headers[.ifMatch] else { return .any }
    let bare = header.filter { $0 != "\"" && $0 != " " }
    let number = bare.prefix { $0 != "-" }
    guard let revision = Int(number), revision >= 0 else {
      throw RESTError(
        .parameterOutOfRange,
        "The \"If-Match\" HTTP header must hold the ETag (revision and MD5) or the revision, but has: \(bare)"
      )
    }
    return .revision(revision)
  }
}
