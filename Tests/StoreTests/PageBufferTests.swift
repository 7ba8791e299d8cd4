import Testing

@testable import Store

@Suite struct PageBufferTests {
  /// More than are kept.
  @Test func buffersDoNotOverlapAndAreUsedAgain() {
    for _ in 0..<2 {
      let buffers = (0..<200).map { _ in PageBuffer() }
      for (number, buffer) in buffers.enumerated() {
        let taken = [UInt8](repeating: UInt8(number), count: PageBuffer.size + 1).withUnsafeBytes(
          buffer.append)
        #expect(taken == PageBuffer.size && buffer.isFull)
        #expect(Int(bitPattern: buffer.bytes.baseAddress) % PageBuffer.pageSize == 0)
      }
      for (number, buffer) in buffers.enumerated() {
        #expect(buffer.bytes.allSatisfy { $0 == UInt8(number) })
      }
    }
  }

  @Test func oneWithoutRoomTakesNothing() {
    let buffer = PageBuffer(capacity: 0)
    #expect([UInt8](repeating: 1, count: 3).withUnsafeBytes(buffer.append) == 0)
    #expect(buffer.isFull && buffer.bytes.isEmpty)
  }
}
