import DICOM
import Foundation
import TestSupport
import Testing

@testable import Net

/// `HttpCompressionEnabled`.
@Suite(.serialized) struct CompressionTests {
  private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    let inflater = Inflater(limits: ParserLimits(), format: .gzipOrZlib)
    var result: [UInt8] = []
    try bytes.withUnsafeBytes { try inflater.inflate($0) { result += $0 } }
    #expect(inflater.isFinished)
    return result
  }

  @Test(arguments: [
    ("gzip, deflate", "gzip"), ("deflate", "deflate"), ("gzip;q=0, deflate", "deflate"), ("*", "gzip"),
    ("x-gzip", "gzip"), ("br", nil), ("gzip;q=0", nil), ("identity", nil), ("", nil),
  ]) func answersAreCompressedAsAClientTakesThem(accepted: String, coding: String?) async throws {
    let client = try RESTClient { $1.compresses = true }
    let plain = try await client.get("/plugins/explorer.js")
    #expect(plain.headers["content-encoding"] == nil)
    let whole = try await client.get("/tools/accepted-sop-classes")
    let answer = try await client.get("/tools/accepted-sop-classes", headers: ["Accept-Encoding": accepted])
    #expect(answer.headers["content-encoding"] == coding && answer.headers["vary"] == "Accept-Encoding")
    #expect(try coding == nil ? answer.bytes == whole.bytes : inflated(answer.bytes) == whole.bytes)
    if coding != nil { #expect(answer.bytes.count < whole.bytes.count / 2) }
  }

  @Test func onlyWhereItIsOnAndHelps() async throws {
    let off = try RESTClient()
    let plain = try await off.get("/system", headers: ["Accept-Encoding": "gzip"])
    #expect(plain.headers["content-encoding"] == nil && plain.headers["vary"] == nil)
    let client = try RESTClient { $1.compresses = true }
    let id = try await client.store(DataSetSamples.file(pixels: 600_000))
    let zip = try await client.get(
      "/tools/create-archive?resources=\(id)", headers: ["Accept-Encoding": "gzip"])
    #expect(zip.status == 200 && zip.headers["content-encoding"] == nil)
    // A part of a file is one of the file, and not of what it is compressed to.
    let part = try await client.get(
      "/instances/\(id)/attachments/dicom/data", headers: ["Accept-Encoding": "gzip", "Range": "bytes=0-9"])
    #expect(part.status == 206 && part.bytes.count == 10 && part.headers["content-encoding"] == nil)
    let file = try await client.get("/instances/\(id)/file")
    let packed = try await client.get("/instances/\(id)/file", headers: ["Accept-Encoding": "gzip"])
    #expect(packed.headers["content-encoding"] == "gzip" && packed.headers["accept-ranges"] == nil)
    #expect(try inflated(packed.bytes) == file.bytes)
  }

  @Test func curlAndHeadAgree() async throws {
    var settings = RESTSettings(version: "test")
    settings.compresses = true
    try await LiveServer.run(settings: settings) { server async throws in
      let url = "http://localhost:\(server.port)/tools/accepted-sop-classes"
      let plain = try await RunningProgram.run("curl", ["--silent", url])
      let packed = try await RunningProgram.run("curl", ["--silent", "--compressed", url])
      #expect(plain.output == packed.output && !plain.output.isEmpty)
      let head = try await RunningProgram.run("curl", ["--silent", "--compressed", "--head", url])
      let sized = try await RunningProgram.run(
        "curl", ["--silent", "--compressed", "--output", "/dev/null", "--write-out", "%{size_download}", url])
      #expect(head.output.contains("Content-Length: \(sized.output)\r\n"), "\(head.output) \(sized.output)")
      #expect(head.output.contains("Content-Encoding: gzip"))
    }
  }
}
