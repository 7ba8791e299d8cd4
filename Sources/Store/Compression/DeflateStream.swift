import CZlib

/// Deflates bytes piece by piece, in the frame that is asked for.
///
/// `@unchecked`: one owner at a time uses it, in order.
public final class DeflateStream: @unchecked Sendable {
  /// A good size of the pieces.
  public static let chunk = 256 * 1024

  public enum Format: Sendable {
    /// RFC 1952.
    case gzip
    /// RFC 1950, which HTTP calls `deflate`.
    case zlib
    /// RFC 1951: nothing around it, as in ZIP files.
    case raw

    /// As zlib's window bits say it.
    fileprivate var windowBits: Int32 {
      switch self {
      case .gzip: MAX_WBITS + 16
      case .zlib: MAX_WBITS
      case .raw: -MAX_WBITS
      }
    }
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter compresses: whether the bytes are compressed, or only laid out in deflate's blocks.
  public init(_ format: Format, compresses: Bool = true) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    deflateInit2_(
      stream, compresses ? Z_BEST_SPEED : Z_NO_COMPRESSION, Z_DEFLATED, format.windowBits, 8,
      Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
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
