import CZlib

/// Deflates bytes piece by piece, as a ZIP entry has them (raw, RFC 1951).
final class ZipDeflater {
  private enum Engine {
    /// A zlib stream (RFC 1950) is the same between two bytes in front and four behind.
    case wrapped(Deflater)
    /// Only laid out in deflate's blocks, not compressed.
    case stored(UnsafeMutablePointer<z_stream>)
  }

  private let engine: Engine
  /// Bytes of the header that still have to be passed over.
  private var header = 2
  /// The last four bytes so far: the stream's checksum may be among them.
  private var trailer: [UInt8] = []
  private static let pieceSize = 1 << 16

  /// - Parameter compresses: whether the bytes are compressed, or only laid out.
  init(compresses: Bool) {
    if compresses {
      engine = .wrapped(Deflater.take())
      return
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative window bits: no zlib header.
    deflateInit2_(
      stream, 0, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    engine = .stored(stream)
  }

  deinit {
    switch engine {
    case .wrapped(let deflater): deflater.giveBack()
    case .stored(let stream):
      deflateEnd(stream)
      stream.deinitialize(count: 1)
      stream.deallocate()
    }
  }

  /// What comes out after these bytes. With `isLast` everything has. Throws `StoreError` when the compressor fails.
  func deflate(_ bytes: [UInt8], isLast: Bool) throws(StoreError) -> [UInt8] {
    switch engine {
    case .wrapped(let deflater): try unwrapped(bytes, isLast: isLast, deflater)
    case .stored(let stream): laidOut(bytes, isLast: isLast, stream)
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

  private func laidOut(
    _ bytes: [UInt8], isLast: Bool, _ stream: UnsafeMutablePointer<z_stream>
  ) -> [UInt8] {
    var result: [UInt8] = []
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { output, count in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          count = output.count - Int(stream.pointee.avail_out)
        }
        result += piece
      } while stream.pointee.avail_out == 0
    }
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
