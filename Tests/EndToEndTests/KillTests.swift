import DICOM
import Foundation
import Logging
import Store
import TestSupport
import Testing

/// `kill -9` while instances arrive: what was answered with success is there, and the archive is sound.
@Suite(.serialized) struct KillTests {
  /// Kills of one archive; ten archives make a hundred.
  private static let killsPerArchive = 10

  @Test(arguments: 0..<10) func nothingAcknowledgedIsLost(archive number: Int) async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    var acknowledged: Set<PublicID> = []
    for kill in 0..<Self.killsPerArchive {
      let files = try makeFiles(folder, round: kill)
      let server = try RunningProgram(
        RunningProgram.filmroom, ["serve", "-v", "--storage", storage, "--dicom-port", "0"])
      let port = try await server.dicomPort()
      // Without it Debian's client waits 40 ms before each instance.
      let client = try RunningProgram(
        "storescu", ["-v", "-aec", "FILMROOM", "127.0.0.1", port] + files.map(\.path),
        environment: ["TCP_NODELAY": "1"])
      // At some moment of the sending, from before its start to behind its end.
      let moment = Int.random(in: 0...files.count)
      #expect(await eventually { server.output.ranges(of: "C-STORE from").count >= moment })
      server.signal(SIGKILL)
      #expect(await server.exitStatus() == -SIGKILL)
      _ = await client.exitStatus()
      let new = successes(client.output, files)
      acknowledged.formUnion(new)
      try await check(storage, new)
    }
    try await check(storage, acknowledged)
    // Else the kills came too early to show anything.
    #expect(!acknowledged.isEmpty)
  }

  private struct File {
    var path: String
    var id: PublicID
  }

  /// Small instances, and some that are too large for the journal.
  private func makeFiles(_ folder: TemporaryFolder, round: Int) throws -> [File] {
    try (0..<80).map { number in
      let series = "1.2.\(round).\(number % 3)"
      let bytes = DataSetSamples.file(
        study: "1.2.\(round)", series: series, instance: "\(series).\(number)", number: number,
        pixels: number % 7 == 6 ? 150_000 : 500)
      let path = try folder.write(bytes, to: "in/\(round)/\(number).dcm")
      return File(
        path: path,
        id: PublicID(dicomIdentifiers: ["P1", "1.2.\(round)", series, "\(series).\(number)"]))
    }
  }

  /// The instances that the client was told are stored.
  private func successes(_ output: String, _ files: [File]) -> Set<PublicID> {
    let ids = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.id) })
    var current: PublicID?
    var found: Set<PublicID> = []
    for line in output.split(separator: "\n") {
      if let path = line.firstRange(of: "Sending file: ") {
        current = ids[String(line[path.upperBound...])]
      } else if line.contains("Received Store Response (Success)"), let id = current {
        found.insert(id)
      }
    }
    return found
  }

  private func check(_ storage: String, _ acknowledged: Set<PublicID>) async throws {
    let archive = try Archive(
      ArchiveConfiguration(storageFolder: storage),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    for id in acknowledged {
      let detail = try await archive.detail(of: ResourceReference(.instance, id))
      #expect(detail != nil, "\(id) was acknowledged and is lost")
    }
    try archive.verify(deep: true, progress: { _ in }, fault: { Issue.record("\($0)") })
    archive.close()
  }
}
