import CZlib

/// Deflates bytes piece by piece, as a ZIP entry has them (raw, RFC 1951).
final class ZipDeflater {
  private enum Engine {
    /// A zlib stream (RFC 1950) is the same between two bytes in front and four behind.
    case wrapped(Deflater)
    /// Only laid out in deflate's blocks, not compressed.
    case stored(DeflateStream)
  }

  private let engine: Engine
  /// Bytes of the header that still have to be passed over.
  private var header = 2
  /// The last four bytes so far: the stream's checksum may be among them.
  private var trailer: [UInt8] = []

  /// - Parameter compresses: whether the bytes are compressed, or only laid out.
  init(compresses: Bool) {
    engine = compresses ? .wrapped(Deflater.take()) : .stored(DeflateStream(.raw, compresses: false))
  }

  deinit {
    if case .wrapped(let deflater) = engine { deflater.giveBack() }
  }

  /// What comes out after these bytes. With `isLast` everything has. Throws `StoreError` when the compressor fails.
  func deflate(_ bytes: [UInt8], isLast: Bool) throws(StoreError) -> [UInt8] {
    switch engine {
    case .wrapped(let deflater): try unwrapped(bytes, isLast: isLast, deflater)
    case .stored(let stream): stream.compress(bytes, isLast: isLast)
    }
  }

  private func unwrapped(
    _ bytes: [UInt8], isLast: Bool, _ deflater: Deflater
  ) throws(StoreError) -> [UInt8] {
    var result = trailer
    result.reserveCapacity(bytes.count / 2 + 64)
    try bytes.span.withUnsafeBytes { buffer throws(StoreError) in
      try deflater.deflate(buffer, isLast: isLast) { piece throws(StoreError) in
        result.append(contentsOf: piece)
      }
    }
    let skipped = min(header, result.count)
    header -= skipped
    result.removeFirst(skipped)
    trailer = Array(result.suffix(4))
    result.removeLast(trailer.count)
    return result
  }
}

/// The checksum of ZIP entries.
struct ZipChecksum {
  private(set) var value: UInt32 = 0

  mutating func add(_ bytes: [UInt8]) {
    value = bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: crc32(UInt(value), buffer.baseAddress, UInt32(buffer.count)))
    }
  }
}
