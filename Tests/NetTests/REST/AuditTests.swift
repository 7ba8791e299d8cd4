import DICOM
import HTTPTypes
import HummingbirdCore
import NIOCore
import Store
import TestSupport
import Testing

@testable import Net

/// Lines that say who did what, or tried to.
@Suite struct AuditTests {
  private func lines(_ client: RESTClient) -> [String] { client.control.audits.withLock { $0 } }

  private func resources(_ ids: [String]) -> String {
    #"{"Resources": [\#(ids.map { "\"\($0)\"" }.joined(separator: ", "))]}"#
  }

  @Test func whatABodyNamesIsInTheLine() async throws {
    let client = try RESTClient()
    var ids: [String] = []
    for number in 1...7 {
      ids.append(
        try await client.store(DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number)))
    }
    client.control.audits.withLock { $0 = [] }
    #expect(try await client.post("/tools/create-archive", resources([ids[0]])).status == 200)
    #expect(try await client.post("/tools/create-media", resources([ids[1], ids[2]])).status == 200)
    #expect(try await client.post("/filmroom/export", resources([ids[3]])).status == 200)
    #expect(try await client.post("/tools/bulk-delete", resources(["DOE^JANE"] + ids)).status == 200)
    func named(_ ids: some Sequence<String>) -> String {
      ids.map { "/instances/\($0)" }.joined(separator: ", ")
    }
    #expect(
      lines(client) == [
        "someone from this machine: POST /tools/create-archive (\(named([ids[0]]))) → 200",
        "someone from this machine: POST /tools/create-media (\(named(ids[1...2]))) → 200",
        "someone from this machine: POST /filmroom/export (\(named([ids[3]]))) → 200",
        "someone from this machine: POST /tools/bulk-delete (\(named(ids[0..<5])) and 2 more) → 200",
      ])
    let records = client.control.records.withLock { $0 }.suffix(4)
    #expect(records.first?.resource?.id.description == ids[0])
    #expect(
      records.last?.resource == nil && records.last?.subjects { _ in "x" } == " (x, x, x, x, x and 2 more)")
  }

  private static func basic(_ user: String) -> [String: String] {
    // The password is wrong.
    ["Authorization": "Basic " + base64(Array("\(user):wrong".utf8))]
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0..<4 { text.append(digit <= group.count ? digits[bits >> (18 - 6 * digit) & 63] : "=") }
    }
    return text
  }

  @Test func whoIsNotLetInIsNamed() async throws {
    let client = try RESTClient(users: ["alice": "wonder land"])
    let requests: [(String, String, [String: String], String)] = [
      (
        "GET", "/studies?x=DOE", Self.basic("mallory"),
        "as “mallory” from this machine was not let in: GET /studies → 401"
      ),
      (
        "DELETE", "/patients/DOE%5EJANE", [:],
        "without a name from this machine was not let in: DELETE /patients/{id} → 401"
      ),
      ("GET", "/DOE%5EJANE", Self.basic("bob"), "as “bob” from this machine was not let in: GET /… → 401"),
      (
        "DELETE", "/changes",
        ["Authorization": "Basic YWxpY2U6d29uZGVyIGxhbmQ=", "Sec-Fetch-Site": "cross-site"],
        "as “alice” from this machine was not let in: DELETE /changes → 403"
      ),
      (
        "GET", "/system", Self.basic(String(repeating: "x", count: 5000)),
        "as “\(String(repeating: "x", count: 120))…” from this machine was not let in: GET /system → 401"
      ),
    ]
    for (method, target, headers, line) in requests {
      // Each on its own: the next of one address would wait.
      let client = try RESTClient(users: ["alice": "wonder land"])
      _ = try await client.send(method, target, headers: headers)
      #expect(lines(client) == ["somebody " + line])
    }
    _ = try await client.get("/system", headers: ["Authorization": "Basic YWxpY2U6d29uZGVyIGxhbmQ="])
    #expect(lines(client).isEmpty)
  }

  @Test func aFloodHasALineASecond() async throws {
    let client = try RESTClient(users: ["alice": "wonder land"])
    for _ in 0..<1000 { _ = try await client.get("/system", headers: Self.basic("mallory")) }
    let isTold = await eventually {
      lines(client).contains { $0.contains("more requests within a second") }
    }
    #expect(isTold)
    #expect(lines(client).count < 20, "\(lines(client))")
  }

  private func record(_ peer: String, _ uri: String = "/system") throws -> AuditRecord {
    var request = try RESTRequest(
      method: .get, target: uri, headers: HTTPFields(), body: RequestBody(buffer: ByteBuffer()))
    request.peer = peer
    var record = AuditRecord(request, status: 401)
    record.isRefused = true
    return record
  }

  @Test func everyRefusalIsCountedOnce() throws {
    var limit = RefusalLimit()
    let start = ContinuousClock.now
    #expect(limit.take(try record("a"), at: start) != nil)
    for number in 1...5 {
      #expect(limit.take(try record("a", "/series/\(number)"), at: start + .milliseconds(number)) == nil)
    }
    #expect(limit.take(try record("b"), at: start + .milliseconds(500)) != nil)
    #expect(limit.told(at: start + .milliseconds(999)).isEmpty)
    let told = limit.told(at: start + .seconds(1))
    #expect(
      told.map(\.peer) == ["a"] && told.first?.others == 4 && told.first?.line.contains("and 4 more") == true)
    // The second that begins has had its line.
    #expect(limit.take(try record("a"), at: start + .milliseconds(1500)) == nil)
    #expect(limit.told(at: start + .seconds(2)).map(\.others) == [0])
    #expect(limit.told(at: start + .seconds(3)).isEmpty && limit.isEmpty)
  }

  @Test func manyAddressesShareALine() throws {
    var limit = RefusalLimit()
    let start = ContinuousClock.now
    let told = try (0..<1000).compactMap { limit.take(try record("address \($0)"), at: start) }
    #expect(told.count == RefusalLimit.addresses + 1)
    let rest = limit.told(at: start + .seconds(1))
    #expect(rest.count == 1 && rest.first?.others == 1000 - told.count - 1)
  }

  @Test func importsGoOverTheSocketOnly() async throws {
    let client = try RESTClient()
    #expect(try await client.post("/filmroom/imports", "").status == 403)
    #expect(try await client.post("/filmroom/imports/1", "").status == 403)
    #expect(try await client.delete("/filmroom/imports/1").status == 403)
    #expect(lines(client).isEmpty)
  }

  /// Whoever began it may be gone.
  @Test func anImportThatIsLeftAloneIsToldToo() async throws {
    let client = try RESTClient()
    let control = client.control
    let runs = ImportRuns(patience: .milliseconds(20)) { control.audit($0) }
    let request = try RESTRequest(
      method: .post, target: "/filmroom/imports", headers: HTTPFields(),
      body: RequestBody(buffer: ByteBuffer()))
    let name = try runs.begin(request)
    let archive = client.archive
    for _ in 0..<2 {
      _ = try await runs.add(to: name) {
        try await archive.store(DataSetSamples.file(), origin: InstanceOrigin(.localFile))
      }
    }
    #expect(await eventually { !lines(client).isEmpty })
    let id = try #require(try await client.get("/instances").json.strings?.first)
    // What was there already is no change.
    #expect(lines(client) == ["someone from this machine: POST /filmroom/imports (/instances/\(id)) → 200"])
    let error = await #expect(throws: RESTError.self) {
      try await runs.add(to: name) {
        try await archive.store(DataSetSamples.file(), origin: InstanceOrigin(.localFile))
      }
    }
    #expect(error?.status == 404)
    for _ in 0..<ImportRuns.limit { _ = try runs.begin(request) }
    #expect(throws: RESTError.self) { try runs.begin(request) }
    runs.endAll()
  }
}
