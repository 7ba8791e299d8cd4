/// Where the fragments of encapsulated pixel data lie (PS3.5 §A.4): items behind one another, the first of which is the
/// table of offsets.
public struct PixelFragments {
  /// The first is the table of offsets, which may be empty.
  public let ranges: [Range<Int>]

  /// A file with more is damaged.
  private static let limit = 1_000_000

  /// - Parameter offset: where the first item begins. Blocks. Throws `StoreError`.
  public init(_ content: AttachmentContent, at offset: Int) throws(StoreError) {
    try self.init(source: content, at: offset)
  }

  init(source content: any ByteSource, at offset: Int) throws(StoreError) {
    var ranges: [Range<Int>] = []
    var position = offset
    while content.size - 8 >= position && ranges.count < Self.limit {
      let header = try content.read(at: position, count: 8)
      if header.count < 8 { break }
      let length = Int(header[4]) | Int(header[5]) << 8 | Int(header[6]) << 16 | Int(header[7]) << 24
      // Anything but (FFFE,E000) is the end.
      guard header[..<4].elementsEqual([0xFE, 0xFF, 0x00, 0xE0]), length <= content.size - position - 8 else {
        break
      }
      ranges.append(position + 8..<position + 8 + length)
      position += 8 + length
    }
    self.ranges = ranges
  }
}
