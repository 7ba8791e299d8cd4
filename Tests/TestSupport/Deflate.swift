import CZlib

/// Deflated streams as tests need them: well made ones and bombs.
public enum Deflate {
  /// The raw deflate stream (RFC 1951) of some bytes and then so many zeros, which are never held at once.
  public static func raw(_ bytes: [UInt8], thenZeros count: Int = 0) -> [UInt8] {
    stream(bytes, thenZeros: count, windowBits: -MAX_WBITS)
  }

  /// The same with the header of gzip (RFC 1952).
  public static func gzip(_ bytes: [UInt8], thenZeros count: Int = 0) -> [UInt8] {
    stream(bytes, thenZeros: count, windowBits: MAX_WBITS + 16)
  }

  private static func stream(_ bytes: [UInt8], thenZeros count: Int, windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var result: [UInt8] = []
    append(bytes, to: &result, with: &stream, flush: count == 0 ? Z_FINISH : Z_NO_FLUSH)
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    var left = count
    while left > 0 {
      let part = min(left, zeros.count)
      left -= part
      append(Array(zeros[..<part]), to: &result, with: &stream, flush: left == 0 ? Z_FINISH : Z_NO_FLUSH)
    }
    return result
  }

  private static func append(
    _ bytes: [UInt8], to result: inout [UInt8], with stream: inout z_stream, flush: Int32
  ) {
    var input = bytes
    var output = [UInt8](repeating: 0, count: 1 << 16)
    let size = output.count
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      repeat {
        output.withUnsafeMutableBufferPointer { output in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(size)
          deflate(&stream, flush)
        }
        result += output[..<(size - Int(stream.avail_out))]
      } while stream.avail_out == 0
    }
  }
}
