import CZlib

/// Inflates a compressed stream piece by piece, within bounds.
///
/// `@unchecked`: one owner at a time uses it.
public final class Inflater: @unchecked Sendable {
  public enum Format: Sendable {
    /// RFC 1951, as data sets have it (PS3.5 A.5).
    case raw
    /// RFC 1952 or RFC 1950, as HTTP has it.
    case gzipOrZlib

    fileprivate var windowBits: Int32 {
      switch self {
      case .raw: -MAX_WBITS
      case .gzipOrZlib: MAX_WBITS + 32
      }
    }
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let limits: ParserLimits
  private var consumed = 0
  private var produced = 0
  public private(set) var isFinished = false
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  public init(limits: ParserLimits, format: Format = .raw) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Inflates these bytes, and calls `body` with what comes out, a piece at a time.
  public func inflate(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(DataSetError) -> Void
  ) throws(DataSetError) {
    // Padding behind the end of the stream is legal (PS3.5 A.5).
    guard !isFinished, let base = bytes.baseAddress else { return }
    consumed += bytes.count
    stream.pointee.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(bytes.count)
    repeat {
      let size = chunk.count
      let status = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(size)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
      let count = size - Int(stream.pointee.avail_out)
      produced += count
      let allowed = min(limits.inflatedBytes, consumed * limits.inflationRatio + (1 << 20))
      if produced > allowed { throw DataSetError(.inflatesTooMuch(limit: allowed), offset: produced) }
      if count > 0 {
        // The piece is lent out: nothing writes to `chunk` before the call returns.
        let piece = chunk
        try piece.span.withUnsafeBytes { buffer throws(DataSetError) in
          try body(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
        }
      }
      // What lies before the damage has been handed on, however the bytes were cut.
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw DataSetError(.damagedDeflate, offset: produced)
      }
      if status == Z_STREAM_END { isFinished = true }
    } while !isFinished && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
  }
}
