import DICOM
import Foundation
import Store
import TestSupport
import Testing

@testable import Net

/// Frames, documents, slices, media, reconstruction and export over REST.
struct MediaRouteTests {
  private let image = DataSetSamples.instance(extra: [
    DataElement(DICOM.Tag(0x0028, 0x0002), numbers: [1]), DataElement(.numberOfFrames, .IS, text: "2"),
    DataElement(DICOM.Tag(0x0028, 0x0100), numbers: [8]),
  ])

  private func file(_ dataSet: DataSet, as syntax: TransferSyntax = .explicitLittleEndian) -> [UInt8] {
    DataSetWriter.encodeFile(dataSet, as: syntax)
  }

  @Test func framesAreListedAndServed() async throws {
    let client = try RESTClient()
    let id = try await client.store(file(image))
    #expect(try await client.get("/instances/\(id)/frames").json == .array([.number(0), .number(1)]))
    #expect(try await client.get("/instances/\(id)/frames/0").json.strings == ["raw", "raw.gz"])
    let raw = try await client.get("/instances/\(id)/frames/1/raw")
    #expect(raw.status == 200 && raw.type == "application/octet-stream" && raw.bytes == Array(16..<32))
    let part = try await client.get("/instances/\(id)/frames/1/raw", headers: ["Range": "bytes=2-3"])
    #expect(part.status == 206 && part.bytes == [18, 19])
    let gzip = try await client.get("/instances/\(id)/frames/1/raw.gz")
    #expect(gzip.type == "application/gzip")
    let inflater = Inflater(limits: ParserLimits(), format: .gzipOrZlib)
    var inflated: [UInt8] = []
    try gzip.bytes.withUnsafeBytes { try inflater.inflate($0) { inflated += $0 } }
    #expect(inflated == Array(16..<32) && inflater.isFinished)
    #expect(try await client.get("/instances/\(id)/frames/2/raw").status == 400)
    #expect(try await client.get("/instances/\(id)/frames/x/raw").status == 404)
    #expect(try await client.get("/instances/nothing/frames").status == 404)
    #expect(try await client.get("/instances/\(id)/pdf").status == 404)
  }

  @Test func compressedFramesSayWhatTheyAre() async throws {
    let client = try RESTClient()
    var dataSet = image
    dataSet[.pixelData] = DataElement(.pixelData, .OB, .fragments([[], [0xFF, 0xD8], [0xFF, 0xD9]]))
    let id = try await client.store(file(dataSet, as: TransferSyntax("1.2.840.10008.1.2.4.50")))
    let raw = try await client.get("/instances/\(id)/frames/1/raw")
    #expect(raw.type == "image/jpeg" && raw.bytes == [0xFF, 0xD9])
  }

  @Test func aDeflatedDataSetIsInflatedOnTheWay() async throws {
    let client = try RESTClient()
    let syntax = TransferSyntax.deflatedExplicitLittleEndian
    let plain = DataSetWriter.encode(image, as: syntax)
    let id = try await client.store(file(image, as: syntax).dropLast(plain.count) + Deflate.raw(plain))
    #expect(try await client.get("/instances/\(id)/frames/1/raw").bytes == Array(16..<32))
    #expect(try await client.get("/instances/\(id)/frames/0/raw").bytes == Array(0..<16))
    #expect(try await client.get("/instances/\(id)/content/PatientName").text == "DOE^JANE")
    #expect(try await client.get("/instances/\(id)/content/7fe0-0010").json == .texts(["0"]))
    #expect(try await client.get("/instances/\(id)/content/7fe0-0010/0").bytes == Array(0..<32))
    #expect(try await client.get("/instances/\(id)/content/7fe0-0010/1").status == 404)
    #expect(try await client.get("/instances/\(id)/content/7fe0-0010/0/0").status == 404)
  }

