import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What was written, as it came.
private final class ZipBytes: Sendable {
  let bytes = Mutex<[UInt8]>([])
  var writer: ZipWriter { ZipWriter { new throws(StoreError) in self.bytes.withLock { $0 += new } } }
  func writer64() -> ZipWriter {
    ZipWriter(forces64: true) { new throws(StoreError) in self.bytes.withLock { $0 += new } }
  }
  var all: [UInt8] { bytes.withLock { $0 } }
}

@Suite struct ZipTests {
  private static let noise: [UInt8] = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }

  private func sample(_ writer: ZipWriter) throws {
    try writer.add("a/plain.txt", date: 1_700_000_000, bytes: Array("hello".utf8), method: .stored)
    try writer.add(
      "a/ü 山田.dcm", date: 1_700_000_000, bytes: Array(repeating: 7, count: 70_000), method: .deflated)
    for method in [ZipWriter.Method.stored, .deflated] {
      try writer.begin("b/\(method)", date: 0, expectedSize: Self.noise.count, method: method)
      try writer.append(Array(Self.noise[..<1000]))
      try writer.append(Array(Self.noise[1000...]))
      try writer.end()
    }
    try writer.add("empty", date: 0, bytes: [], method: .deflated)
    try writer.finish()
  }

  private func read(_ reader: ZipReader, _ entry: ZipEntry, pieces: Int = 7001) throws -> [UInt8] {
    let stream = try reader.stream(entry)
    var bytes: [UInt8] = []
    while bytes.count < entry.size { bytes += try stream.read(pieces) }
    return bytes
  }

  private func reason(_ bytes: [UInt8], limits: ZipLimits = ZipLimits()) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "a.zip")
    do {
      let reader = try ZipReader(path, limits: limits)
      for entry in reader.entries { _ = try read(reader, entry) }
    } catch let error as StoreError {
      #expect(error.code == .cannotUnderstand)
      return error.message
    }
    return "fine"
  }

  @Test(arguments: [false, true]) func whatIsWrittenIsRead(is64: Bool) throws {
    let zip = ZipBytes()
    try sample(is64 ? zip.writer64() : zip.writer)
    let folder = try TemporaryFolder()
    // Something in front, as in a program that extracts itself.
    for front in [0, 1234] {
      let path = try folder.write([UInt8](repeating: 1, count: front) + zip.all, to: "a.zip")
      let reader = try ZipReader(path)
      #expect(reader.entries.map(\.name) == ["a/plain.txt", "a/ü 山田.dcm", "b/stored", "b/deflated", "empty"])
      #expect(reader.entries.map(\.size) == [5, 70_000, 200_000, 200_000, 0])
      #expect(try read(reader, reader.entries[0]) == Array("hello".utf8))
      #expect(try read(reader, reader.entries[1]) == Array(repeating: 7, count: 70_000))
      for entry in reader.entries[2...3] { #expect(try read(reader, entry) == Self.noise) }
      #expect(reader.entries[1].compressedSize < 1000)
    }
    let has64 = zip.all.contains(sequence: [0x50, 0x4B, 6, 6])
    #expect(has64 == is64)
  }

  @Test func manyEntriesNeedTheLargeDirectory() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    for number in 0..<70_000 { try writer.add("\(number)", date: 0, bytes: [1], method: .stored) }
    try writer.finish()
    let folder = try TemporaryFolder()
    let reader = try ZipReader(try folder.write(zip.all, to: "a.zip"))
    #expect(reader.entries.count == 70_000 && reader.entries.last?.name == "69999")
  }

  @Test func everyCutIsRefused() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    try writer.add("a", date: 0, bytes: Array("hello".utf8), method: .stored)
    try writer.finish()
    #expect(try reason(zip.all) == "fine")
    for length in 0..<zip.all.count { #expect(try reason(Array(zip.all[..<length])) != "fine", "\(length)") }
  }

  @Test func damageIsNoticed() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    try writer.add("a", date: 0, bytes: Array("hello, hello".utf8), method: .stored)
    try writer.add("b", date: 0, bytes: Array(repeating: 5, count: 9000), method: .deflated)
    try writer.finish()
    let content = try #require(zip.all.firstRange(of: Array("hello".utf8)))
    var flipped = zip.all
    flipped[content.lowerBound] ^= 1
    #expect(try reason(flipped).contains("checksum is wrong"))
    // Neither a crash nor silence, whatever is damaged: names, times and attributes alone may be.
    var noticed = 0
    for index in zip.all.indices {
      var bytes = zip.all
      bytes[index] ^= 0xFF
      if try reason(bytes) != "fine" { noticed += 1 }
    }
    #expect(noticed > zip.all.count / 2)
  }

  @Test func bombsAreRefusedBeforeTheyAreInflated() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    try writer.add("zeros", date: 0, bytes: Array(repeating: 0, count: 4 << 20), method: .deflated)
    try writer.finish()
    var limits = ZipLimits()
    #expect(try reason(zip.all, limits: limits) == "fine", "below the allowance anything goes")
    limits.inflationAllowance = 1 << 20
    #expect(try reason(zip.all, limits: limits).contains("would inflate to more than"))
  }

  @Test func anEntryCannotBeLargerThanItSays() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    try writer.add("zeros", date: 0, bytes: Array(repeating: 0, count: 100_000), method: .deflated)
    try writer.finish()
    var bytes = zip.all
    let record = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2]))
    bytes[record.lowerBound + 24] = 1
    bytes[record.lowerBound + 25] = 0
    bytes[record.lowerBound + 26] = 0
    #expect(try reason(bytes).contains("longer than it says"))
    bytes[record.lowerBound + 27] = 1
    #expect(try reason(bytes).contains("shorter than it says"))
  }

  @Test func overlappingEntriesAreRefused() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    for name in ["a", "b"] {
      try writer.add(name, date: 0, bytes: Array(repeating: 9, count: 100), method: .stored)
    }
    try writer.finish()
    var bytes = zip.all
    let records = bytes.ranges(of: [0x50, 0x4B, 1, 2]).map(\.lowerBound)
    try #require(records.count == 2)
    // The second one's data would be the first one's.
    for index in 42..<46 { bytes[records[1] + index] = bytes[records[0] + index] }
    #expect(try reason(bytes).contains("overlaps"))
  }

  @Test func whatIsEncryptedOrUnknownIsNamed() throws {
    let zip = ZipBytes()
    let writer = zip.writer
    try writer.add("a", date: 0, bytes: [1, 2, 3], method: .stored)
    try writer.finish()
    let record = try #require(zip.all.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
    var bytes = zip.all
    bytes[record + 8] |= 1
    #expect(try reason(bytes).contains("encrypted"))
    bytes = zip.all
    bytes[record + 10] = 12
    #expect(try reason(bytes).contains("method 12"))
  }

  /// `FILMROOM_TEST_LARGE=1`: needs 5 GB of disk and a minute.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["FILMROOM_TEST_LARGE"] != nil))
  func entriesBeyondFourGigabytes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/large.zip"
    let file = try ExportFile(path, token: "1", replaces: false)
    let writer = ZipWriter { bytes throws(StoreError) in try file.write(bytes) }
    let piece = Array(Self.noise.prefix(1 << 16)) + Array(Self.noise.prefix(1 << 16))
    let count = (5 << 30) / piece.count
    try writer.begin("large", date: 0, expectedSize: count * piece.count, method: .stored)
    for _ in 0..<count { try writer.append(piece) }
    try writer.end()
    try writer.add("behind", date: 0, bytes: [1, 2, 3], method: .stored)
    try writer.finish()
    try file.finish()
    let reader = try ZipReader(path)
    #expect(reader.entries.map(\.size) == [count * piece.count, 3])
    #expect(reader.entries[1].offset > 4 << 30)
    let stream = try reader.stream(reader.entries[0])
    var read = 0
    while read < reader.entries[0].size { read += try stream.read(1 << 20).count }
    #expect(try self.read(reader, reader.entries[1]) == [1, 2, 3])
  }
}

extension [UInt8] {
  fileprivate func contains(sequence: [UInt8]) -> Bool { firstRange(of: sequence) != nil }
}
