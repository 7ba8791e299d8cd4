import DICOM
import TestSupport
import Testing

@testable import Net

/// Rows 23 to 28 of the list of bad input: data sets that are none, or not what was announced.
@Suite struct HostileInstanceTests {
  /// Contexts of `ArchiveScene.peer`.
  private static let explicit: UInt8 = 5
  private static let deflated: UInt8 = 7

  /// The refusal says why, and names the element at fault where one is.
  private func expectRefusal(
    _ response: CommandSet, _ status: DIMSEStatus, _ element: Tag?, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(response.status == status, "\(what)", sourceLocation: sourceLocation)
    #expect(
      response.tags(.offendingElement) == (element.map { [$0] } ?? []), "\(what)",
      sourceLocation: sourceLocation)
    #expect(response.text(.errorComment) != nil, "\(what)", sourceLocation: sourceLocation)
  }

  private static func implicit(_ change: (inout DataSet) -> Void = { _ in }) -> [UInt8] {
    var dataSet = DataSetSamples.instance()
    change(&dataSet)
    return DataSetWriter.encode(dataSet, as: .implicitLittleEndian)
  }

  @Test func row23CommandAndDataSetDiffer() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      client.send(Sample.store(instance: nil) + Sample.dataSet(Self.implicit()))
      expectRefusal(try client.receiveResponse(), .missingAttribute, Tag(0x0000, 0x1000))
      let other = try scene.store(Self.implicit(), as: "1.2.3.4.6", over: client)
      expectRefusal(other, .dataSetMismatch, .sopInstanceUID)
      let mr = Self.implicit {
        $0[.sopClassUID] = DataElement(.sopClassUID, .UI, text: "1.2.840.10008.5.1.4.1.1.4")
      }
      expectRefusal(try scene.store(mr, as: "1.2.3.4.5", over: client), .dataSetMismatch, .sopClassUID)
      let none = Self.implicit { $0[.sopClassUID] = nil }
      expectRefusal(try scene.store(none, as: "1.2.3.4.5", over: client), .dataSetMismatch, .sopClassUID)
    }
  }

  @Test func row24EmptyDataSets() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      expectRefusal(
        try scene.store([], as: "1.2.3.4.5", over: client), .dataSetMismatch, .studyInstanceUID)
      // Announced, but there is none at all.
      client.send(
        Sample.pdus(Sample.command(1, sopClass: Sample.ct, instance: "1.2.3.4.5"), context: 3))
      expectRefusal(try client.receiveResponse(), .cannotUnderstand, Tag(0x0000, 0x0800))
    }
  }

  @Test(arguments: [Tag.studyInstanceUID, .seriesInstanceUID, .sopInstanceUID])
  func row24IdentifiersThatAreNone(_ tag: Tag) async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let missing = Self.implicit { $0[tag] = nil }
      expectRefusal(
        try scene.store(missing, as: "1.2.3.4.5", over: client), .dataSetMismatch, tag, "missing")
      let texts = [
        "", "../../../../tmp/x", "1.2/3", "..", "1..2", "1.2\u{0}.3", "/etc/passwd", "1.2.x", "1.2\\1.3",
        String(repeating: "1", count: 65), "1.2\u{1B}[2J", String(repeating: "../", count: 1000),
      ]
      for text in texts {
        let bad = Self.implicit { $0[tag] = DataElement(tag, .UI, text: text) }
        expectRefusal(
          try scene.store(bad, as: "1.2.3.4.5", over: client), .dataSetMismatch, tag, "\(tag) \(text)")
      }
      try scene.echo()
    }
  }

  @Test func row24CommandsWithIdentifiersThatAreNone() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for text in ["../../x", "1.2\u{0}.3", "/", String(repeating: "1", count: 65), "1.2.3\n"] {
        let bad = Self.implicit { $0[.sopInstanceUID] = DataElement(.sopInstanceUID, .UI, text: text) }
        expectRefusal(
          try scene.store(bad, as: text, over: client), .invalidSOPInstance, Tag(0x0000, 0x1000), text)
      }
    }
  }

  /// Each is refused as soon as its last byte is here, nobody waits for what was announced.
  @Test func row25PixelDataThatLies() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let start = HostileDataSets.start("1.2.3.4.5")
      let bodies: [(String, [UInt8])] = [
        ("cut", HostileDataSets.pixelData(length: 1000) + Sample.bytes(count: 998)),
        ("cut, large", HostileDataSets.pixelData(length: 2_000_000) + Sample.bytes(count: 1_000_000)),
        ("4 GiB", HostileDataSets.pixelData(length: 0xFFFF_FFFE) + Sample.bytes(count: 5000)),
        (
          "without end",
          HostileDataSets.pixelData(length: .max, vr: "OB") + [0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0]
        ),
        (
          "fragment of 4 GiB",
          HostileDataSets.pixelData(length: .max, vr: "OB") + [0xFE, 0xFF, 0, 0xE0, 0xFE, 0xFF, 0xFF, 0xFF]
        ),
      ]
      for (what, body) in bodies {
        let response = try scene.store(start + body, as: "1.2.3.4.5", over: client, context: Self.explicit)
        expectRefusal(response, .cannotUnderstand, .pixelData, what)
        try scene.echo()
      }
    }
  }

  @Test func row25RandomTails() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let whole = HostileDataSets.start("1.2.3.4.5") + HostileDataSets.pixelData(length: 4) + [0, 1, 2, 3]
      for tail in [[0xAB], [0xAB, 0xCD, 0xEF, 0x01, 0x23], [UInt8](repeating: 0xEE, count: 999)] {
        let response = try scene.store(whole + tail, as: "1.2.3.4.5", over: client, context: Self.explicit)
        #expect(response.status == .cannotUnderstand)
        #expect(response.text(.errorComment) != nil)
      }
    }
  }

  @Test(arguments: [60, 64, 128]) func row26NestingThatIsAccepted(_ depth: Int) async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = HostileDataSets.start("1.2.3.4.5") + HostileDataSets.nested(depth)
      let response = try scene.store(bytes, as: "1.2.3.4.5", over: client, context: Self.explicit)
      #expect(response.status == .success)
      let id = scene.wasStored("1.2.3.4.5")
      // And it can be looked at.
      var nodes = try await scene.archive.tags(of: id)
      var levels = 0
      while let inner = nodes.last?.items.first {
        levels += 1
        nodes = inner
      }
      #expect(levels == depth)
    }
  }

  @Test(arguments: [129, 5000, 100_000], [true, false])
  func row26NestingThatIsRefused(_ depth: Int, isClosed: Bool) async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = HostileDataSets.start("1.2.3.4.5") + HostileDataSets.nested(depth, isClosed: isClosed)
      let response = try scene.store(bytes, as: "1.2.3.4.5", over: client, context: Self.explicit)
      expectRefusal(response, .cannotUnderstand, Tag(0x0040, 0xA730))
      try scene.echo()
    }
  }

  @Test func row26SequencesThatStayOpen() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for depth in [1, 60] {
        let bytes = HostileDataSets.start("1.2.3.4.5") + HostileDataSets.nested(depth, isClosed: false)
        let response = try scene.store(bytes, as: "1.2.3.4.5", over: client, context: Self.explicit)
        expectRefusal(response, .cannotUnderstand, Tag(0x0040, 0xA730))
      }
    }
  }

  @Test func row28DeflatedDataSetsAreKeptAsTheyCome() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = Deflate.raw(
        HostileDataSets.start("1.2.3.4.5") + HostileDataSets.pixelData(length: 100_000), thenZeros: 100_000)
      let response = try scene.store(bytes, as: "1.2.3.4.5", over: client, context: Self.deflated)
      #expect(response.status == .success)
      let id = scene.wasStored("1.2.3.4.5")
      let file = try await scene.archive.bytes(of: id, in: 0..<1_000_000)
      #expect(file.suffix(bytes.count).elementsEqual(bytes))
    }
  }

  @Test func row28Bombs() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let size = 256 << 20
      let start = HostileDataSets.start("1.2.3.4.5")
      let bomb = Deflate.raw(start + HostileDataSets.pixelData(length: UInt32(size)), thenZeros: size)
      #expect(bomb.count < size / 500)
      let response = try scene.store(bomb, as: "1.2.3.4.5", over: client, context: Self.deflated)
      #expect(response.status == .cannotUnderstand)
      #expect(response.text(.errorComment)?.hasPrefix("deflated data that grow past") == true)
      try scene.echo()
    }
  }

  /// Cut, damaged, or another container altogether: gzip's, zlib's and zip's start is no deflate stream.
  @Test func row28StreamsThatAreNotDeflated() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let sound = Deflate.raw(
        HostileDataSets.start("1.2.3.4.5") + HostileDataSets.pixelData(length: 64), thenZeros: 64)
      let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
      let zip = Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0, 8, 0] + Array("../../../tmp/slip".utf8)
      let streams: [(String, [UInt8])] = [
        ("cut", Array(sound.dropLast(20))), ("gzip", gzip + sound), ("zip", zip + sound),
        ("not deflated", HostileDataSets.start("1.2.3.4.5")), ("ones", [UInt8](repeating: 0xFF, count: 100)),
      ]
      for (what, bytes) in streams {
        let response = try scene.store(bytes, as: "1.2.3.4.5", over: client, context: Self.deflated)
        #expect(response.status == .cannotUnderstand, "\(what)")
        #expect(response.text(.errorComment) != nil, "\(what)")
      }
    }
  }
}
