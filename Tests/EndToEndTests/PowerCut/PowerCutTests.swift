import DICOM
import Foundation
import Logging
import Store
import TestSupport
import Testing

/// The power goes at any moment while instances arrive: what was answered with success is there, and the archive is
/// sound. A trace of what the program wrote and synced is played again up to many moments, without what was not synced.
@Suite(.serialized) struct PowerCutTests {
  private struct Instance {
    var uid: String
    var id: PublicID
    var bytes: [UInt8]
    var path: String
  }

  /// Small ones, and some that are too large for the journal's own memory of them.
  private func makeInstances(_ folder: TemporaryFolder, round: Int) throws -> [Instance] {
    try (0..<16).map { number in
      let study = "1.2.\(round).\(number % 3)"
      let uid = "\(study).1.\(number)"
      let bytes = DataSetSamples.file(
        study: study, series: study + ".1", instance: uid, number: number,
        pixels: number % 5 == 4 ? 150_000 : 500)
      let path = try folder.write(bytes, to: "in/\(round)/\(number).dcm")
      let id = PublicID(dicomIdentifiers: ["P1", study, study + ".1", uid])
      return Instance(uid: uid, id: id, bytes: bytes, path: path)
    }
  }

  /// Runs the real program with two clients at once, and stops it in good order.
  private func record(_ folder: TemporaryFolder, _ instances: [Instance]) async throws {
    let trace = folder.path + "/trace"
    let server = try RunningProgram(
      RunningProgram.filmroom, ["serve", "--storage", folder.path + "/storage", "--dicom-port", "0"],
      environment: [
        "LD_PRELOAD": RunningProgram.tracer, "FILMROOM_TRACE_FILE": trace,
        "FILMROOM_TRACE_ROOT": folder.path + "/storage",
      ])
    let port = try await server.dicomPort()
    let clients = try [0, 1].map { half in
      try RunningProgram(
        "storescu",
        ["-aec", "FILMROOM", "127.0.0.1", port]
          + instances.enumerated().filter { $0.offset % 2 == half }.map(\.element.path),
        environment: ["TCP_NODELAY": "1"])
    }
    for client in clients { #expect(await client.exitStatus() == 0, "\(client.output)") }
    server.signal(SIGTERM)
    #expect(await server.exitStatus() == 0, "\(server.output)")
  }

  /// Opens what a cut left: everything acknowledged is there as it was sent, and nothing is at fault.
  private func check(
    _ path: String, _ acknowledged: Set<String>, _ instances: [Instance], _ moment: String
  ) async throws {
    let archive: Archive
    do {
      archive = try Archive(
        ArchiveConfiguration(storageFolder: path),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    } catch {
      Issue.record("\(moment): the archive does not open: \(error)")
      return
    }
    for instance in instances where acknowledged.contains(instance.uid) {
      let kept = try? await archive.bytes(of: instance.id, in: 0..<instance.bytes.count + 1000)
      #expect(
        kept.map { Self.dataSet($0) == Self.dataSet(instance.bytes) } == true,
        "\(moment): \(instance.uid) was acknowledged and is not there as it was")
    }
    try archive.verify(deep: true, progress: { _ in }, fault: { Issue.record("\(moment): \($0)") })
    archive.close()
  }

  /// Without preamble and file meta information, which the receiver writes by itself.
  private static func dataSet(_ file: [UInt8]) -> ArraySlice<UInt8>? {
    guard let header = try? file.span.withUnsafeBytes({ try FileHeader($0) }) else { return nil }
    return file[header.dataSetOffset...]
  }

  @Test func nothingAcknowledgedIsLost() async throws {
    let folder = try TemporaryFolder()
    let memory = try TemporaryFolder(inMemory: true)
    // The second run finds an archive, and a journal that was used before.
    var instances: [Instance] = []
    for round in 1...2 {
      let new = try makeInstances(folder, round: round)
      try await record(folder, new)
      instances += new
    }
    let trace = try DiskTrace(path: folder.path + "/trace")
    var disk = ModelDisk(root: folder.path + "/storage")
    var acknowledged: Set<String> = []
    var cuts = 0
    for (number, event) in trace.events.enumerated() {
      disk.apply(event)
      var isMoment = false
      switch event {
      case .send(let bytes):
        let uids = DiskTrace.acknowledged(bytes)
        acknowledged.formUnion(uids)
        isMoment = !uids.isEmpty
      case .sync, .syncAll: isMoment = true
      default: isMoment = number % 8 == 0
      }
      if !isMoment { continue }
      cuts += 1
      for (name, cut) in [
        ("all", ModelDisk.Cut.everythingUnsynced), ("some", .someUnsynced(seed: UInt64(number))),
      ] {
        let left = memory.path + "/left"
        try disk.write(to: left, cut)
        try await check(left, acknowledged, instances, "event \(number), \(name) unsynced lost")
        try FileManager.default.removeItem(atPath: left)
      }
    }
    #expect(acknowledged.count == instances.count)
    #expect(cuts > 50)
  }
}
