import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Metadata, attachments and labels over REST, with their revisions.
struct EditRouteTests {
  private func client(checksRevisions: Bool = false) async throws -> (RESTClient, String) {
    let client = try RESTClient { configuration, _ in
      configuration.checksRevisions = checksRevisions
      configuration.userMetadata = ["note": MetadataKey(rawValue: 1024)]
      configuration.userAttachments = [
        "report": UserAttachmentType(AttachmentType(rawValue: 1024), mimeType: "application/pdf")
      ]
    }
    let instance = try await client.store(DataSetSamples.file())
    let study = try #require(try await client.get("/instances/\(instance)/study").json["ID"]?.string)
    return (client, "/studies/\(study)")
  }

  @Test func aValueIsReplacedOnlyAtItsRevision() async throws {
    let (client, study) = try await client(checksRevisions: true)
    let uri = study + "/metadata/note"
    let first = try await client.put(uri, "hello")
    #expect(first.status == 200 && first.headers["etag"] == "\"0-5d41402abc4b2a76b9719d911017c592\"")
    #expect(try await client.put(uri, "again").status == 409)
    let second = try await client.put(uri, "again", ifMatch: first.headers["etag"])
    #expect(second.status == 200 && second.headers["etag"]?.hasPrefix("\"1-") == true)
    #expect(try await client.put(uri, "stale", ifMatch: "0").status == 409)
    #expect(try await client.put(uri, "bare", ifMatch: "\"1\"").status == 200)
    #expect(try await client.put(uri, "x", ifMatch: "nonsense").status == 400)
    let read = try await client.get(uri)
    #expect(read.text == "bare" && read.headers["etag"]?.hasPrefix("\"2-") == true)
    #expect(try await client.get(uri, headers: ["If-None-Match": read.headers["etag"] ?? ""]).status == 304)
    #expect(try await client.delete(uri).status == 409)
    #expect(try await client.delete(uri, ifMatch: "2").status == 200)
    #expect(try await client.get(uri).status == 404)
    #expect(try await client.delete(uri, ifMatch: "2").status == 404)
  }

  @Test func withoutTheOptionTheLastOneWins() async throws {
    let (client, study) = try await client()
    #expect(try await client.put(study + "/metadata/1024", "one").status == 200)
    #expect(try await client.put(study + "/metadata/note", "two").status == 200)
    #expect(try await client.get(study + "/metadata/note").text == "two")
    #expect(try await client.put(study + "/metadata/note", "three", ifMatch: "0").status == 409)
  }

  @Test(arguments: [("LastUpdate", 403), ("7", 403), ("70000", 403), ("nonsense", 404)])
  func otherMetadataAreNobodys(name: String, status: Int) async throws {
    let (client, study) = try await client()
    #expect(try await client.put(study + "/metadata/\(name)", "x").status == status)
    #expect(try await client.delete(study + "/metadata/\(name)").status == status)
  }

  @Test func aValueWithNULOrTooLongIsRefused() async throws {
    let (client, study) = try await client()
    #expect(try await client.put(study + "/metadata/note", "a\0b").status == 400)
    #expect(
      try await client.put(study + "/metadata/note", String(repeating: "a", count: 2 << 20)).status == 400)
    #expect(try await client.send("PUT", study + "/metadata/note", [0xFF, 0xFE]).status == 400)
    #expect(try await client.get(study + "/metadata/note").status == 404)
  }

  @Test func attachmentsGoInAndOut() async throws {
    let (client, study) = try await client(checksRevisions: true)
    let uri = study + "/attachments/report"
    let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 1000) }
    let put = try await client.send("PUT", uri, content)
    #expect(put.status == 200 && put.headers["etag"]?.hasPrefix("\"0-") == true)
    let read = try await client.get(uri + "/data")
    #expect(read.bytes == content && read.type == "application/pdf")
    let part = try await client.get(uri + "/data", headers: ["Range": "bytes=1000-1999"])
    #expect(part.status == 206 && part.bytes == Array(content[1000..<2000]))
    #expect(part.headers["content-range"] == "bytes 1000-1999/3000000")
    #expect(try await client.get(uri + "/data", headers: ["Range": "bytes=3000000-"]).status == 416)
    #expect(
      try await client.get(uri + "/data", headers: ["Range": "bytes=-5"]).bytes == Array(content.suffix(5)))
    #expect(try await client.post(uri + "/compress", "").status == 200)
    #expect(try await client.get(uri + "/is-compressed").text == "1")
    let info = try await client.get(uri + "/info").json
    #expect(info["UncompressedSize"] == .number(3_000_000) && info["ContentType"] == .number(1024))
    #expect(try await client.get(uri + "/compressed-data").bytes.count < 100_000)
    #expect(try await client.get(uri + "/data").bytes == content)
    #expect(try await client.post(uri + "/verify-md5", "").status == 200)
    #expect(try await client.send("PUT", uri, [1]).status == 409)
    #expect(try await client.get(study + "/attachments?full").json == .object(["report": .number(1024)]))
    #expect(try await client.delete(uri, ifMatch: "0").status == 200)
    #expect(try await client.get(uri + "/data").status == 404)
  }

  @Test func coreAttachmentsStay() async throws {
    let (client, _) = try await client()
    let instance = try #require(try await client.get("/instances").json.strings?.first)
    #expect(try await client.delete("/instances/\(instance)/attachments/dicom").status == 403)
    #expect(try await client.send("PUT", "/instances/\(instance)/attachments/1", [1]).status == 403)
    let file = try await client.get("/instances/\(instance)/file")
    #expect(file.bytes == DataSetSamples.file() && file.type == "application/dicom")
  }

  @Test func labelsAreCheckedAndListed() async throws {
    let (client, study) = try await client()
    #expect(try await client.put(study + "/labels/urgent", "").status == 200)
    #expect(try await client.get(study + "/labels").json.strings == ["urgent"])
    #expect(try await client.get(study + "/labels/urgent").status == 200)
    #expect(try await client.get(study + "/labels/other").status == 404)
    #expect(try await client.put(study + "/labels/not%20allowed", "").status == 400)
    #expect(try await client.get("/tools/labels").json.strings == ["urgent"])
    #expect(try await client.delete(study + "/labels/urgent").status == 200)
    #expect(try await client.get(study + "/labels").json.strings == [])
    #expect(try await client.put("/studies/nothing/labels/x", "").status == 404)
  }
}
