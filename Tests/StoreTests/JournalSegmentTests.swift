import CLinux
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct JournalSegmentTests {
  private func bytes(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed) | 1 }
  }

  private func content(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Whatever the sizes, and whatever is taken back, the file holds what counts, and zeros to the end of its last page.
  @Test func whatIsAppendedLiesOneBehindTheOther() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/segment"
    let segment = try JournalSegment(path)
    var model: [UInt8] = []
    let sizes = [1, 4095, 4096, 4097, 100, 8192, 0, 300_000, 5, 12_287, 1, 600_000, 3, 3, 70_000]
    for (number, size) in (sizes + sizes.reversed()).enumerated() {
      let start = segment.position
      try segment.append(bytes(size, number))
      if number % 3 == 1 {
        segment.position = start
        let other = bytes(size / 2 + 9, number + 100)
        try segment.append(other)
        model += other
      } else {
        model += bytes(size, number)
      }
      #expect(segment.position == model.count)
      let stored = try content(path)
      #expect(stored.prefix(model.count) == model[...], "\(number)")
      let end = (model.count + 4095) / 4096 * 4096
      #expect(stored[model.count..<end].allSatisfy { $0 == 0 }, "\(number)")
    }
  }

  @Test func oneThatIsClearedBeginsAnew() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/segment"
    let segment = try JournalSegment(path)
    try segment.append(bytes(10_000, 1))
    try segment.clear()
    #expect(segment.position == 0)
    #expect(try content(path).prefix(4096).allSatisfy { $0 == 0 })
    try segment.append(bytes(5, 2))
    try segment.append(bytes(5, 3))
    #expect(Array(try content(path).prefix(10)) == bytes(5, 2) + bytes(5, 3))
  }

  /// A file that another version left, or a backup.
  @Test(arguments: [20, 4096, 5000]) func aFileOfAnySizeIsTaken(size: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write(bytes(size, 9), to: "segment")
    let path = folder.path + "/segment"
    let segment = try JournalSegment(path)
    #expect(try content(path) == bytes(size, 9))
    try segment.append(bytes(4500, 1))
    try segment.append(bytes(4500, 2))
    #expect(Array(try content(path).prefix(9000)) == bytes(4500, 1) + bytes(4500, 2))
    try JournalSegment(path).clear()
    #expect(try content(path)[0] == 0)
  }

  /// Only whole pages can go past the cache: what can't does not.
  @Test func whatIsNoWholePageIsWrittenAllTheSame() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    let file = open(path, O_WRONLY | O_CREAT | filmroom_direct_flag(), 0o600)
    // Some file systems have a cache and nothing else.
    if file < 0 { return }
    defer { close(file) }
    try WholeWrite.write(bytes(100, 1), to: file, at: 0, path)
    try WholeWrite.write(bytes(9000, 2), to: file, at: 100, path)
    #expect(try content(path) == bytes(100, 1) + bytes(9000, 2))
  }
}
