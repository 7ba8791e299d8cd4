import DICOM
import Foundation
import TestSupport
import Testing

/// Rows 3, 21 and 26 to 28 of the list of bad input against the real program: what it holds in memory is bounded by
/// what was sent, never by what was announced.
@Suite(.serialized) struct HostileMemoryTests {
  private struct Scene {
    let folder: TemporaryFolder
    let server: RunningProgram
    let port: Int

    init() async throws {
      folder = try TemporaryFolder()
      server = try RunningProgram(
        RunningProgram.filmroom, ["serve", "--storage", folder.path + "/storage", "--dicom-port", "0"])
      port = Int(try await server.dicomPort()) ?? 0
      // What the first instance needs is no hostile peer's doing.
      let usual = HostileDataSets.start("1.2.3.4.1") + HostileDataSets.pixelData(length: 600_000)
      let peer = try peer()
      peer.send(WireBytes.store("1.2.3.4.1", usual + [UInt8](repeating: 0, count: 600_000)))
      #expect(status(peer) == 0)
    }

    func peer() throws -> RawClient {
      let client = try RawClient(port: port)
      client.patience = 30
      client.send(WireBytes.associateRequest)
      guard case .pdu(2, _) = client.receive() else { throw TestFailure("no association") }
      return client
    }

    func status(_ client: RawClient) -> UInt16? {
      guard case .pdu(4, let body) = client.receive() else { return nil }
      return WireBytes.status(body)
    }

    func echo() throws {
      let other = try peer()
      other.send(WireBytes.echo)
      #expect(status(other) == 0, "no echo")
    }

    /// The growth of the most memory ever held, in bytes, and what it may be.
    func expectGrowth(below limit: Int, _ body: () throws -> Void) throws {
      let before = try server.peakMemory()
      try body()
      let growth = try server.peakMemory() - before
      #expect(growth <= limit, "grew by \(growth) bytes, allowed are \(limit)")
    }

    func store(_ instance: String, _ dataSet: [UInt8], context: UInt8 = 3) throws -> UInt16? {
      let client = try peer()
      client.send(WireBytes.store(instance, dataSet, context: context))
      try echo()
      return status(client)
    }

    /// The program ends as it should, and its archive holds what it acknowledged and no other file.
    func end(stored: Int) async throws {
      try echo()
      server.signal(SIGTERM)
      #expect(await server.exitStatus() == 0, "\(server.output)")
      #expect(folder.files(below: "storage/incoming").isEmpty)
      let verified = try await RunningProgram.run(
        RunningProgram.filmroom, ["verify", "--deep", "--storage", folder.path + "/storage"])
      #expect(
        verified.status == 0 && verified.output.contains("\(stored + 1) attachment"), "\(verified.output)")
    }
  }

  @Test func row03NothingIsAllocatedByAnnouncedLengths() async throws {
    let scene = try await Scene()
    // A connection has its buffer once it has said anything at all.
    let hostile = try (0..<100).map { _ in try RawClient(port: scene.port) }
    for client in hostile { client.send([1]) }
    try scene.echo()
    try scene.expectGrowth(below: 8 << 20) {
      // As long as a request may be, a megabyte each; of it comes nothing more.
      for client in hostile { client.send([0, 0, 0x10, 0, 0, 0, 1]) }
      try scene.echo()
    }
    for client in hostile { client.reset() }
    try await scene.end(stored: 0)
  }

  @Test func row21EndlessCommandSetsAreNotHeld() async throws {
    let scene = try await Scene()
    try scene.expectGrowth(below: 8 << 20) {
      let client = try scene.peer()
      let pdu = WireBytes.endlessCommand([UInt8](repeating: 0, count: 16_000))
      var sent = 0
      while sent < 64 << 20, client.send(pdu) { sent += pdu.count }
      try scene.echo()
    }
    try await scene.end(stored: 0)
  }

  @Test func row26DeepNestingIsNotHeld() async throws {
    let scene = try await Scene()
    let dataSet = HostileDataSets.start("1.2.3.4.5") + HostileDataSets.nested(100_000)
    try scene.expectGrowth(below: 10 * dataSet.count) {
      let status = try scene.store("1.2.3.4.5", dataSet)
      #expect(status == 0xC000)
    }
    try await scene.end(stored: 0)
  }

  @Test func row27ManySmallPartsCostLittle() async throws {
    let scene = try await Scene()
    let parts = [
      HostileDataSets.emptyItems(200_000), HostileDataSets.emptyElements(1_000_000),
      HostileDataSets.emptyFragments(100_000),
    ]
    for (number, part) in parts.enumerated() {
      let instance = "1.2.3.4.\(number + 10)"
      let dataSet = HostileDataSets.start(instance) + part
      try scene.expectGrowth(below: 10 * dataSet.count) {
        let status = try scene.store(instance, dataSet)
        #expect(status == 0)
      }
    }
    try await scene.end(stored: 3)
  }

  @Test func row28BombsAreNotInflated() async throws {
    let scene = try await Scene()
    let size = 512 << 20
    let bomb = Deflate.raw(
      HostileDataSets.start("1.2.3.4.5") + HostileDataSets.pixelData(length: UInt32(size)), thenZeros: size)
    try scene.expectGrowth(below: 10 * bomb.count) {
      let status = try scene.store("1.2.3.4.5", bomb, context: 5)
      #expect(status == 0xC000)
    }
    try await scene.end(stored: 0)
  }

  /// Containers are no DICOM files: nothing is unpacked, so no name inside can lead anywhere.
  @Test func row28ContainersAreNotImported() async throws {
    let folder = try TemporaryFolder()
    let instance = DataSetSamples.file()
    try folder.write(
      Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0, 0, 0] + Array("../../slip".utf8) + instance, to: "in/a.zip")
    try folder.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Deflate.raw(instance), to: "in/b.gz")
    let imported = try await RunningProgram.run(
      RunningProgram.filmroom, ["import", "--storage", folder.path + "/storage", folder.path + "/in"])
    #expect(imported.output.contains("0 stored"), "\(imported.output)")
    #expect(folder.files().allSatisfy { $0.hasPrefix("in/") || $0.hasPrefix("storage/") })
    #expect(folder.stored().isEmpty)
  }
}
