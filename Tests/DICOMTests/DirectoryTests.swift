import Testing

@testable import DICOM

/// DICOMDIRs, read back by following their links.
struct DirectoryTests {
  private func record(_ kind: DirectoryRecordKind, _ name: String) -> DirectoryRecord {
    let file = DirectoryRecord.File(
      path: ["IMAGES", name], sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: "1.2.3",
      transferSyntax: "1.2.840.10008.1.2.1")
    return DirectoryRecord(
      kind, file: kind == .image ? file : nil, keys: [DataElement(.patientName, .PN, text: name)])
  }

  /// A file with records at these depths.
  private func directory(_ records: [(depth: Int, name: String)]) throws -> [UInt8] {
    var writer = DirectoryWriter(fileSetID: "TEST", instance: "1.2.3.4")
    var bytes = writer.head
    func apply(_ patches: [DirectoryWriter.Patch]) {
      for patch in patches { bytes.replaceSubrange(patch.offset..<patch.offset + 4, with: patch.bytes) }
    }
    for (depth, name) in records {
      let kind: DirectoryRecordKind = [.patient, .study, .series, .image][depth]
      let added = try writer.add(record(kind, name), depth: depth)
      bytes += added.bytes
      apply(added.patches)
    }
    apply(writer.finish())
    #expect(writer.size == bytes.count)
    return bytes
  }

  private func number(_ bytes: [UInt8], at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  /// The names below a place, each with those below it.
  private func tree(_ bytes: [UInt8], at start: Int, _ depth: Int = 0) throws -> [String] {
    var (place, lines) = (start, [String]())
    while place != 0 {
      try #require(bytes[place..<place + 4].elementsEqual([0xFE, 0xFF, 0x00, 0xE0]))
      let length = number(bytes, at: place + 4)
      let item = try DataSet(
        reading: Array(bytes[place + 8..<place + 8 + length]), syntax: .explicitLittleEndian)
      lines.append(String(repeating: " ", count: depth) + (item.text(.patientName) ?? "?"))
      lines += try tree(
        bytes, at: number(Array(item[Tag(0x0004, 0x1420)]?.bytes ?? []), at: 0), depth + 1)
      place = number(Array(item[Tag(0x0004, 0x1400)]?.bytes ?? []), at: 0)
    }
    return lines
  }

  @Test func recordsLeadToOneAnother() throws {
    let bytes = try directory([
      (0, "P1"), (1, "A"), (2, "a"), (3, "1"), (3, "2"), (2, "b"), (3, "3"), (1, "B"), (2, "c"), (3, "4"),
      (0, "P2"), (1, "C"), (2, "d"), (3, "5"),
    ])
    let header = try bytes.withUnsafeBytes { try FileHeader($0) }
    #expect(header.meta?.mediaStorageSOPClass == "1.2.840.10008.1.3.10")
    let dataSet = try DataSet(
      reading: Array(bytes[header.dataSetOffset...]), syntax: header.transferSyntax)
    #expect(dataSet.text(Tag(0x0004, 0x1130)) == "TEST")
    #expect(dataSet[Tag(0x0004, 0x1220)]?.items.count == 14)
    let first = number(Array(dataSet[Tag(0x0004, 0x1200)]?.bytes ?? []), at: 0)
    #expect(
      try tree(bytes, at: first)
        == ["P1", " A", "  a", "   1", "   2", "  b", "   3", " B", "  c", "   4", "P2", " C", "  d", "   5"])
    let last = number(Array(dataSet[Tag(0x0004, 0x1202)]?.bytes ?? []), at: 0)
    #expect(try tree(bytes, at: last).first == "P2")
  }

  @Test func anEmptyOneLeadsNowhere() throws {
    let bytes = try directory([])
    let header = try bytes.withUnsafeBytes { try FileHeader($0) }
    let dataSet = try DataSet(
      reading: Array(bytes[header.dataSetOffset...]), syntax: header.transferSyntax)
    #expect(dataSet[Tag(0x0004, 0x1200)]?.bytes == [0, 0, 0, 0])
    #expect(dataSet[Tag(0x0004, 0x1220)]?.items.isEmpty == true)
  }

  @Test func theCharacterSetIsNamedWhereItMatters() {
    #expect(record(.patient, "DOE").dataSet[.specificCharacterSet] == nil)
    #expect(record(.patient, "MÜLLER").dataSet.text(.specificCharacterSet) == "ISO_IR 192")
    let nested = DataElement(
      Tag(0x0040, 0xA043), .SQ, .items([DataSet([DataElement(Tag(0x0008, 0x0104), .LO, text: "報告")])]))
    #expect(
      DirectoryRecord(.report, keys: [nested]).dataSet.text(.specificCharacterSet) == "ISO_IR 192")
  }

  @Test(arguments: [
    ("2", DirectoryRecordKind.image), ("88.33", .report), ("88.59", .keyObjects), ("104.1", .document),
    ("11.1", .presentation), ("9.1.1", .waveform), ("481.1", .image), ("481.3", .rtStructureSet),
    ("66.4", .image), ("66", .rawData), ("7.4", .image),
  ]) func theClassSaysWhatItIs(number: String, kind: DirectoryRecordKind) {
    #expect(DirectoryRecordKind(sopClass: "1.2.840.10008.5.1.4.1.1." + number) == kind)
    #expect(DirectoryRecordKind(sopClass: "1.3.6.1.4.1.9." + number) == .image)
  }

  @Test func keysAscend() {
    for kind in DirectoryRecordKind.allCases {
      let tags = kind.keys.map(\.tag)
      #expect(tags == tags.sorted(), "\(kind)")
    }
  }
}
