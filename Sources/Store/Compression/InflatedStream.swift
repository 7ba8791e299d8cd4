import CZlib

/// The content of a compressed attachment, read forward with little memory; going back begins anew.
///
/// `@unchecked`: one owner at a time uses it.
final class InflatedStream: @unchecked Sendable {
  /// How reading ended.
  enum End: Equatable { case complete, truncated, damaged }

  private let source: any ByteSource
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  /// Where the next bytes are read from the source.
  private var sourceOffset = ZlibFraming.prefixLength
  /// How much has been inflated.
  private(set) var position = 0
  /// Nil while there may be more.
  private(set) var end: End?
  private static let chunk = 64 * 1024

  init(_ source: any ByteSource) {
    self.source = source
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if source.size == 0 { end = .complete }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// At most `count` bytes from an offset of the content; fewer where `end` says why. Throws `StoreError` when the
  /// source can't be read.
  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    if offset < position { rewind() }
    while position < offset && end == nil { _ = try next(min(Self.chunk, offset - position)) }
    if position < offset { return [] }
    var bytes = try next(count)
    while bytes.count < count && end == nil { bytes += try next(count - bytes.count) }
    return bytes
  }

  private func rewind() {
    inflateReset(stream)
    input = []
    stream.pointee.avail_in = 0
    sourceOffset = ZlibFraming.prefixLength
    position = 0
    end = source.size == 0 ? .complete : nil
  }

  /// Some of what comes next, at most `count` bytes.
  private func next(_ count: Int) throws(StoreError) -> [UInt8] {
    if end != nil || count <= 0 { return [] }
    if stream.pointee.avail_in == 0 {
      input = try source.read(at: sourceOffset, count: Self.chunk)
      sourceOffset += input.count
    }
    let left = Int(stream.pointee.avail_in)
    let start = left == 0 ? 0 : input.count - left
    var status = Z_OK
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      input.withUnsafeMutableBufferPointer { input in
        stream.pointee.next_in = input.baseAddress?.advanced(by: start)
        stream.pointee.avail_in = UInt32(input.count - start)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(count)
        status = inflate(stream, Z_NO_FLUSH)
        filled = count - Int(stream.pointee.avail_out)
      }
    }
    position += bytes.count
    // zlib may still hold some of what it has taken in.
    if input.isEmpty && bytes.isEmpty && status != Z_STREAM_END { end = .truncated }
    switch status {
    case Z_STREAM_END: end = .complete
    case Z_OK, Z_BUF_ERROR: break
    default: end = .damaged
    }
    return bytes
  }
}
