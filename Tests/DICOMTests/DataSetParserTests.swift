import DICOM
import TestSupport
import Testing

/// Writes down everything that the parser tells.
private struct Recorder: DataSetSink {
  var events: [String] = []
  var stopAt: Tag?

  mutating func element(_ header: ElementHeader) -> ElementAction {
    if header.tag == stopAt { return .stop }
    return .collect(limit: 16)
  }
  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    events.append(
      "\(header.tag) \(header.vr) @\(header.offset) \(header.length ?? -1) d\(header.depth) \(Array(bytes))")
  }
  mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
    events.append("sequence \(header.tag) \(header.vr) @\(header.offset)")
    return true
  }
  mutating func itemBegan(_ header: ElementHeader) { events.append("item") }
  mutating func itemEnded() { events.append("item ends") }
  mutating func sequenceEnded() { events.append("sequence ends") }
  mutating func fragmentsBegan(_ header: ElementHeader) -> Bool {
    events.append("fragments")
    return true
  }
  mutating func fragment(_ header: ElementHeader) { events.append("fragment \(header.length ?? -1)") }
  mutating func fragmentsEnded() { events.append("fragments end") }
}

private func parse(
  _ bytes: [UInt8], _ syntax: TransferSyntax, pieces: Int = Int.max, end: Int? = nil, stopAt: Tag? = nil,
  limits: ParserLimits = ParserLimits()
) throws -> [String] {
  var parser = DataSetParser(sink: Recorder(stopAt: stopAt), syntax: syntax, limits: limits, end: end)
  var position = 0
  while position < bytes.count {
    let next = position + min(pieces, bytes.count - position)
    try bytes[position..<next].withUnsafeBytes { try parser.feed($0) }
    position = next
  }
  try parser.finish()
  return parser.sink.events
}

private let nested = DataSet([
  DataElement(.sopClassUID, .UI, text: "1.2.3"),
  DataElement(
    Tag(0x0008, 0x1140), .SQ,
    .items([
      DataSet([DataElement(Tag(0x0008, 0x1150), .UI, text: "1.9")]),
      DataSet(),
      DataSet([
        DataElement(Tag(0x0008, 0x1140), .SQ, .items([DataSet([DataElement(.modality, .CS, text: "CT")])]))
      ]),
    ])),
  DataElement(.rows, numbers: [512]),
])

