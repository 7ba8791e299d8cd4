import Testing

@testable import DICOM

/// Private elements that are known by their creators.
@Suite struct PrivateDictionaryTests {
  @Test(
    arguments: [
      (0x0009, 0x1002, "GEMS_IDEN_01", "Suite id", "SH"),
      (0x0009, 0x10E3, "GEMS_IDEN_01", "Equipment UID", "UI"),
      (0x0009, 0x11E2, "GEMS_IDEN_01", "Image Type (ORIGINAL/PROSPECTIVE ...)", "LT"),
      (0x0043, 0x1027, "GEMS_PARM_01", "Scan Pitch Ratio", "SH"),
    ] as [(UInt16, UInt16, String, String, String)])
  func elementsHaveTheirOwnNames(group: UInt16, element: UInt16, creator: String, name: String, vr: String) {
    let entry = PrivateDictionary.entry(for: Tag(group, element), creator: creator)
    #expect(entry?.name == name && entry?.vr.description == vr, "\(String(describing: entry))")
  }

  /// None is hidden by another: each line of the table is found under its own number.
  @Test func everyLineIsFound() {
    var creator = ""
    var lines = 0
    var missed = 0
    let table = GeneratedTables.privateElements
    GeneratedTables.forEachLine(of: table) { bytes, line in
      let fields = String(decoding: bytes[line], as: UTF8.self).split(
        separator: "\t", omittingEmptySubsequences: false)
      if fields[0] == "@" {
        creator = String(fields[1])
        return
      }
      // Repeating groups (70xx) are of even ones, which are not private any more.
      guard let number = UInt32(fields[0], radix: 16), number >> 8 & 1 == 1 else { return }
      lines += 1
      let tag = Tag(UInt16(number >> 8), UInt16(0x1000 | number & 0xFF))
      if PrivateDictionary.entry(for: tag, creator: creator)?.name != String(fields[3]) { missed += 1 }
    }
    #expect(missed == 0 && lines > 8000)
  }
}
