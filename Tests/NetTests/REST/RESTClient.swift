import DICOM
import HTTPTypes
import HummingbirdCore
import NIOCore
import Store
import Synchronization
import TestSupport
import Testing

@testable import Net

/// An archive of its own and the REST API over it, asked without a socket.
final class RESTClient: Sendable {
  let folder: TemporaryFolder
  let archive: Archive
  let jobs: JobsEngine
  let services: RESTServices
  let control = Control()
  private let responder: RESTResponder

  /// What the routes ask of the program.
  final class Control: ProgramControl {
    let audits = Mutex<[String]>([])
    let records = Mutex<[AuditRecord]>([])
    let ends = Mutex<[Bool]>([])
    private let levels = Mutex<[String: String]>([:])

    func logLevel(of category: String) -> String { levels.withLock { $0[category] } ?? "default" }
    func setLogLevel(_ level: String, of category: String) { levels.withLock { $0[category] = level } }
    func audit(_ record: AuditRecord) {
      audits.withLock { $0.append(record.line) }
      records.withLock { $0.append(record) }
    }
    var conformance: String { "Verification SCP" }
    func end(restarting: Bool) { ends.withLock { $0.append(restarting) } }
    func demo(removing: Bool, archive: Archive) async throws -> String { removing ? "removed" : "written" }
  }

  init(
    users: [String: String]? = nil,
    _ adjust: (inout ArchiveConfiguration, inout RESTSettings) -> Void = { _, _ in }
  ) throws {
    folder = try TemporaryFolder()
    var configuration = ArchiveConfiguration(storageFolder: folder.path + "/storage")
    configuration.stableAge = 3600
    var settings = RESTSettings(version: "test")
    adjust(&configuration, &settings)
    archive = try Archive(configuration, logger: quietLogger)
    jobs = try JobsEngine(archive, JobOptions(), logger: quietLogger)
    services = RESTServices(
      archive: archive, jobs: jobs, settings: settings,
      nodes: KnownNodes(
        modalities: [KnownModality(name: "self", aeTitle: "FILMROOM", host: "127.0.0.1", port: 4242)],
        peers: [KnownPeer(name: "self", url: "http://127.0.0.1:8042/", username: "a", password: "secret")]),
      reception: ReceptionRules(DICOMListenerConfiguration()), program: control, logger: quietLogger)
    responder = RESTResponder(services, security: RESTSecurity(users: users), logger: quietLogger)
  }

  deinit { archive.close() }

  /// An answer, its body read whole.
  struct Answer {
    var status: Int
    var headers: [String: String]
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var type: String? { headers["content-type"] }

    /// The body as JSON; null where it is none.
    var json: JSONValue { (try? JSONParser.parse(text)) ?? .null }
  }

  func send(
    _ method: String, _ target: String, _ body: [UInt8] = [], headers: [String: String] = [:]
  ) async throws -> Answer {
    var fields = HTTPFields()
    for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
    let request = try RESTRequest(
      method: try #require(HTTPRequest.Method(method)), target: target, headers: fields,
      body: RequestBody(buffer: ByteBuffer(bytes: body)))
    let response = await responder.respond(to: request)
    var received: [String: String] = [:]
    for (name, value) in response.headers { received[name.canonicalName] = value }
    var bytes: [UInt8] = []
    switch response.body {
    case .bytes(let all): bytes = all
    case .stream(_, let produce): try await produce { bytes += $0.readableBytesView }
    }
    return Answer(status: response.status, headers: received, bytes: bytes)
  }

  func get(_ target: String, headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", target, headers: headers)
  }

  func post(_ target: String, _ body: String) async throws -> Answer {
    try await send("POST", target, Array(body.utf8))
  }

  func put(_ target: String, _ body: String, ifMatch: String? = nil) async throws -> Answer {
    try await send("PUT", target, Array(body.utf8), headers: ifMatch.map { ["If-Match": $0] } ?? [:])
  }

  func delete(_ target: String, ifMatch: String? = nil) async throws -> Answer {
    try await send("DELETE", target, headers: ifMatch.map { ["If-Match": $0] } ?? [:])
  }

  /// Stores a file and returns its identifier.
  @discardableResult
  func store(_ file: [UInt8]) async throws -> String {
    let answer = try await send("POST", "/instances", file)
    guard case .text(let id)? = answer.json["ID"] else { throw RESTError(.badFileFormat, answer.text) }
    return id
  }
}

extension JSONValue {
  /// The texts of a list; nil for anything else.
  var strings: [String]? {
    guard case .array(let items) = self else { return nil }
    return items.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  var string: String? { if case .text(let text) = self { text } else { nil } }

  var names: [String]? { if case .object(let members) = self { members.keys.sorted() } else { nil } }
}
