import TestSupport
import Testing

@testable import Net

/// Row 37 of the list of bad input: many peers that say nothing, say it slowly or vanish.
@Suite(.serialized) struct HostileCrowdTests {
  /// Says its request for an association a byte a round, never in full.
  private struct Dripping {
    let client: RawClient
    var sent = 0

    mutating func drip(_ bytes: [UInt8]) {
      client.send([bytes[min(sent, bytes.count - 2)]])
      sent += 1
    }
  }

  @Test func row37SlowPeersDisturbNobody() async throws {
    try await withArchive { scene in
      let bytes = Sample.bytes(Sample.request())
      var slow = try (0..<40).map { _ in Dripping(client: try scene.client()) }
      for _ in 0..<20 {
        for index in slow.indices { slow[index].drip(bytes) }
        try scene.echo()
      }
      // The same behind an association, inside a data set.
      let inside = try (0..<40).map { _ in try scene.peer() }
      for client in inside { client.send(Sample.store() + [4, 0, 0, 0, 0x20, 6, 0, 0, 0x20, 2, 3, 0]) }
      for _ in 0..<20 {
        for client in inside { client.send([0]) }
        try scene.echo()
      }
      for client in inside { client.reset() }
    }
  }

  @Test func row37IdlersDisturbNobody() async throws {
    try await withArchive { scene in
      for _ in 0..<200 { _ = try scene.client() }
      for _ in 0..<5 { try scene.echo() }
    }
  }

  @Test func row37HeldAssociations() async throws {
    try await withArchive({ $0.maximumAssociations = 100 }) { scene in
      var held: [RawClient] = []
      for number in 0..<120 {
        let client = try scene.client()
        client.send(Sample.bytes(Sample.request()))
        if number < 100 {
          _ = try client.receive(type: .associateAccept)
        } else {
          #expect(client.receiveReject() == "2,3,2")
        }
        held.append(client)
        if number % 20 == 19 { try scene.echo(mayBeFull: number >= 99) }
      }
      // Those who have a place are served as before.
      held[57].send(Sample.echo())
      #expect(try held[57].receiveStatus() == .success)
      held[3].reset()
      #expect(await eventually { scene.listener.status().associations.count <= 99 })
      try scene.echo()
      for client in held { client.reset() }
    }
  }

  @Test func row37Resets() async throws {
    try await withArchive { scene in
      for number in 0..<300 {
        let client = number % 3 == 0 ? try scene.peer() : try scene.client()
        if number % 3 == 1 { client.send(Array(Sample.bytes(Sample.request()).prefix(number))) }
        client.reset()
        if number % 50 == 49 { try scene.echo() }
      }
    }
  }

  @Test func row37TwentyPeersTenEchoes() async throws {
    try await withArchive { scene in
      let port = scene.listener.port
      for _ in 0..<50 { _ = try scene.client() }
      let answers = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<20 { group.addTask { try (0..<10).map { _ in try ArchiveScene.echo(port: port) } } }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(answers == Array(repeating: "answered", count: 200))
    }
  }

  /// ARTIM (PS3.8 §9.1.5), here one second: bytes that come meanwhile do not prolong it.
  @Test func row37ARTIMReaps() async throws {
    try await withArchive({ $0.timeoutSeconds = 1 }) { scene in
      let silent = try (0..<20).map { _ in try scene.client() }
      var slow = try (0..<20).map { _ in Dripping(client: try scene.client()) }
      let bytes = Sample.bytes(Sample.request())
      let areGone = await eventually {
        for index in slow.indices { slow[index].drip(bytes) }
        return slow.allSatisfy { $0.client.isReadable(milliseconds: 0) }
          && silent.allSatisfy { $0.isReadable(milliseconds: 0) }
      }
      #expect(areGone)
      for client in silent { #expect(client.receive() == .closed) }
      try scene.echo()
    }
  }

  /// However long associations may be silent, nobody waits longer than 30 s for one to be asked for.
  @Test(arguments: [(0, 30), (1, 1), (30, 30), (31, 30), (86_400, 30)])
  func row37ARTIMIsNeverLonger(_ timeout: Int, _ seconds: Int) {
    var configuration = DICOMListenerConfiguration()
    configuration.timeoutSeconds = timeout
    #expect(configuration.artimSeconds == seconds)
  }
}
