/// Which fragments of encapsulated pixel data make up which frame (PS3.5 §A.4).
public enum EncapsulatedFrames {
  /// The fragments of each frame, by their numbers; nil where nothing tells the frames apart.
  ///
  /// - Parameters:
  ///   - fragments: where the contents of the fragments lie, without the table of offsets. Each stands behind the eight
  ///     bytes of its item's header.
  ///   - offsets: where the frames' first items begin, from the first item behind the table on; empty without a table.
  ///   - beginsFrame: whether the bytes of a fragment are the start of an image; only asked where there is no other way.
  public static func split<Failure: Error>(
    fragments: [Range<Int>], offsets: [Int], frames: Int,
    beginsFrame: (Range<Int>) throws(Failure) -> Bool
  ) throws(Failure) -> [Range<Int>]? {
    if let split = byTable(fragments, offsets, frames: frames) { return split }
    if frames == 1 && !fragments.isEmpty { return [0..<fragments.count] }
    if fragments.count == frames { return fragments.indices.map { $0..<$0 + 1 } }
    if fragments.count < frames { return nil }
    var starts: [Int] = []
    for (number, fragment) in fragments.enumerated() {
      if try beginsFrame(fragment) { starts.append(number) }
    }
    return split(at: starts, of: fragments.count, frames: frames)
  }

  /// A table that does not fit what is there says nothing.
  private static func byTable(_ fragments: [Range<Int>], _ offsets: [Int], frames: Int) -> [Range<Int>]? {
    guard offsets.count == frames, let first = fragments.first else { return nil }
    var starts: [Int] = []
    var number = 0
    for offset in offsets {
      while number < fragments.count && fragments[number].lowerBound - first.lowerBound < offset {
        number += 1
      }
      guard number < fragments.count, fragments[number].lowerBound - first.lowerBound == offset else {
        return nil
      }
      starts.append(number)
    }
    return split(at: starts, of: fragments.count, frames: frames)
  }

  private static func split(at starts: [Int], of count: Int, frames: Int) -> [Range<Int>]? {
    guard starts.count == frames, starts.first == 0 else { return nil }
    let ends = starts.dropFirst() + [count]
    guard zip(starts, ends).allSatisfy({ $0 < $1 }) else { return nil }
    return zip(starts, ends).map { $0..<$1 }
  }

  /// Whether an image of JPEG, JPEG-LS or JPEG 2000 starts with these bytes.
  public static func isStartOfImage(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xD8]) || bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
  }
}
