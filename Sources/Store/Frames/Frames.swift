import DICOM

/// The frames of an instance's pixel data. Blocks.
struct Frames {
  let parts: InstanceParts
  let count: Int

  /// Whole numbers, or floating point of 32 and 64 bits (PS3.3 §C.7.6.24, C.7.6.25).
  private static let pixelTags: [Tag] = [.pixelData, Tag(0x7FE0, 0x0008), Tag(0x7FE0, 0x0009)]

  /// The bytes of a frame. Throws `StoreError`.
  func frame(_ number: Int) throws(StoreError) -> PieceSource {
    guard let pixels = Self.pixelTags.lazy.compactMap({ parts[$0] }).first else {
      throw StoreError(.cannotUnderstand, "the instance has no pixel data", tag: .pixelData)
    }
    return pixels.length == nil
      ? PieceSource(parts.source, pieces: try encapsulated(number, from: pixels.valueRange.lowerBound))
      : try native(number, pixels.valueRange)
  }

  private func native(_ number: Int, _ pixels: Range<Int>) throws(StoreError) -> PieceSource {
    let frame = NativeFrame(
      rows: parts.number(.rows) ?? 0, columns: parts.number(.columns) ?? 0,
      samples: parts.number(Tag(0x0028, 0x0002)) ?? 1, bitsAllocated: parts.number(Tag(0x0028, 0x0100)) ?? 0,
      photometricInterpretation: parts[Tag(0x0028, 0x0004)]?.value ?? "")
    guard let bits = frame?.range(of: number) else {
      throw StoreError(.cannotUnderstand, "the instance does not say how large its frames are")
    }
    guard (bits.upperBound + 7) / 8 <= pixels.count else {
      throw StoreError(.cannotUnderstand, "the pixel data end before frame \(number)", tag: .pixelData)
    }
    return PieceSource(parts.source, bits: bits, from: pixels.lowerBound)
  }

  // MARK: Encapsulated

  private func encapsulated(_ number: Int, from offset: Int) throws(StoreError) -> [Range<Int>] {
    let all = try PixelFragments(source: parts.source, at: offset).ranges
    guard let table = all.first else {
      throw StoreError(.cannotUnderstand, "the pixel data have no fragments", tag: .pixelData)
    }
    let fragments = Array(all.dropFirst())
    let extended = try numbers(parts[Tag(0x7FE0, 0x0001)]?.valueRange, bytes: 8)
    let offsets = extended.isEmpty ? try numbers(table, bytes: 4) : extended
    let split = try EncapsulatedFrames.split(fragments: fragments, offsets: offsets, frames: count) {
      fragment throws(StoreError) in
      let start = try parts.source.read(at: fragment.lowerBound, count: min(4, fragment.count))
      return EncapsulatedFrames.isStartOfImage(start)
    }
    guard let split else {
      throw StoreError(
        .cannotUnderstand,
        "nothing tells where a frame begins: \(fragments.count) fragments, \(count) frames, no usable table",
        tag: .pixelData)
    }
    var pieces = Array(fragments[split[number]])
    // The lengths of the extended table leave out the padding.
    let lengths = extended.isEmpty ? [] : try numbers(parts[Tag(0x7FE0, 0x0002)]?.valueRange, bytes: 8)
    if lengths.count == count, pieces.count == 1, (0...pieces[0].count).contains(lengths[number]) {
      pieces[0] = pieces[0].lowerBound..<pieces[0].lowerBound + lengths[number]
    }
    return pieces
  }

  private func numbers(_ range: Range<Int>?, bytes width: Int) throws(StoreError) -> [Int] {
    guard let range, range.count == count * width else { return [] }
    let bytes = try parts.source.read(at: range.lowerBound, count: range.count)
    return stride(from: 0, to: bytes.count - width + 1, by: width).map { start in
      bytes[start..<start + width].reversed().reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
    }.map { Int(clamping: $0) }
  }
}
