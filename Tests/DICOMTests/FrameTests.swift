import Testing

@testable import DICOM

/// Where frames lie in pixel data.
struct FrameTests {
  private func native(_ photometric: String, samples: Int = 1, bits: Int = 8) -> NativeFrame? {
    NativeFrame(
      rows: 3, columns: 5, samples: samples, bitsAllocated: bits, photometricInterpretation: photometric)
  }

  @Test func nativeFramesFollowOneAnother() {
    #expect(native("MONOCHROME2", bits: 16)?.range(of: 2) == 480..<720)
    #expect(native("MONOCHROME2", bits: 1)?.range(of: 1) == 15..<30)
    #expect(native("RGB", samples: 3)?.bits == 360)
    #expect(native("YBR_FULL_422", samples: 3)?.bits == 240)
    #expect(native("YBR_PARTIAL_420", samples: 3)?.bits == 180)
    #expect(native("MONOCHROME2")?.range(of: .max) == nil)
    #expect(native("MONOCHROME2", bits: 0) == nil)
  }

  /// Items with headers of eight bytes, the first at 100.
  private func items(_ lengths: [Int]) -> [Range<Int>] {
    var (place, ranges) = (108, [Range<Int>]())
    for length in lengths {
      ranges.append(place..<place + length)
      place += length + 8
    }
    return ranges
  }

  private func split(
    _ lengths: [Int], offsets: [Int] = [], frames: Int, starts: Set<Int> = []
  ) -> [Range<Int>]? {
    let fragments = items(lengths)
    return EncapsulatedFrames.split(fragments: fragments, offsets: offsets, frames: frames) { fragment in
      fragments.firstIndex(of: fragment).map(starts.contains) ?? false
    }
  }

  @Test func theTableOfOffsetsTellsFramesApart() {
    #expect(split([10, 20, 30], offsets: [0, 46], frames: 2) == [0..<2, 2..<3])
    #expect(split([10, 20, 30], offsets: [0, 18], frames: 2) == [0..<1, 1..<3])
  }

  @Test func aTableThatDoesNotFitIsNotBelieved() {
    #expect(split([10, 20], offsets: [0, 19], frames: 2) == [0..<1, 1..<2])
    #expect(split([10, 20, 30], offsets: [0, 18], frames: 3) == [0..<1, 1..<2, 2..<3])
    #expect(split([10, 20, 30], offsets: [18, 0], frames: 2) == nil)
    #expect(split([10, 20, 30], offsets: [18, 46], frames: 2) == nil)
    #expect(split([10, 20, 30], offsets: [0, Int.max], frames: 2, starts: [0, 1]) == [0..<1, 1..<3])
  }

  @Test func withoutATableFragmentsOrStartsOfImagesDo() {
    #expect(split([10, 20, 30], frames: 1) == [0..<3])
    #expect(split([10, 20, 30], frames: 3) == [0..<1, 1..<2, 2..<3])
    #expect(split([10, 20, 30], frames: 2, starts: [0, 2]) == [0..<2, 2..<3])
    #expect(split([10, 20, 30], frames: 2, starts: [1, 2]) == nil)
    #expect(split([10], frames: 5) == nil)
    #expect(split([], frames: 1) == nil)
    #expect(EncapsulatedFrames.isStartOfImage([0xFF, 0xD8, 0xFF, 0xE0]))
    #expect(EncapsulatedFrames.isStartOfImage([0xFF, 0x4F, 0xFF, 0x51]))
    #expect(!EncapsulatedFrames.isStartOfImage([0xFF, 0xD9]))
  }
}
