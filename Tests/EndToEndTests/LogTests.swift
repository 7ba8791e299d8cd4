import DICOM
import Foundation
import Store
import TestSupport
import Testing

/// What `filmroom serve` logs of what modalities send: the reason and whom, but nobody's name.
@Suite(.serialized) struct LogTests {
  /// Sends a file to a server of its own and gives the server's log.
  private func log(
    of file: [UInt8], configuration: String = "{}", flags: [String] = []
  ) async throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(file, to: "a.dcm")
    let configuration = try folder.write(Array(configuration.utf8), to: "filmroom.json")
    let server = try RunningProgram(
      RunningProgram.filmroom,
      ["serve", "--storage", folder.path + "/storage", "--dicom-port", "0", "--config", configuration] + flags
    )
    let port = try await server.dicomPort()
    _ = try await RunningProgram.run(
      "storescu", ["-aet", "CT1", "-aec", "FILMROOM", "127.0.0.1", port, path])
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
    #expect(!server.output.contains("DOE"), "a patient's name in the log: \(server.output)")
    return server.output
  }

  @Test func refusalsGiveReasonAndTag() async throws {
    let missing = try await log(of: DataSetSamples.file(study: ""))
    #expect(
      missing.contains(
        "C-STORE from CT1@127.0.0.1 refused with 0xA900: Study Instance UID (0020,000d) is missing"),
      "\(missing)")
  }

  @Test func storedInstancesAreLoggedOnDemand() async throws {
    let id = PublicID(dicomIdentifiers: ["P1", "1.2.3", "1.2.3.4", "1.2.3.4.5"])
    let verbose = try await log(of: DataSetSamples.file(), flags: ["-v"])
    #expect(verbose.contains("C-STORE from CT1@127.0.0.1: CT Image Storage \(id), "), "\(verbose)")
    #expect(verbose.contains(" bytes, stored"), "\(verbose)")
    #expect(try await !log(of: DataSetSamples.file()).contains("CT Image Storage"))
  }

  @Test(arguments: [true, false]) func modalitiesAwayFromTheirHostAreCalledThat(mayEcho: Bool) async throws {
    // With C-ECHO open to all the association stands and the C-STORE is refused; without, the association is.
    let refused = try await log(
      of: DataSetSamples.file(),
      configuration: """
        { "DicomModalities" : { "ct" : [ "CT1", "192.0.2.1", 104 ] }, "DicomCheckModalityHost" : true,
          "DicomAlwaysAllowStore" : false, "DicomAlwaysAllowEcho" : \(mayEcho) }
        """)
    #expect(refused.contains("it calls from 127.0.0.1, which is not its host: "), "\(refused)")
    #expect(refused.contains(mayEcho ? "refused with 0x0124" : "rejected"), "\(refused)")
  }
}
