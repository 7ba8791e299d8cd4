import DICOM
import Testing

@Suite struct FileMetaInformationTests {
  /// PS3.10 §7.1, byte by byte.
  @Test func isWrittenAsTheStandardSays() {
    let meta = FileMetaInformation(
      sopClass: "1.2.3", sopInstance: nil, transferSyntax: TransferSyntax("1.2.84"),
      implementationClass: "9.9",
      implementationVersion: "ODD", sourceAETitle: "CT1")
    var expected = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    expected += [2, 0, 0, 0, 0x55, 0x4C, 4, 0, 86, 0, 0, 0]
    expected += [2, 0, 1, 0] + Array("OB".utf8) + [0, 0, 2, 0, 0, 0, 0, 1]
    expected += [2, 0, 2, 0] + Array("UI".utf8) + [6, 0] + Array("1.2.3\0".utf8)
    expected += [2, 0, 3, 0] + Array("UI".utf8) + [0, 0]
    expected += [2, 0, 0x10, 0] + Array("UI".utf8) + [6, 0] + Array("1.2.84".utf8)
    expected += [2, 0, 0x12, 0] + Array("UI".utf8) + [4, 0] + Array("9.9\0".utf8)
    expected += [2, 0, 0x13, 0] + Array("SH".utf8) + [4, 0] + Array("ODD ".utf8)
    expected += [2, 0, 0x16, 0] + Array("AE".utf8) + [4, 0] + Array("CT1 ".utf8)
    #expect(meta.encoded() == expected)
    // Without a title, and every length known.
    let short = FileMetaInformation(sopClass: nil, sopInstance: "1.2", transferSyntax: .explicitLittleEndian)
    let bytes = short.encoded()
    let length = Int(bytes[140]) | Int(bytes[141]) << 8
    #expect(length == bytes.count - 144)
    #expect(!String(decoding: bytes, as: Unicode.ASCII.self).contains("AE"))
  }
}
