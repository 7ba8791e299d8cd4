import DICOM
import Testing

@testable import Store

@Suite struct SummaryTests {
  private func element(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in [group, element] { bytes.append(number: number) }
    bytes += Array(vr.utf8)
    bytes.append(number: UInt16(value.utf8.count))
    return bytes + Array(value.utf8)
  }

  private func summary(_ elements: [[UInt8]], _ tags: [Tag]) throws -> InstanceSummary {
    let syntax = TransferSyntax.explicitLittleEndian
    var stream = DataSetStream(
      sink: InstanceSummary(tags: CollectedTags(tags), syntax: syntax), syntax: syntax)
    let bytes = elements.flatMap { $0 }
    try bytes.withUnsafeBytes { try stream.feed($0) }
    try stream.finish()
    return stream.sink
  }

  @Test func elementsInAnyOrderAreKeptAndTheFirstOfTwoCounts() throws {
    let (name, id, study, absent) = (
      Tag(0x0010, 0x0010), Tag(0x0010, 0x0020), Tag(0x0020, 0x000D), Tag(0x0008, 0x0050)
    )
    let summary = try summary(
      [
        element(0x0020, 0x000D, "UI", "1.2.30"), element(0x0010, 0x0020, "LO", "P1  "),
        element(0x0010, 0x0010, "PN", "DOE^JANE"), element(0x0010, 0x0020, "LO", "P2"),
        element(0x0010, 0x0040, "CS", "F "), element(0x0008, 0x0016, "UI", "1.9\0"),
      ], [name, id, study, absent])
    #expect(summary.text(study) == "1.2.30" && summary.text(id) == "P1" && summary.text(name) == "DOE^JANE")
    // Not asked for, and not there.
    #expect(summary.text(Tag(0x0010, 0x0040)) == nil && summary.text(absent) == nil)
    #expect(InstanceIdentity(summary).sopClass == "1.9")
    #expect(InstanceIdentity(summary).identifiers == ["P1", "1.2.30", "", ""])
  }
}
