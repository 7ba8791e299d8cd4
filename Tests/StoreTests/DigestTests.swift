import Crypto
import Foundation
import Testing

@testable import Store

/// MD5s that are worked out together are those that each file has on its own.
struct DigestTests {
  private func hashed(_ bytes: [UInt8], _ lanes: DigestLanes) -> BackgroundDigest {
    let digest = BackgroundDigest(lanes)
    var rest = bytes[...]
    while !rest.isEmpty {
      let buffer = PageBuffer()
      let taken = rest.withUnsafeBytes(buffer.append)
      digest.update(buffer)
      rest = rest.dropFirst(taken)
    }
    return digest
  }

  private func bytes(_ count: Int) -> [UInt8] {
    var state = UInt64(count) &+ 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  private func expected(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }

  @Test(arguments: [
    0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, PageBuffer.size - 1, PageBuffer.size, PageBuffer.size + 1,
    300_000,
  ])
  func aFileOnItsOwn(_ count: Int) {
    let content = bytes(count)
    let digest = hashed(content, DigestLanes())
    #expect(digest.value() == expected(content))
    // Whoever asks again gets it again.
    #expect(digest.value() == expected(content))
  }

  @Test func manyFilesOfDifferentLengthsAtOnce() {
    let lanes = DigestLanes()
    let contents = (0..<20).map { bytes($0 * 21_111 + $0 % 3) }
    let digests = contents.map { hashed($0, lanes) }
    for digest in digests { digest.complete() }
    for (digest, content) in zip(digests, contents).reversed() {
      #expect(digest.value() == expected(content))
    }
  }

  @Test func whatNeverEndsHoldsNobodyUp() {
    let lanes = DigestLanes()
    let content = bytes(200_000)
    let abandoned = (0..<9).map { _ in hashed(content, lanes) }
    let digest = hashed(content, lanes)
    #expect(digest.value() == expected(content))
    withExtendedLifetime(abandoned) {}
  }

  /// More than may wait: the writer waits, and goes on.
  @Test func aFileThatIsLongerThanWhatMayWait() {
    let content = [UInt8](repeating: 7, count: 100 * PageBuffer.size + 5)
    #expect(hashed(content, DigestLanes()).value() == expected(content))
  }

  @Test func filesOfManyThreads() async {
    let lanes = DigestLanes()
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<24 {
        group.addTask {
          let content = bytes(number * 9_973)
          return hashed(content, lanes).value() == expected(content)
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