@Suite struct DataSetParserTests {
  @Test(arguments: [
    TransferSyntax.implicitLittleEndian, .explicitLittleEndian, .explicitBigEndian,
  ]) func fragmentsOfAnySizeTellTheSame(syntax: TransferSyntax) throws {
    let bytes = DataSetWriter.encode(nested, as: syntax)
    let whole = try parse(bytes, syntax)
    #expect(whole.count == 16)
    #expect(whole[1] == "sequence (0008,1140) SQ @14")
    for pieces in [1, 2, 3, 5, 7, 8, 11, 13] { #expect(try parse(bytes, syntax, pieces: pieces) == whole) }
    #expect(try parse(bytes, syntax, end: bytes.count) == whole)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = DataSetWriter.encode(nested, as: .explicitLittleEndian)
    var boundaries = 0
    for count in 1..<bytes.count {
      do {
        _ = try parse(Array(bytes[..<count]), .explicitLittleEndian)
        boundaries += 1
      } catch let error as DataSetError {
        #expect(error.reason == .truncated)
      }
    }
    // Behind the first element and behind the sequence the shorter stream is a whole data set.
    #expect(boundaries == 2)
  }

  @Test func undefinedLengthsEndAtTheirDelimiters() throws {
    let bytes: [UInt8] =
      [0x08, 0, 0x40, 0x11] + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
      + [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
      + [0x08, 0, 0x60, 0] + Array("CS".utf8) + [2, 0] + Array("CT".utf8)
      + [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0] + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    let events = try parse(bytes, .explicitLittleEndian, pieces: 1)
    #expect(
      events == [
        "sequence (0008,1140) SQ @0", "item", "(0008,0060) CS @20 2 d1 [67, 84]", "item ends",
        "sequence ends",
      ])
  }

  @Test func unknownOfUndefinedLengthIsImplicitInside() throws {
    // CP-246.
    let bytes: [UInt8] =
      [0x09, 0, 0x01, 0x10] + Array("UN".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
      + [0xFE, 0xFF, 0x00, 0xE0, 10, 0, 0, 0] + [0x08, 0, 0x60, 0, 2, 0, 0, 0] + Array("CT".utf8)
      + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    let events = try parse(bytes, .explicitLittleEndian)
    #expect(events.contains("(0008,0060) CS @20 2 d1 [67, 84]"))
  }

  @Test func encapsulatedPixelDataIsFragments() throws {
    let dataSet = DataSet([DataElement(.pixelData, .OB, .fragments([[], [1, 2, 3, 4], [5, 6]]))])
    let bytes = DataSetWriter.encode(dataSet, as: .explicitLittleEndian)
    let expected = ["fragments", "fragment 0", "fragment 4", "fragment 2", "fragments end"]
    for pieces in [1, 4, 1000] {
      #expect(try parse(bytes, .explicitLittleEndian, pieces: pieces) == expected)
    }
  }

  @Test func stopsWhereItIsTold() throws {
    let bytes = DataSetWriter.encode(nested, as: .explicitLittleEndian)
    let events = try parse(bytes + [1, 2, 3], .explicitLittleEndian, stopAt: .rows)
    #expect(events.last == "sequence ends")
  }

  @Test func lengthsThatLieAreRefusedAtOnce() throws {
    // A value longer than its item.
    let item: [UInt8] =
      [0x08, 0, 0x40, 0x11] + Array("SQ".utf8) + [0, 0, 18, 0, 0, 0] + [0xFE, 0xFF, 0x00, 0xE0, 10, 0, 0, 0]
      + [0x08, 0, 0x60, 0] + Array("CS".utf8) + [4, 0] + Array("CTCT".utf8)
    let error = #expect(throws: DataSetError.self) { try parse(item, .explicitLittleEndian) }
    #expect(error?.reason == .lengthExceedsContainer(length: 4, left: 2))
    #expect(error?.path == [Tag(0x0008, 0x1140), .modality])
    // A value of 4 GiB in a file of 12 bytes.
    let huge: [UInt8] = [0xE0, 0x7F, 0x10, 0] + Array("OW".utf8) + [0, 0, 0xFE, 0xFF, 0xFF, 0xFF]
    let truncated = #expect(throws: DataSetError.self) {
      try parse(huge, .explicitLittleEndian, end: huge.count)
    }
    #expect(truncated?.reason == .truncated)
  }

  @Test func nestingIsBounded() throws {
    let level: [UInt8] =
      [0x08, 0, 0x40, 0x11] + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
      + [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
    let close: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    func nest(_ depth: Int) -> [UInt8] {
      (0..<depth).flatMap { _ in level } + (0..<depth).flatMap { _ in close }
    }
    #expect(try parse(nest(64), .explicitLittleEndian).count == 256)
    let error = #expect(throws: DataSetError.self) { try parse(nest(100_000), .explicitLittleEndian) }
    #expect(error?.reason == .nestedTooDeep(limit: 128))
    let open = #expect(throws: DataSetError.self) { try parse(nest(60).dropLast(8), .explicitLittleEndian) }
    #expect(open?.reason == .truncated)
  }

  @Test func elementCountIsBounded() throws {
    var limits = ParserLimits()
    limits.elements = 3
    let bytes = DataSetWriter.encode(DataSetSamples.instance(), as: .explicitLittleEndian)
    let error = #expect(throws: DataSetError.self) { try parse(bytes, .explicitLittleEndian, limits: limits) }
    #expect(error?.reason == .tooManyElements(limit: 3))
  }

  @Test func noBytesWhateverMakeItTrap() {
    // A fixed generator: the same bytes every time.
    var state: UInt64 = 42
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let sound = DataSetWriter.encode(nested, as: .explicitLittleEndian)
    for round in 0..<20_000 {
      var bytes = round % 2 == 0 ? sound : (0..<60).map { _ in next() }
      for _ in 0..<3 { bytes[Int(next()) % bytes.count] = next() }
      for syntax in [TransferSyntax.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian] {
        _ = try? parse(bytes, syntax, pieces: 1 + round % 9)
        _ = try? DataSet(reading: bytes, syntax: syntax)
      }
    }
  }
}
