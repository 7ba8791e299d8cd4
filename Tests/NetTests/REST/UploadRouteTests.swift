import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Files that come over HTTP.
struct UploadRouteTests {
  @Test func theSameFileIsStoredOnce() async throws {
    let client = try RESTClient()
    let first = try await client.send("POST", "/instances", DataSetSamples.file())
    #expect(first.json["Status"] == .text("Success"))
    let second = try await client.send("POST", "/instances", DataSetSamples.file())
    #expect(second.json["Status"] == .text("AlreadyStored") && second.json["ID"] == first.json["ID"])
    let study = try #require(first.json["ParentStudy"]?.string)
    #expect(try await client.get("/studies/\(study)").status == 200)
  }

  @Test func formsMayHoldSeveralFiles() async throws {
    let client = try RESTClient()
    var body: [UInt8] = []
    for number in 1...2 {
      body += Array(
        "--frontier\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(number).dcm\"\r\n\r\n".utf8)
      body += DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number)
      body += Array("\r\n".utf8)
    }
    body += Array("--frontier--\r\n".utf8)
    let answer = try await client.send(
      "POST", "/instances", body, headers: ["Content-Type": "multipart/form-data; boundary=frontier"])
    guard case .array(let stored) = answer.json else {
      Issue.record("\(answer.text)")
      return
    }
    #expect(stored.map { $0["Status"] } == [.text("Success"), .text("Success")])
    #expect(try await client.get("/instances").json.strings?.count == 2)
    let empty = try await client.send(
      "POST", "/instances", Array("--x--\r\n".utf8),
      headers: ["Content-Type": "multipart/form-data; boundary=x"])
    #expect(empty.status == 400)
  }

  @Test func whatGoesOutAsZIPComesInAsZIP() async throws {
    let client = try RESTClient()
    for number in 1...3 {
      // Large enough for a file of its own while it is taken in.
      try await client.store(
        DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number, pixels: 2 << 20))
    }
    let study = try #require(try await client.get("/studies").json.strings?.first)
    let zip = try await client.get("/studies/\(study)/archive")
    #expect(zip.type == "application/zip" && zip.bytes.starts(with: Array("PK".utf8)))
    #expect(zip.headers["content-disposition"] == "filename=\"\(study).zip\"")
    #expect(try await client.delete("/studies/\(study)").status == 200)
    guard case .array(let stored) = try await client.send("POST", "/instances", zip.bytes).json else {
      Issue.record("no list")
      return
    }
    #expect(stored.count == 3)
    #expect(try await client.get("/studies").json.strings == [study])
  }

  @Test func aGzippedBodyIsInflatedWithinBounds() async throws {
    let client = try RESTClient()
    let file = DataSetSamples.file(pixels: 100_000)
    let answer = try await client.send(
      "POST", "/instances", Deflate.gzip(file), headers: ["Content-Encoding": "gzip"])
    let id = try #require(answer.json["ID"]?.string)
    #expect(try await client.get("/instances/\(id)/file").bytes == file)
    let cut = Array(Deflate.gzip(file).dropLast(20))
    #expect(
      try await client.send("POST", "/instances", cut, headers: ["Content-Encoding": "gzip"]).status == 400)
    #expect(
      try await client.send("POST", "/instances", file, headers: ["Content-Encoding": "gzip"]).status == 400)
    #expect(
      try await client.send("POST", "/instances", file, headers: ["Content-Encoding": "br"]).status == 415)
    let bomb = Deflate.gzip([], thenZeros: 64 << 20)
    #expect(
      try await client.send("POST", "/instances", bomb, headers: ["Content-Encoding": "gzip"]).status == 400)
  }

  @Test(arguments: [[], Array("not DICOM".utf8), Array("PK\u{3}\u{4}junk".utf8)] as [[UInt8]])
  func whatIsNoDICOMIsRefused(body: [UInt8]) async throws {
    let client = try RESTClient()
    let answer = try await client.send("POST", "/instances", body)
    #expect(answer.status == 400 && answer.json["OrthancStatus"] == .number(15), "\(answer.text)")
    #expect(try await client.get("/instances").json.strings == [])
  }

  @Test func aFullArchiveAnswers507() async throws {
    let client = try RESTClient { configuration, _ in
      configuration.limits = StorageLimits(size: 0, patients: 1, mode: .reject)
    }
    try await client.store(DataSetSamples.file())
    let answer = try await client.send(
      "POST", "/instances",
      DataSetSamples.file(patientID: "P2", study: "1.3", series: "1.3.1", instance: "1.3.1.1"))
    #expect(answer.status == 507 && answer.json["HttpError"] == .text("Insufficient Storage"))
  }
}
