import DICOM
import Foundation
import TestSupport
import Testing

/// The real program and real HTTP clients.
@Suite(.serialized) struct RESTClientTests {
  private func serve(_ folder: TemporaryFolder, _ configuration: String = "{}") async throws -> (
    RunningProgram, url: String
  ) {
    let path = try folder.write(Array(configuration.utf8), to: "filmroom.json")
    let server = try RunningProgram(
      RunningProgram.filmroom,
      [
        "serve", "--config", path, "--storage", folder.path + "/storage", "--dicom-port", "0", "--http-port",
        "0",
      ])
    return (server, "http://127.0.0.1:" + (try await server.httpPort()))
  }

  private func curl(_ arguments: String...) async throws -> String {
    try await RunningProgram.run("curl", ["-s", "--max-time", "60"] + arguments).output
  }

  @Test func whatCurlSendsIsFoundAndComesBack() async throws {
    let folder = try TemporaryFolder()
    let (server, url) = try await serve(folder)
    let file = try folder.write(DataSetSamples.file(), to: "a.dcm")
    let stored = try JSONParser.parse(
      try await curl("-X", "POST", url + "/instances", "--data-binary", "@" + file))
    guard case .text(let id)? = stored["ID"] else {
      Issue.record("\(stored)")
      return
    }
    let found = try await curl(
      url + "/tools/find", "-d", #"{"Level": "Instance", "Query": {"PatientID": "P1"}, "Limit": 3}"#)
    #expect(found.contains(id))
    _ = try await curl(url + "/instances/\(id)/file", "-o", folder.path + "/b.dcm")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/b.dcm")) == Data(DataSetSamples.file()))
    let form = try await curl("-F", "f=@" + file, url + "/instances")
    #expect(form.contains("AlreadyStored"))
    #expect(try await curl("-I", url + "/system").hasPrefix("HTTP/1.1 200 OK"))
    #expect(try await curl("-X", "POST", url + "/tools/shutdown") == "{}")
    #expect(await server.exitStatus() == 0, "\(server.output)")
    #expect(server.output.contains("POST /instances (/instances/\(id)) → 200"))
  }

  /// The whole program has one, so it is not changed in the process of the tests.
  @Test func theDefaultEncodingIsReplaced() async throws {
    let folder = try TemporaryFolder()
    let (server, url) = try await serve(folder)
    var dataSet = DataSetSamples.instance()
    dataSet[.specificCharacterSet] = nil
    dataSet[.patientName] = DataElement(.patientName, .PN, bytes: [0xC4])
    let file = try folder.write(
      DataSetWriter.encodeFile(dataSet, as: .explicitLittleEndian), to: "a.dcm")
    let stored = try JSONParser.parse(
      try await curl("-X", "POST", url + "/instances", "--data-binary", "@" + file))
    guard case .text(let id)? = stored["ID"] else { throw TestFailure("not stored: \(stored)") }
    let tags = url + "/instances/\(id)/simplified-tags"
    #expect(try await curl(tags).contains("\"Ä"))
    #expect(
      try await curl("-X", "PUT", "-d", "Cyrillic", url + "/tools/default-encoding") == "Cyrillic")
    #expect(try await curl(tags).contains("\"Ф"))
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
  }

  /// `pyorthanc` and `orthanc-api-client` as they come from PyPI.
  @Test func orthancsOwnClientsWorkUnchanged() async throws {
    guard let python = ProcessInfo.processInfo.environment["FILMROOM_TEST_PYTHON"] else {
      print(
        "skipped: FILMROOM_TEST_PYTHON names no Python with pyorthanc and orthanc-api-client (scripts/test does)"
      )
      return
    }
    let folder = try TemporaryFolder()
    let files = folder.path + "/files"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    for (number, study) in ["1.2.3", "1.2.4", "1.2.3"].enumerated() {
      _ = try folder.write(
        DataSetSamples.file(
          study: study, series: study + ".1", instance: "\(study).1.\(number)", number: number),
        to: "files/\(number).dcm")
    }
    let (server, url) = try await serve(folder, #"{ "StableAge" : 1 }"#)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/clients.py"
    let run = try await RunningProgram.run(python, [script, url, files])
    #expect(run.status == 0, "\(run.output) \(server.output)")
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
  }

  /// Requests made up from our own OpenAPI document: whatever comes, nothing breaks.
  @Test func madeUpRequestsBreakNothing() async throws {
    guard let python = ProcessInfo.processInfo.environment["FILMROOM_TEST_PYTHON"] else {
      print("skipped: FILMROOM_TEST_PYTHON names no Python with schemathesis (scripts/test does)")
      return
    }
    let folder = try TemporaryFolder()
    let (server, url) = try await serve(folder)
    for number in 1...3 {
      let file = try folder.write(
        DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number), to: "\(number).dcm")
      _ = try await curl("-X", "POST", url + "/instances", "--data-binary", "@" + file)
    }
    let run = try await RunningProgram.run(
      URL(fileURLWithPath: python).deletingLastPathComponent().path + "/schemathesis",
      [
        "run", url + "/openapi.json", "--checks", "not_a_server_error", "--max-examples", "10", "--seed", "1",
        "--request-timeout", "120",
        // These end the program, as they should; those answer 500 for unknown tags, as Orthanc does.
        "--exclude-path", "/tools/shutdown", "--exclude-path", "/tools/reset", "--exclude-path",
        "/tools/find",
        "--exclude-path", "/tools/count-resources", "--no-color",
      ])
    #expect(run.status == 0, "\(run.output.suffix(4000))")
    #expect(try await curl(url + "/system").contains("ApiVersion"))
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0)
  }
}
