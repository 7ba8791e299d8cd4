import CZlib

/// Deflates bytes piece by piece, as a ZIP entry has them (raw, RFC 1951).
final class ZipDeflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private static let pieceSize = 1 << 16

  /// - Parameter level: zlib's, from 0 (not compressed) to 9.
  init(level: Int32) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative window bits: no zlib header.
    deflateInit2_(
      stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// What comes out after these bytes. With `isLast` everything has.
  func deflate(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
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
