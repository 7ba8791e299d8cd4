/// Lays out a DICOMDIR (PS3.10 §8, PS3.3 §F) from front to back: a record at a time, each behind the one that it belongs to.
/// A record points to others by their places in the file; those that are not known yet when it is written are told later.
public struct DirectoryWriter: Sendable {
  /// Four bytes at a place in the file that become a number.
  public struct Patch: Equatable, Sendable {
    public var offset: Int
    public var value: UInt32

    /// As they lie in the file.
    public var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }

  /// Places in a DICOMDIR have 32 bits: there are too many records.
  public struct TooLarge: Error, Equatable {}

  /// Everything before the records.
  public let head: [UInt8]
  /// Bytes up to now.
  public private(set) var size: Int
  private let links: (first: Int, last: Int, length: Int)
  /// Where the last record at each depth begins, within the last one above.
  private var last: [Int] = []

  private static let sopClass: UID = "1.2.840.10008.1.3.10"
  // Within a record: the item's header has eight bytes, as those of its short elements.
  private static let nextRecord = 16
  private static let lowerRecord = 38

  /// - Parameters:
  ///   - fileSetID: at most sixteen capitals, digits, spaces and underscores.
  ///   - instance: a new UID.
  public init(fileSetID: String, instance: UID) {
    let meta = FileMetaInformation(
      sopClass: Self.sopClass, sopInstance: instance, transferSyntax: .explicitLittleEndian
    ).encoded()
    let none: [UInt8] = [0, 0, 0, 0]
    let dataSet = DataSet([
      DataElement(Tag(0x0004, 0x1130), .CS, text: fileSetID),
      DataElement(Tag(0x0004, 0x1200), .UL, bytes: none),
      DataElement(Tag(0x0004, 0x1202), .UL, bytes: none),
      DataElement(Tag(0x0004, 0x1212), numbers: [0]),
      DataElement(Tag(0x0004, 0x1220), .SQ, .items([])),
    ])
    head = meta + DataSetWriter.encode(dataSet, as: .explicitLittleEndian)
    size = head.count
    // From the end: the sequence's header has 12 bytes, the consistency flag 10, the links 12 each.
    links = (size - 38, size - 26, size - 4)
  }

  /// The bytes of a record, which go behind all before, and what becomes known by it.
  ///
  /// - Parameter depth: 0 for a patient, and so on; it lies in the last record that is one less deep.
  public mutating func add(
    _ record: DirectoryRecord, depth: Int
  ) throws(TooLarge) -> (bytes: [UInt8], patches: [Patch]) {
    precondition(depth <= last.count, "a record without the one above")
    let content = DataSetWriter.encode(record.dataSet, as: .explicitLittleEndian)
    guard size + content.count + 8 <= Int(UInt32.max) else { throw TooLarge() }
    var patches: [Patch] = []
    if depth < last.count {
      patches.append(Patch(offset: last[depth] + Self.nextRecord, value: UInt32(size)))
    } else if depth > 0 {
      patches.append(Patch(offset: last[depth - 1] + Self.lowerRecord, value: UInt32(size)))
    } else {
      patches.append(Patch(offset: links.first, value: UInt32(size)))
    }
    last = last[..<depth] + [size]
    let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0]
    let bytes = item + Patch(offset: 0, value: UInt32(content.count)).bytes + content
    size += bytes.count
    return (bytes, patches)
  }

  /// What is left to be told when all records are there.
  public func finish() -> [Patch] {
    [
      Patch(offset: links.last, value: UInt32(last.first ?? 0)),
      Patch(offset: links.length, value: UInt32(size - head.count)),
    ]
  }
}
