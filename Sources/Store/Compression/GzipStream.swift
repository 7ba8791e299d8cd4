import CZlib

/// Compresses bytes by gzip, or as a zlib stream, piece by piece.
///
/// `@unchecked`: one owner at a time uses it, in order.
public final class GzipStream: @unchecked Sendable {
  /// A good size of the pieces.
  public static let chunk = 256 * 1024

  public enum Format: Sendable {
    /// RFC 1952.
    case gzip
    /// RFC 1950, which HTTP calls `deflate`.
    case zlib
  }

  private let stream: UnsafeMutablePointer<z_stream>

  public init(_ format: Format = .gzip) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 more window bits: a gzip header.
    deflateInit2_(
      stream, Z_BEST_SPEED, Z_DEFLATED, format == .gzip ? MAX_WBITS + 16 : MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// What comes out after these bytes; with `isLast`, everything has.
  public func compress(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    var result: [UInt8] = []
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        result += [UInt8](unsafeUninitializedCapacity: 1 << 16) { output, count in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          count = output.count - Int(stream.pointee.avail_out)
        }
      } while stream.pointee.avail_out == 0
    }
    return result
  }
}
