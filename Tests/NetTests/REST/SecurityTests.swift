import DICOM
import TestSupport
import Testing

@testable import Net

/// Who may ask over HTTP, and what nobody may.
struct SecurityTests {
  /// `alice:wonder land`.
  private static let alice = ["Authorization": "Basic YWxpY2U6d29uZGVyIGxhbmQ="]

  @Test func usersMustKnowTheirPassword() async throws {
    let client = try RESTClient(users: ["alice": "wonder land"])
    let refused = try await client.get("/system")
    #expect(refused.status == 401 && refused.headers["www-authenticate"]?.hasPrefix("Basic ") == true)
    #expect(try await client.get("/system", headers: Self.alice).status == 200)
    for header in ["Basic YWxpY2U6d29uZGVy", "Basic Ym9iOng=", "Basic !!!!", "Bearer x", "Basic"] {
      #expect(try await client.get("/system", headers: ["Authorization": header]).status == 401, "\(header)")
    }
    // Also what is not there.
    #expect(try await client.get("/nothing").status == 401)
    let label = try await client.send("PUT", "/studies/x/labels/y", headers: Self.alice)
    #expect(label.status == 404)
    #expect(client.control.audits.withLock { $0.contains { $0.hasPrefix("alice from ") } })
  }

  @Test func auditRecordsHoldPublicIdentifiersAndNothingElse() async throws {
    let client = try RESTClient(users: ["alice": "wonder land"])
    let id = "/studies/2e17ffb3-1a0f4e4c-5a2b6a0d-ef0d8b33-c4a7f2a1"
    _ = try await client.send("PUT", id + "/metadata/1024?x=DOE", Array("DOE^JANE".utf8), headers: Self.alice)
    _ = try await client.send("DELETE", "/patients/DOE%5EJANE", headers: Self.alice)
    _ = try await client.send(
      "POST", "/tools/bulk-delete", Array(#"{"Resources": ["DOE^JANE"]}"#.utf8), headers: Self.alice)
    _ = try await client.send("GET", id, headers: Self.alice)
    _ = try await client.send(
      "POST", "/tools/find", Array(#"{"Level": "Study", "Query": {}}"#.utf8), headers: Self.alice)
    let records = client.control.records.withLock { $0 }
    #expect(records.map(\.uri) == [id + "/metadata/1024", "/patients/{id}", "/tools/bulk-delete"])
    #expect(records.map { $0.resource?.level } == [.study, nil, nil])
    #expect(records.allSatisfy { $0.user == "alice" && $0.status == 404 || $0.method == "POST" })
    #expect(!records.contains { "\($0)".contains("DOE") })
  }

  @Test(arguments: [
    (["Origin": "http://evil.example", "Host": "localhost:8042"], 403),
    (["Origin": "http://localhost:8042", "Host": "localhost:8042"], 200),
    (["Origin": "null", "Host": "localhost:8042"], 403), (["Sec-Fetch-Site": "cross-site"], 403),
    (["Sec-Fetch-Site": "same-site"], 403), (["Sec-Fetch-Site": "same-origin"], 200),
    (["Sec-Fetch-Site": "none"], 200), ([:], 200),
  ]) func pagesOfOtherSitesChangeNothing(headers: [String: String], status: Int) async throws {
    let client = try RESTClient()
    let answer = try await client.send("DELETE", "/changes", headers: headers)
    #expect(answer.status == status)
    #expect(try await client.send("GET", "/changes", headers: headers).status == 200)
  }

  @Test(arguments: [
    "/instances/%", "/instances/%zz", "/instances/%00", "/%ff%fe", "/studies/%C3%28",
  ]) func badlyEncodedPathsAreRefused(target: String) async throws {
    let client = try RESTClient()
    let error = await #expect(throws: RESTError.self) { try await client.get(target) }
    #expect(error?.status == 400)
  }

  @Test(arguments: [
    "/../../etc/passwd", "/instances/../../../etc/passwd", "/instances/..%2f..%2fetc%2fpasswd/file",
    "/plugins/..%2f..", "/jobs/..%2f../archive",
  ]) func pathsLeadNowhereElse(target: String) async throws {
    let client = try RESTClient()
    #expect([404, 400].contains(try await client.get(target).status))
  }

  @Test func deepOrHugeJSONIsRefused() async throws {
    let client = try RESTClient()
    let deep = String(repeating: "[", count: 100_000)
    #expect(try await client.post("/tools/find", deep).status == 400)
    let objects = String(repeating: #"{"a":"#, count: 100_000)
    #expect(try await client.post("/tools/find", objects).status == 400)
    let many = "{" + (0..<100_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
    #expect(try await client.post("/tools/find", many).status == 400)
    let huge = [UInt8](repeating: 0x20, count: HTTPLimits.textBody + 1)
    #expect(try await client.send("POST", "/tools/find", huge).status == 413)
  }

  @Test func errorsAreDescribedUnlessTurnedOff() async throws {
    let silent = try RESTClient { $1.describesErrors = false }
    let answer = try await silent.get("/nothing")
    #expect(answer.status == 404 && answer.bytes.isEmpty)
    let client = try RESTClient()
    #expect(try await client.get("/nothing").json["Uri"] == .text("/nothing"))
    let other = try await client.send("DELETE", "/system")
    #expect(other.status == 405 && other.headers["allow"] == "GET")
  }

  @Test func headHasTheHeadersOfGet() async throws {
    let client = try RESTClient()
    let answer = try await client.send("HEAD", "/system")
    #expect(answer.status == 200 && answer.bytes.isEmpty)
    #expect(answer.type == "application/json; charset=utf-8")
  }

  @Test func passwordsOfPeersAreNotShown() async throws {
    let client = try RESTClient()
    #expect(try await client.get("/peers?expand").text.contains("secret") == false)
    #expect(try await client.get("/peers/self/configuration").json["Username"] == .text("a"))
    #expect(try await client.put("/peers/new", #"["http://x/", "u", "p"]"#).status == 200)
    #expect(try await client.get("/peers").json.strings == ["new", "self"])
    #expect(try await client.put("/peers/bad", #"["ftp://x/"]"#).status == 400)
    #expect(try await client.delete("/peers/new").status == 200)
    #expect(try await client.delete("/peers/new").status == 404)
    #expect(try await client.delete("/modalities/new").status == 404)
    #expect(try await client.get("/modalities/new").status == 404)
    #expect(try await client.get("/peers/self").json.strings?.contains("configuration") == true)
  }
}