  @Test func slicesAreOrderedAsOrthancShowsThem() async throws {
    let client = try RESTClient()
    let id = try await client.store(file(image))
    let series = try #require(try await client.get("/series").json.strings?.first)
    let answer = try await client.get("/series/\(series)/ordered-slices").json
    #expect(
      answer
        == .object([
          "Type": .text("Sequence"), "Dicom": .texts(["/instances/\(id)/file"]),
          "Slices": .texts(["/instances/\(id)/frames/0", "/instances/\(id)/frames/1"]),
          "SlicesShort": .array([.array([.text(id), .number(0), .number(2)])]),
        ]))
  }

  @Test func mediaComeAtOnceOrByAJob() async throws {
    let client = try RESTClient()
    _ = try await client.store(file(image))
    let study = try #require(try await client.get("/studies").json.strings?.first)
    for path in ["/studies/\(study)/media?extended", "/tools/create-media?resources=\(study)"] {
      let answer = try await client.get(path)
      #expect(answer.status == 200 && answer.type == "application/zip")
      let path = try client.folder.write(answer.bytes, to: "a.zip")
      #expect(try ZipReader(path).entries.map(\.name) == ["IMAGES/IM0", "DICOMDIR"])
    }
    let body = #"{"Resources": ["\#(study)"], "Asynchronous": true}"#
    let job = try #require(
      try await client.post("/tools/create-media-extended", body).json["ID"]?.string)
    let deadline = ContinuousClock.now + .seconds(30)
    while client.jobs.job(job)?.state.isCompleted != true && ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    let value = try await client.get("/jobs/\(job)").json
    #expect(value["Type"] == .text("Media"))
    // Not where it lies.
    #expect(value["Content"]?["Description"] == .text("REST API"))
    #expect(
      try await client.get("/jobs/\(job)/else").json["Details"] == .text("Job has no such output: else"))
    let output = try await client.get("/jobs/\(job)/archive")
    #expect(output.status == 200 && output.bytes.starts(with: Array("PK".utf8)))
    #expect(try await client.post("/studies/\(study)/media", #"{"Transcode": "1.2"}"#).status == 501)
    #expect(try await client.post("/tools/create-media", "7").status == 400)
  }

  /// As with Orthanc. What is named and gone is an error all the same.
  @Test func nothingMakesAnEmptyFile() async throws {
    let client = try RESTClient()
    for (path, names) in [("archive", []), ("media", ["DICOMDIR"])] {
      let answer = try await client.post("/tools/create-\(path)", "[]")
      #expect(answer.status == 200 && answer.type == "application/zip")
      let file = try client.folder.write(answer.bytes, to: "\(path).zip")
      #expect(try ZipReader(file).entries.map(\.name) == names)
    }
    let id = try await client.store(file(image))
    _ = try await client.delete("/instances/\(id)")
    #expect(try await client.post("/tools/create-archive", "[\"\(id)\"]").status == 404)
  }

  @Test func reconstructionIsAskedForByLevel() async throws {
    let client = try RESTClient()
    let id = try await client.store(file(image))
    let study = try #require(try await client.get("/studies").json.strings?.first)
    for (path, body, status) in [
      ("/studies/\(study)/reconstruct", "", 200), ("/instances/\(id)/reconstruct", "{}", 200),
      ("/studies/\(study)/reconstruct", #"{"LimitToThisLevelMainDicomTags": true}"#, 200),
      ("/studies/\(study)/reconstruct", #"{"ReconstructFiles": 7}"#, 400),
      (
        "/studies/\(study)/reconstruct",
        #"{"ReconstructFiles": true, "LimitToThisLevelMainDicomTags": true}"#, 400
      ),
      ("/tools/reconstruct", #"{"ReconstructFiles": true}"#, 200),
      ("/tools/reconstruct", #"{"LimitToThisLevelMainDicomTags": true}"#, 400),
      ("/series/\(study)/reconstruct", "", 404), ("/tools/reconstruct", "[]", 400),
    ] {
      #expect(try await client.post(path, body).status == status, "\(path) \(body)")
    }
  }

  @Test func filesAreWrittenOnlyWhereThatIsAllowed() async throws {
    let closed = try RESTClient()
    let id = try await closed.store(file(image))
    let path = closed.folder.path + "/a.dcm"
    #expect(try await closed.post("/instances/\(id)/export", path).status == 403)
    #expect(!FileManager.default.fileExists(atPath: path))
    let open = try RESTClient { $1.mayWriteFiles = true }
    try await open.store(file(image))
    #expect(try await open.post("/instances/\(id)/export", path).text == "{}")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(file(image)))
    // Not 404: the instance is there.
    #expect(try await open.post("/instances/\(id)/export", "/nowhere/at/all/a.dcm").status == 500)
    #expect(try await open.post("/instances/\(id)/export", open.folder.path + "/storage/x").status == 400)
  }
}
