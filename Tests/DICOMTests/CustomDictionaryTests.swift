import Testing

@testable import DICOM

/// A dictionary of the site's own.
@Suite struct CustomDictionaryTests {
  private typealias Entry = CustomDictionary.Entry

  @Test func privateElementsStandInAnyBlock() {
    let dictionary = CustomDictionary([
      Entry(tag: Tag(0x7053, 0x1003), vr: .ST, vm: "1", name: "File", privateCreator: "A"),
      Entry(tag: Tag(0x7053, 0x1003), vr: .LO, vm: "1", name: "Other", privateCreator: "B"),
      Entry(tag: Tag(0x0014, 0x1020), vr: .DA, vm: "1", name: "ValidationExpiryDate"),
    ])
    #expect(dictionary.entry(for: Tag(0x7053, 0x2203), creator: "A")?.name == "File")
    #expect(dictionary.entry(for: Tag(0x7053, 0x2203), creator: "B")?.vr == .LO)
    #expect(dictionary.entry(for: Tag(0x7053, 0x2203), creator: "C") == nil)
    #expect(dictionary.entry(for: Tag(0x7053, 0x2203), creator: nil) == nil)
    #expect(dictionary.entry(for: Tag(0x0014, 0x1020), creator: nil)?.vr == .DA)
    #expect(dictionary.tag(named: "ValidationExpiryDate") == Tag(0x0014, 0x1020))
  }

  @Test func theDefaultCreatorStandsIn() {
    let dictionary = CustomDictionary(
      [Entry(tag: Tag(0x7053, 0x1003), vr: .ST, vm: "1", name: "File", privateCreator: "A")],
      defaultPrivateCreator: "A")
    #expect(dictionary.entry(for: Tag(0x7053, 0x1003), creator: nil)?.name == "File")
    #expect(dictionary.entry(for: Tag(0x7053, 0x1003), creator: "B") == nil)
  }

  /// Registered for the whole run: the creator and the group are nobody else's.
  @Test func implicitDataAreReadByIt() throws {
    let creator = "FILMROOM TEST DICTIONARY"
    CustomDictionary.register(
      CustomDictionary([
        Entry(tag: Tag(0x5533, 0x1001), vr: .US, vm: "1", name: "Count", privateCreator: creator),
        Entry(tag: Tag(0x5533, 0x1002), vr: .SQ, vm: "1", name: "Parts", privateCreator: creator),
        Entry(tag: Tag(0x5534, 0x0001), vr: .FD, vm: "1", name: "OwnLength"),
      ]))
    let inner: [UInt8] = [0x10, 0x00, 0x20, 0x00, 2, 0, 0, 0] + Array("AB".utf8)
    var bytes: [UInt8] = [0x33, 0x55, 0x20, 0x00, UInt8(creator.utf8.count), 0, 0, 0] + Array(creator.utf8)
    bytes += [0x33, 0x55, 0x01, 0x20, 2, 0, 0, 0, 7, 1]
    bytes += [0x33, 0x55, 0x02, 0x20, UInt8(inner.count + 8), 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0]
    bytes += [UInt8(inner.count), 0, 0, 0] + inner
    bytes += [0x34, 0x55, 0x01, 0x00, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F]
    let head: [UInt8] = [0x08, 0x00, 0x05, 0x00, 0, 0, 0, 0]
    let file = head + bytes
    let read = { (offset: Int, count: Int) in Array(file[offset..<min(file.count, offset + count)]) }
    let summary = try DicomSummary.read(size: file.count, read)
    let values = Dictionary(uniqueKeysWithValues: summary.elements.map { ($0.name, $0.value) })
    #expect(values["Count"] == .text("263"))
    #expect(values["OwnLength"] == .text("1.5"))
    guard case .items(let items) = values["Parts"] else {
      Issue.record("no sequence: \(values)")
      return
    }
    #expect(items.map { $0.map(\.value) } == [[.text("AB")]])
    let nodes = try TagTree.read(size: file.count, read)
    #expect(nodes.first { $0.name == "Count" }?.value == "263")
    #expect(nodes.first { $0.name == "Parts" }?.items.count == 1)
  }
}
