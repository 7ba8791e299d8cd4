import DICOM
import Foundation
import TestSupport
import Testing

/// The explorer follows what others do over REST.
@Suite(.serialized) struct RESTScreenTests {
  @Test func changesOverRESTAreOnTheScreen() async throws {
    let folder = try TemporaryFolder()
    let terminal = Terminal()
    let storage = folder.path + "/storage"
    try await terminal.start(
      "LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --storage \(storage) --dicom-port 0 --http-port 0; echo LEFT; exec sleep 60"
    )
    #expect(try await terminal.shows("REST API http://127.0.0.1:"))
    let url = try Self.url(await terminal.screen())
    let file = try folder.write(DataSetSamples.file(), to: "a.dcm")
    let stored = try JSONParser.parse(
      try await curl("-X", "POST", url + "/instances", "--data-binary", "@" + file))
    guard case .text(let study)? = stored["ParentStudy"], case .text(let patient)? = stored["ParentPatient"]
    else {
      throw TestFailure("\(stored)")
    }
    #expect(try await terminal.shows("1 study"))
    _ = try await curl("-X", "PUT", url + "/studies/\(study)/labels/urgent")
    #expect(try await terminal.shows("urgent"))
    _ = try await curl("-X", "PUT", url + "/studies/\(study)/metadata/1024", "-d", "call-dr-k")
    #expect(try await terminal.shows("call-dr-k"))
    _ = try await curl("-X", "PUT", url + "/patients/\(patient)/protected", "-d", "1")
    #expect(try await terminal.shows("◆"))
    _ = try await curl("-X", "DELETE", url + "/studies/\(study)")
    #expect(try await terminal.shows("No studies yet"))
    try await terminal.press("3")
    #expect(try await terminal.shows("/studies/\(study.prefix(8))…/labels/urgent"))
    #expect(try await terminal.shows("REST DELETE"))
    #expect(try await !terminal.screen().contains("call-dr-k"))
    try await terminal.press("q")
    #expect(try await terminal.shows("LEFT"))
    try await terminal.end()
  }

  private func curl(_ arguments: String...) async throws -> String {
    try await RunningProgram.run("curl", ["-s", "--max-time", "60"] + arguments).output
  }

  /// Where the REST API is, as the screen says.
  private static func url(_ screen: String) throws -> String {
    guard let start = screen.firstRange(of: "http://127.0.0.1:")?.lowerBound else {
      throw TestFailure("no REST API: \(screen)")
    }
    return String(screen[start...].prefix { $0 != "," })
  }
}
