/// The size of one frame of pixel data that are not encapsulated (PS3.3 §C.7.6.3, PS3.5 §8.1.1).
public struct NativeFrame: Equatable, Sendable {
  /// Frames follow one another without a gap, even where a frame ends within a byte.
  public let bits: Int

  /// Nil for what describes no pixels.
  public init?(rows: Int, columns: Int, samples: Int, bitsAllocated: Int, photometricInterpretation: String) {
    guard (1...65_535).contains(rows), (1...65_535).contains(columns), (1...16).contains(samples),
      (1...64).contains(bitsAllocated)
    else { return nil }
    let all = rows * columns * samples * bitsAllocated
    // Two pixels share their colours, or four do.
    switch photometricInterpretation {
    case "YBR_FULL_422", "YBR_PARTIAL_422": bits = samples == 3 ? all / 3 * 2 : all
    case "YBR_PARTIAL_420": bits = samples == 3 ? all / 2 : all
    default: bits = all
    }
  }

  /// The bits of a frame, from the start of the pixel data; nil where there can't be so many.
  public func range(of frame: Int) -> Range<Int>? {
    let (start, overflow) = bits.multipliedReportingOverflow(by: frame)
    if overflow || start > Int.max - bits { return nil }
    return start..<start + bits
  }
}
