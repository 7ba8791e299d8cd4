import CZlib
import Crypto
import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Zlib streams in Orthanc's framing: written, read, read in part, damaged.
@Suite struct CompressionTests {
  /// Bytes that compress, but not to nothing.
  static func sample(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return index % 2 == 0 ? UInt8(state >> 26) : UInt8(index / 512 & 7)
    }
  }

  private static func inflated(_ stream: [UInt8], _ size: Int) -> [UInt8]? {
    var (bytes, length) = ([UInt8](repeating: 0, count: size), UInt(size))
    guard uncompress(&bytes, &length, stream, UInt(stream.count)) == Z_OK else { return nil }
    return Array(bytes.prefix(Int(length)))
  }

  static let engines = Deflater.Engine.allCases.filter { Deflater.isAvailable($0) }

  @Test func zlibIsAlwaysThere() { #expect(Deflater.isAvailable(.zlib)) }

  @Test(arguments: engines) func zlibReadsWhatAnEngineWrites(engine: Deflater.Engine) throws {
    for size in [1, 2, 100, 65_535, 65_536, 65_537, 300_000, 3_000_000] {
      let deflater = try #require(Deflater(engine))
      let bytes = Self.sample(size)
      var packed: [UInt8] = []
      // In pieces of odd sizes.
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(70_001))
        rest = rest.dropFirst(70_001)
        try piece.withUnsafeBytes { buffer in
          try deflater.deflate(buffer, isLast: rest.isEmpty) { packed += Array($0) }
        }
      }
      #expect(Self.inflated(packed, size) == bytes, "\(engine) \(size)")
      if size > 1000 { #expect(packed.count < size) }
    }
  }

  @Test(arguments: engines) func anEngineBeginsAnew(engine: Deflater.Engine) throws {
    let deflater = try #require(Deflater(engine))
    let bytes = Self.sample(100_000)
    // One that is given up, then two whole ones.
    try bytes.withUnsafeBytes { try deflater.deflate($0, isLast: false) { _ in } }
    for seed in [7, 8] as [UInt32] {
      deflater.reset()
      let own = Self.sample(50_000, seed: seed)
      #expect(Self.inflated(try deflater.all(own), own.count) == own)
    }
  }

  @Test func theFramingIsOrthancs() throws {
    let bytes = Self.sample(5000)
    let packed = try ZlibFraming.compressed(bytes)
    #expect(Array(packed.prefix(8)) == [0x88, 0x13, 0, 0, 0, 0, 0, 0])
    #expect(Self.inflated(Array(packed.dropFirst(8)), 5000) == bytes)
    #expect(ZlibFraming.isPossible(packed) && ZlibFraming.size(packed) == 5000)
    #expect(!ZlibFraming.isPossible(DataSetSamples.file()) && !ZlibFraming.isPossible([1, 2]))
    #expect(try ZlibFraming.compressed([]).isEmpty)
  }

  private func content(_ packed: [UInt8], size: Int? = nil) throws -> AttachmentContent {
    try AttachmentContent(BytesInMemory(bytes: packed), isCompressed: true, name: "it", size: size)
  }

  @Test func anyPartCanBeRead() throws {
    let bytes = Self.sample(1_000_000)
    let content = try content(try ZlibFraming.compressed(bytes))
    #expect(content.size == 1_000_000)
    for range in [0..<10, 500_000..<500_100, 3..<4, 999_990..<1_000_000, 0..<1_000_000, 65_535..<300_000] {
      #expect(try content.read(at: range.lowerBound, count: range.count) == Array(bytes[range]), "\(range)")
    }
    #expect(try content.read(at: 999_999, count: 100) == [bytes[999_999]])
    #expect(
      try content.read(at: 1_000_000, count: 100).isEmpty && content.read(at: 2_000_000, count: 1).isEmpty)
    #expect(try content.md5() == Array(Insecure.MD5.hash(data: bytes)))
    #expect(try content.damage() == nil)
  }

  @Test func damageIsToldWhereverItIs() throws {
    let packed = try ZlibFraming.compressed(Self.sample(400_000))
    for position in [8, 9, 20, packed.count / 2, packed.count - 1] {
      var damaged = packed
      damaged[position] ^= 0x55
      #expect(try content(damaged, size: 400_000).damage() != nil, "\(position)")
    }
    for length in [8, 9, 100, packed.count - 5, packed.count - 1] {
      #expect(try content(Array(packed.prefix(length)), size: 400_000).damage() != nil, "\(length)")
    }
    let short = try content(Array(packed.prefix(packed.count / 2)), size: 400_000)
    let error = #expect(throws: StoreError.self) { _ = try short.read(at: 399_000, count: 10) }
    #expect(error?.code == .inputOutput && error?.message.contains("recover") == true)
    #expect(try short.read(at: 10, count: 10) == Array(Self.sample(400_000)[10..<20]))
    #expect(try content(packed, size: 399_999).damage() != nil)
  }
}

/// What is recovered of a file without its archive.
@Suite struct AttachmentRecoveryTests {
  private func recover(_ bytes: [UInt8]) throws -> (AttachmentRecovery.Found, [UInt8]) {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "file")
    var output: [UInt8] = []
    let found = try AttachmentRecovery.recover(path) { output += $0 }
    return (found, output)
  }

  @Test func aWholeOneIsRecognised() throws {
    let bytes = DataSetSamples.file(pixels: 900_000)
    let (found, output) = try recover(try ZlibFraming.compressed(bytes))
    #expect(found.ending == .complete && found.bytes == Int64(bytes.count) && found.isDICOM)
    #expect(output == bytes)
    let (text, _) = try recover(try ZlibFraming.compressed(Array("hello, hello".utf8)))
    #expect(text.ending == .complete && !text.isDICOM)
  }

  @Test func aTruncatedOneIsSavedAsFarAsItGoes() throws {
    let bytes = CompressionTests.sample(700_000)
    let packed = try ZlibFraming.compressed(bytes)
    let (found, output) = try recover(Array(packed.dropLast(packed.count / 3)))
    #expect(found.ending == .truncated && found.announced == 700_000)
    #expect(found.bytes == Int64(output.count) && output.count > 400_000 && output.count < 700_000)
    #expect(output == Array(bytes.prefix(output.count)))
    // Only the checksum is missing.
    let (almost, all) = try recover(packed.dropLast(2))
    #expect(almost.ending == .truncated && all == bytes)
  }

  @Test func aWrongChecksumAndAWrongSizeAreTold() throws {
    let bytes = CompressionTests.sample(10_000)
    var packed = try ZlibFraming.compressed(bytes)
    packed[packed.count - 1] ^= 1
    #expect(try recover(packed).0.ending == .damaged)
    packed[packed.count - 1] ^= 1
    packed[1] ^= 1
    let (other, output) = try recover(packed)
    #expect(other.ending == .otherSize && output == Array(bytes.prefix(output.count)))
  }

  @Test func whatIsNotCompressedIsSaidToBe() throws {
    let dicom = #expect(throws: StoreError.self) { _ = try recover(DataSetSamples.file()) }
    #expect(dicom?.code == .badValue && dicom?.message.contains("used as it is") == true)
    let text = #expect(throws: StoreError.self) { _ = try recover(Array("hello, world".utf8)) }
    #expect(text?.message.contains("no compressed attachment") == true)
    #expect(throws: StoreError.self) { _ = try recover([]) }
  }
}
