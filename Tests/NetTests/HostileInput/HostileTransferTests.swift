import DICOM
import TestSupport
import Testing

@testable import Net

/// Rows 29 and 30 of the list of bad input: transfers that break off, and the same instance more than once.
@Suite struct HostileTransferTests {
  private static func instance(description: String = "Chest", pixels: Int = 600) -> [UInt8] {
    var dataSet = DataSetSamples.instance(description: description, pixels: 0)
    dataSet[.pixelData] = DataElement(.pixelData, .OW, bytes: [UInt8](repeating: 7, count: pixels))
    return DataSetWriter.encode(dataSet, as: .implicitLittleEndian)
  }

  /// Small instances are held in memory until they are whole, large ones in a file.
  private static let sizes = [600, 1_000_000]

  @Test(arguments: ["abort", "reset", "close", "finish", "release", "garbage"], sizes)
  func row29EndsHalfway(_ how: String, pixels: Int) async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = Self.instance(pixels: pixels)
      client.send(
        Sample.store(instance: "1.2.3.4.5")
          + Sample.dataSet(Array(bytes.prefix(bytes.count / 2)), isLast: false))
      if pixels == Self.sizes[1] {
        #expect(await eventually { !scene.folder.arriving().isEmpty })
      }
      try scene.echo()
      switch how {
      case "abort": client.send(Sample.abort)
      case "reset": client.reset()
      case "close": client.close()
      case "finish":
        client.finishSending()
        #expect(client.receive() == .closed)
      case "release":
        client.send(Sample.releaseRequest)
        _ = try client.receive(type: .releaseReply)
      default:
        client.send([99, 0, 0, 0, 0, 0])
        #expect(client.receiveAbort() == "2,1")
      }
      #expect(await eventually { scene.folder.arriving().isEmpty })
      // The same instance comes whole afterwards.
      let again = try scene.peer()
      let response = try scene.store(bytes, as: "1.2.3.4.5", over: again)
      #expect(response.status == .success)
      scene.wasStored("1.2.3.4.5")
    }
  }

  @Test(arguments: sizes) func row30TheSameTwice(pixels: Int) async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for _ in 0..<2 {
        let response = try scene.store(Self.instance(pixels: pixels), as: "1.2.3.4.5", over: client)
        #expect(response.status == .success)
        scene.wasStored("1.2.3.4.5")
      }
    }
  }

  @Test(arguments: sizes, [false, true]) func row30OneIdentifierOtherBytes(pixels: Int, overwrites: Bool)
    async throws
  {
    try await withArchive(overwrites: overwrites) { scene in
      let client = try scene.peer()
      let first = Self.instance(description: "First", pixels: pixels)
      let second = Self.instance(description: "Second one", pixels: pixels + 2)
      for bytes in [first, second] {
        #expect(try scene.store(bytes, as: "1.2.3.4.5", over: client).status == .success)
      }
      let id = scene.wasStored("1.2.3.4.5")
      let kept = overwrites ? second : first
      let file = try await scene.archive.bytes(of: id, in: 0..<10_000_000)
      #expect(file.suffix(kept.count).elementsEqual(kept))
    }
  }

  @Test(arguments: sizes, [false, true]) func row30EightAtOnce(pixels: Int, overwrites: Bool) async throws {
    try await withArchive(overwrites: overwrites) { scene in
      let port = scene.listener.port
      // Each with other bytes: it must be all of one of them that is kept.
      let sent = (0..<8).map { Self.instance(description: "Number \($0)", pixels: pixels) }
      try await withThrowingTaskGroup(of: DIMSEStatus?.self) { group in
        for bytes in sent {
          group.addTask {
            let client = try RawClient.associated(port: port)
            client.send(Sample.store(instance: "1.2.3.4.5") + Sample.dataSet(bytes))
            return try client.receiveStatus()
          }
        }
        for try await status in group { #expect(status == .success) }
      }
      let id = scene.wasStored("1.2.3.4.5")
      let file = try await scene.archive.bytes(of: id, in: 0..<10_000_000)
      #expect(sent.contains { file.suffix($0.count).elementsEqual($0) })
    }
  }
}
