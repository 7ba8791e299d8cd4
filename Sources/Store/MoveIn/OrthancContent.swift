import CZlib
import Crypto

/// The content of an attachment of an Orthanc from beginning to end, inflated where it is compressed and checked against
/// what the index says: the last piece comes only when everything is right.
final class OrthancContent {
  private let file: OpenFile
  private let path: String
  private let attachment: OrthancAttachment
  private var inflation: ZlibInflation?
  private var offset = 0
  private var delivered: Int64 = 0
  private var digest = Insecure.MD5()

  private static let frame = 8
  private static let chunk = 256 * 1024

  /// Throws `StoreError` where the file is not there or not what the index says.
  init(_ path: String, _ attachment: OrthancAttachment) throws(StoreError) {
    self.path = path
    self.attachment = attachment
    file = try OpenFile(path)
    if Int64(file.size) != attachment.diskSize {
      throw Self.damaged(path, "it has \(file.size) bytes instead of \(attachment.diskSize)")
    }
    if attachment.isCompressed { try beginInflation() }
  }

  private func beginInflation() throws(StoreError) {
    offset = Self.frame
    // Orthanc writes nothing at all for an empty content.
    if file.size == 0 && attachment.size == 0 { return }
    let frame = try file.read(at: 0, count: Self.frame)
    let size = frame.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if frame.count < Self.frame || size != UInt64(attachment.size) {
      throw Self.damaged(path, "its head says \(size) bytes of content instead of \(attachment.size)")
    }
    inflation = ZlibInflation()
  }

  /// The next bytes: exactly so many, fewer only at the end. Throws `StoreError`.
  func read(count: Int) throws(StoreError) -> [UInt8] {
    let wanted = Int(min(Int64(count), attachment.size - delivered))
    if wanted == 0 && delivered > 0 { return [] }
    var bytes = try inflation == nil ? readPlain(wanted) : readInflated(wanted)
    bytes = bytes.count > wanted ? Array(bytes[..<wanted]) : bytes
    bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
    delivered += Int64(bytes.count)
    if bytes.count < wanted {
      throw Self.damaged(path, "it ends after \(delivered) of \(attachment.size) bytes")
    }
    if delivered == attachment.size { try checkEnd() }
    return bytes
  }

  private func readPlain(_ count: Int) throws(StoreError) -> [UInt8] {
    let bytes = try file.read(at: offset, count: count)
    offset += bytes.count
    return bytes
  }

  private func readInflated(_ count: Int) throws(StoreError) -> [UInt8] {
    guard let inflation else { return [] }
    var result: [UInt8] = []
    while result.count < count {
      if inflation.needsInput {
        let bytes = try file.read(at: offset, count: Self.chunk)
        if bytes.isEmpty { break }
        offset += bytes.count
        inflation.feed(bytes)
      }
      guard let piece = inflation.next(atMost: count - result.count) else {
        throw Self.damaged(path, "its compressed content can't be read")
      }
      result += piece
      if piece.isEmpty && inflation.isFinished { break }
    }
    return result
  }

  private func checkEnd() throws(StoreError) {
    if attachment.size == 0 && attachment.diskSize == 0 { return }
    // Adler-32 stands behind the last byte: one more step reads it.
    if let inflation, !inflation.isFinished {
      let isWhole = try readInflated(1).isEmpty && inflation.isFinished
      if !isWhole { throw Self.damaged(path, "its compressed content is not \(attachment.size) bytes") }
    }
    let md5 = Hex.text(Array(digest.finalize()))
    if let expected = attachment.md5, expected != md5 {
      throw Self.damaged(path, "its MD5 is \(md5) instead of \(expected)")
    }
  }

  private static func damaged(_ path: String, _ reason: String) -> StoreError {
    StoreError(.inputOutput, "\(path) is damaged: \(reason)")
  }
}

/// A zlib stream (RFC 1950), inflated as far as is asked for.
private final class ZlibInflation {
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var position = 0
  private(set) var isFinished = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  var needsInput: Bool { position == input.count && !isFinished }

  func feed(_ bytes: [UInt8]) { (input, position) = (bytes, 0) }

  /// Nil when the stream is damaged.
  func next(atMost count: Int) -> [UInt8]? {
    if isFinished { return [] }
    var status = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      input.withUnsafeMutableBufferPointer { input in
        stream.pointee.next_in = input.baseAddress?.advanced(by: position)
        stream.pointee.avail_in = UInt32(input.count - position)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(count)
        status = CZlib.inflate(stream, Z_NO_FLUSH)
        position = input.count - Int(stream.pointee.avail_in)
      }
      filled = count - Int(stream.pointee.avail_out)
    }
    if status == Z_STREAM_END { isFinished = true }
    // No progress possible means that more input is needed.
    return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR ? output : nil
  }
}
