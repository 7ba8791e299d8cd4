import DICOM
import Foundation
import TestSupport
import Testing

/// The Storage screen of the real program.
@Suite(.serialized) struct StorageScreenTests {
  @Test func itFollowsWhatArrivesAndProtects() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let configuration = try folder.write(
      Array(#"{ "StorageDirectory" : "storage", "DicomPort" : 0, "MaximumPatientCount" : 5 }"#.utf8),
      to: "filmroom.json")
    let demo = try await RunningProgram.run(RunningProgram.filmroom, ["demo", "--storage", storage])
    try #require(demo.status == 0, "\(demo.output)")
    let terminal = Terminal()
    try await terminal.start(
      "LC_ALL=C.UTF-8 \(RunningProgram.filmroom) --config \(configuration); echo LEFT; exec sleep 60")
    #expect(try await terminal.shows("row 1"))
    try await terminal.press("5")
    #expect(try await terminal.shows("4 of 5 · 80 %"))
    #expect(try await terminal.shows("Recycle"))
    try await terminal.press("p")
    #expect(try await terminal.shows("1 protected"))
    let port = try Terminal.dicomPort(storage)
    let file = folder.path + "/a.dcm"
    try Data(DataSetSamples.file(patientName: "YAMADA^TARO=山田^太郎")).write(to: URL(fileURLWithPath: file))
    let sent = try await RunningProgram.run("storescu", ["-aec", "FILMROOM", "127.0.0.1", port, file])
    #expect(sent.status == 0, "\(sent.output)")
    #expect(try await terminal.shows("5 of 5 · 100 %"))
    #expect(try await terminal.shows("山田"))
    try await terminal.press("Enter")
    #expect(try await terminal.shows("5 patients"))
    try await terminal.press("q")
    let hasLeft = try await eventually {
      if try await terminal.screen().contains("LEFT") { return true }
      try await terminal.press("y")
      return false
    }
    #expect(hasLeft)
    try await terminal.end()
  }
}
