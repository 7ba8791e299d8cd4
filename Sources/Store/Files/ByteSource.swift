/// Bytes that can be read at any place.
protocol ByteSource: Sendable {
  var size: Int { get }
  /// At most `count` bytes from an offset; fewer only at the end. Throws `StoreError`.
  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8]
}

extension OpenFile: ByteSource {}

/// Bytes in memory.
struct BytesInMemory: ByteSource {
  let bytes: [UInt8]

  var size: Int { bytes.count }

  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    Array(bytes.dropFirst(offset).prefix(max(0, count)))
  }
}
