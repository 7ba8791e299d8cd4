import DICOM
import Foundation
import TestSupport
import Testing

/// Modalities and peers that are set over REST, and what they mean to who sends.
@Suite(.serialized) struct NodesInDatabaseTests {
  /// The real program on one storage folder, started as often as is asked.
  private struct Server {
    let program: RunningProgram
    let http: String
    let dicom: String

    init(_ folder: TemporaryFolder, keeps: Bool) async throws {
      let configuration = """
        { "DicomModalitiesInDatabase" : \(keeps), "OrthancPeersInDatabase" : \(keeps),
          "DicomModalities" : { "file" : [ "FILE", "127.0.0.1", 104 ] },
          "DicomAlwaysAllowStore" : false, "DicomAlwaysAllowEcho" : false, "DicomCheckModalityHost" : true }
        """
      let path = try folder.write(Array(configuration.utf8), to: "filmroom.json")
      program = try RunningProgram(
        RunningProgram.filmroom,
        [
          "serve", "--config", path, "--storage", folder.path + "/storage", "--dicom-port", "0",
          "--http-port", "0",
        ])
      dicom = try await program.dicomPort()
      http = "http://127.0.0.1:" + (try await program.httpPort())
    }

    @discardableResult
    func curl(_ method: String, _ path: String, _ body: String = "") async throws -> String {
      try await RunningProgram.run(
        "curl", ["-s", "-f", "--max-time", "60", "-X", method, "--data-binary", body, http + path]
      ).output
    }

    func names(_ path: String) async throws -> [String] {
      guard case .array(let items) = try JSONParser.parse(try await curl("GET", path)) else { return [] }
      return items.map(\.description)
    }

    /// Whether what a modality sends is taken.
    func takes(from title: String) async throws -> Bool {
      try await RunningProgram.run("echoscu", ["-aet", title, "-aec", "FILMROOM", "127.0.0.1", dicom]).status
        == 0
    }

    func stop() async {
      program.signal(SIGTERM)
      #expect(await program.exitStatus() == 0, "\(program.output)")
    }
  }

  private static let ct = #"{"AET": "CT1", "Host": "localhost", "Port": 104, "Manufacturer": "GE"}"#
  private static let peer = #"["http://10.0.0.9:8042/", "alice", "secret"]"#

  @Test func theyAreThereAgainAfterARestart() async throws {
    let folder = try TemporaryFolder()
    let first = try await Server(folder, keeps: true)
    #expect(
      first.program.output.contains("DicomModalities has no effect, since DicomModalitiesInDatabase is true"))
    #expect(!first.program.output.contains("have no effect yet"), "\(first.program.output)")
    #expect(try await first.names("/modalities").isEmpty)
    #expect(try await !first.takes(from: "FILE"))
    #expect(try await !first.takes(from: "CT1"))
    try await first.curl("PUT", "/modalities/ct", Self.ct)
    try await first.curl("PUT", "/peers/other", Self.peer)
    #expect(try await first.takes(from: "CT1"))
    await first.stop()

    let second = try await Server(folder, keeps: true)
    #expect(try await second.names("/modalities") == ["\"ct\""])
    #expect(try await second.curl("GET", "/modalities/ct/configuration").contains(#""Manufacturer" : "GE""#))
    let peer = try await second.curl("GET", "/peers/other/configuration")
    #expect(peer.contains(#""Username" : "alice""#) && !peer.contains("secret"), "\(peer)")
    #expect(try await second.takes(from: "CT1"))
    // It must call from its own host.
    try await second.curl("PUT", "/modalities/ct", Self.ct.replacing("localhost", with: "192.0.2.1"))
    #expect(try await !second.takes(from: "CT1"))
    try await second.curl("DELETE", "/modalities/ct")
    try await second.curl("DELETE", "/peers/other")
    await second.stop()

    let third = try await Server(folder, keeps: true)
    #expect(try await third.names("/modalities").isEmpty)
    #expect(try await third.names("/peers").isEmpty)
    await third.stop()
  }

  @Test func withoutTheOptionTheyLastUntilTheEnd() async throws {
    let folder = try TemporaryFolder()
    let first = try await Server(folder, keeps: false)
    #expect(try await first.takes(from: "FILE"))
    #expect(try await !first.takes(from: "CT1"))
    try await first.curl("PUT", "/modalities/ct", Self.ct)
    try await first.curl("PUT", "/peers/other", Self.peer)
    #expect(try await first.takes(from: "CT1"))
    await first.stop()
    let second = try await Server(folder, keeps: false)
    #expect(try await second.names("/modalities") == ["\"file\""])
    #expect(try await second.names("/peers").isEmpty)
    await second.stop()
  }
}
