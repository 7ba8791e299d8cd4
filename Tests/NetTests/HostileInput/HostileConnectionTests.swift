import DICOM
import NIOCore
import TestSupport
import Testing

@testable import Net

/// Rows 1 to 6 of the list of bad input: PDUs that are none, or come at the wrong time.
@Suite struct HostileConnectionTests {
  /// Each peer is aborted and its connection closed within a second; an echo is answered beside all of them.
  private func expectAborts(
    _ cases: [[UInt8]], with abort: String, isInside: Bool, _ scene: ArchiveScene,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for bytes in cases {
      let client = isInside ? try scene.peer() : try scene.client()
      client.send(bytes)
      #expect(
        client.receiveAbort() == abort, "\(bytes.prefix(12)) and more", sourceLocation: sourceLocation)
    }
    try scene.echo(sourceLocation: sourceLocation)
  }

  private static let unknown: [UInt8] = [9, 0, 0, 0, 0, 4, 0, 0, 0, 0]
  private static let accept = Array(
    PDUEncoder.encoded { PDUEncoder.write(AssociateAccept(calledAET: "A", callingAET: "B"), to: &$0) }
      .readableBytesView)
  private static let reject: [UInt8] = [3, 0, 0, 0, 0, 4, 0, 1, 1, 1]
  private static let releaseReply: [UInt8] = [6, 0, 0, 0, 0, 4, 0, 0, 0, 0]

  @Test func row01OtherProtocolsOnThePort() async throws {
    try await withArchive { scene in
      let hello: [UInt8] = [0x16, 3, 1, 0, 0xC8, 1, 0, 0, 0xC4, 3, 3] + Sample.bytes(count: 194)
      try expectAborts(
        [
          Array("GET /studies HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), hello,
          [UInt8](repeating: 0xFF, count: 5000), [UInt8](repeating: 0, count: 6),
        ], with: "0,0", isInside: false, scene)
    }
  }

  @Test func row02UnknownPDUTypes() async throws {
    try await withArchive { scene in
      try expectAborts([Self.unknown], with: "0,0", isInside: false, scene)
      try expectAborts([Self.unknown, [0, 0, 0, 0, 0, 0]], with: "2,1", isInside: true, scene)
    }
  }

  /// The six bytes of the header are all that is sent: the answer does not wait for what they announce.
  @Test func row03LengthsAreJudgedFromTheHeader() async throws {
    try await withArchive { scene in
      try expectAborts(
        [
          [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0x20, 0, 0], [1, 0, 0, 0x10, 0, 1], [1, 0, 0, 0, 0, 0],
        ],
        with: "0,0", isInside: false, scene)
      try expectAborts(
        [[4, 0, 0xFF, 0xFF, 0xFF, 0xFF], [4, 0, 0, 0x20, 0, 0], [5, 0, 0xFF, 0xFF, 0xFF, 0xFF]],
        with: "2,6", isInside: true, scene)
    }
  }

  @Test func row04RequestsCutShort() async throws {
    try await withArchive { scene in
      let bytes = Sample.bytes(Sample.request())
      for length in stride(from: 0, to: bytes.count, by: 7) {
        let client = try scene.client()
        client.send(Array(bytes[..<length]))
        client.finishSending()
        #expect(client.receive() == .closed, "after \(length) bytes")
      }
      // The rest never comes, and the connection stays: nobody else waits for it.
      let stuck = try scene.client()
      stuck.send(Array(bytes[..<50]))
      try scene.echo()
      stuck.close()
    }
  }

  @Test func row04OneByteASegment() async throws {
    try await withArchive { scene in
      let client = try scene.client()
      for byte in Sample.bytes(Sample.request()) { client.send([byte]) }
      _ = try client.receive(type: .associateAccept)
      for byte in Sample.echo() { client.send([byte]) }
      #expect(try client.receiveStatus() == .success)
    }
  }

  @Test func row05PDUsBeforeTheRequest() async throws {
    try await withArchive { scene in
      try expectAborts(
        [Sample.echo(), Sample.releaseRequest, Self.releaseReply, Self.accept, Self.reject],
        with: "0,0", isInside: false, scene)
    }
  }

  @Test func row06PDUsThatHaveNoPlaceInside() async throws {
    try await withArchive { scene in
      try expectAborts(
        [Sample.bytes(Sample.request()), Self.accept, Self.reject, Self.releaseReply],
        with: "2,2", isInside: true, scene)
    }
  }
}
