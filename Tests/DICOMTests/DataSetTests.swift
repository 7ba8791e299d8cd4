import DICOM
import TestSupport
import Testing

@Suite struct DataSetTests {
  @Test(arguments: [
    TransferSyntax.implicitLittleEndian, .explicitLittleEndian,
  ]) func whatIsWrittenIsReadBack(syntax: TransferSyntax) throws {
    let dataSet = DataSetSamples.instance()
    let bytes = DataSetWriter.encode(dataSet, as: syntax)
    #expect(try DataSet(reading: bytes, syntax: syntax) == dataSet)
  }

  @Test func fileHeaderOfOurOwnFiles() throws {
    let bytes = DataSetSamples.file()
    let header = try bytes.withUnsafeBytes { try FileHeader($0) }
    #expect(header.transferSyntax == .explicitLittleEndian)
    #expect(header.meta?.mediaStorageSOPInstance == "1.2.3.4.5")
    #expect(header.meta?.implementationVersion == FileMetaInformation.ourImplementationVersion)
    #expect(bytes[header.dataSetOffset...].starts(with: [8, 0, 5, 0]))
    // The group length is what group 2 takes behind it.
    let length = bytes[140..<144].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    #expect(144 + length == header.dataSetOffset)
  }

  @Test func filesWithoutPreambleOrMetaInformation() throws {
    let dataSet = DataSetSamples.instance()
    for syntax in [TransferSyntax.implicitLittleEndian, .explicitLittleEndian, .explicitBigEndian] {
      let bytes = DataSetWriter.encode(dataSet, as: syntax)
      let header = try bytes.withUnsafeBytes { try FileHeader($0) }
      #expect(header.transferSyntax == syntax)
      #expect(header.dataSetOffset == 0 && header.meta == nil)
    }
    let withoutPreamble = Array(DataSetSamples.file()[132...])
    #expect(try withoutPreamble.withUnsafeBytes { try FileHeader($0) }.meta != nil)
  }

  @Test(arguments: [
    "", "hello", String(repeating: "PK\u{3}\u{4}", count: 100), "{\"a\": 1, \"b\": [1, 2, 3]}",
  ])
  func otherFilesAreNoDICOM(text: String) {
    let error = #expect(throws: DataSetError.self) {
      try Array(text.utf8).withUnsafeBytes { bytes throws(DataSetError) in try FileHeader(bytes) }
    }
    #expect(error?.reason == .notDICOM)
  }

  @Test func tagTreeShowsSequencesPrivateTagsAndNumbers() throws {
    let creator = DataElement(Tag(0x0043, 0x0010), .LO, text: "GEMS_PARM_01")
    let ratio = DataElement(Tag(0x0043, 0x1027), .SH, text: "0.984:1")
    let request = DataElement(
      Tag(0x0040, 0x0275), .SQ,
      .items([DataSet([DataElement(Tag(0x0040, 0x0007), .LO, text: "CT CHEST")])]))
    let bytes = DataSetSamples.file(extra: [creator, ratio, request])
    let nodes = try TagTree.read(size: bytes.count) { Array(bytes[$0..<$0 + $1]) }
    let byTag = Dictionary(uniqueKeysWithValues: nodes.map { ($0.tag, $0) })
    #expect(byTag[.rows]?.value == "4")
    #expect(byTag[Tag(0x0043, 0x1027)]?.name == "Scan Pitch Ratio")
    #expect(byTag[Tag(0x0043, 0x1027)]?.privateCreator == "GEMS_PARM_01")
    #expect(byTag[Tag(0x0040, 0x0275)]?.items.first?.first?.value == "CT CHEST")
    #expect(byTag[Tag(0x0002, 0x0010)]?.value == "1.2.840.10008.1.2.1")
    #expect(byTag[.pixelData]?.length == 32)
    let name = try #require(byTag[.patientName])
    #expect(Array(bytes[name.valueRange]) == Array("DOE^JANE".utf8))
  }

  @Test func dictionaryKnowsTheStandard() {
    #expect(DataDictionary.entry(for: .patientName)?.keyword == "PatientName")
    #expect(DataDictionary.tag(forKeyword: "StudyInstanceUID") == .studyInstanceUID)
    #expect(DataDictionary.vr(of: .pixelData) == .OW)
    #expect(DataDictionary.vr(of: Tag(0x6002, 0x3000)) == .OW)
    #expect(DataDictionary.vr(of: Tag(0x0028, 0x0106)) == .US)
    #expect(DataDictionary.vr(of: Tag(0x0009, 0x0010)) == .LO)
    #expect(DataDictionary.vr(of: Tag(0x0008, 0x0000)) == .UL)
    #expect(DataDictionary.entry(for: Tag(0x0018, 0x9998)) == nil)
    #expect(UIDRegistry.name(of: "1.2.840.10008.1.2.4.90") == "JPEG 2000 Image Compression (Lossless Only)")
    #expect(UIDRegistry.entries(ofKind: "Transfer Syntax").count > 40)
    #expect(Tag(hex: "0010,0010") == .patientName && Tag(hex: "(0010,0010)") == .patientName)
  }

  @Test func uidsAreChecked() {
    for good in ["1", "1.2.840.10008.1.1", "2.25.0", String(repeating: "1", count: 64)] {
      #expect(UID(good).isValid)
    }
    for bad in ["", ".1", "1.", "1..2", "1.2/..", "a.b", String(repeating: "1", count: 65), "1.2\0"] {
      #expect(!UID(bad).isValid)
    }
    #expect(UID(bytes: [0x31, 0x2E, 0x32, 0]) == "1.2")
  }
}
