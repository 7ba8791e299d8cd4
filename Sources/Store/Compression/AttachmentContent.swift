import Crypto
import Synchronization

/// The content of an attachment, compressed on the disk or not. Stays readable when the attachment is replaced or deleted
/// meanwhile.
///
/// Of a compressed one, reading forward inflates each byte once and holds little in memory; going back begins anew. It
/// blocks: not for an event loop.
public final class AttachmentContent: Sendable {
  /// Bytes of the content.
  public let size: Int
  let isCompressed: Bool
  private let source: any ByteSource
  /// A path.
  let name: String
  private let inflated: Mutex<InflatedStream?>

  /// - Parameters:
  ///   - name: how to call it in errors.
  ///   - size: of the content; nil takes it from the file.
  init(_ source: any ByteSource, isCompressed: Bool, name: String, size: Int? = nil) throws(StoreError) {
    self.source = source
    self.name = name
    self.isCompressed = isCompressed
    inflated = Mutex(isCompressed ? InflatedStream(source) : nil)
    if let size {
      self.size = size
    } else if !isCompressed || source.size == 0 {
      self.size = source.size
    } else {
      let start = try source.read(at: 0, count: ZlibFraming.prefixLength)
      guard let announced = ZlibFraming.size(start) else {
        throw StoreError(.inputOutput, "\(name) is no compressed attachment")
      }
      self.size = Int(announced)
    }
  }

  /// A file of the disk as it is. Throws `StoreError`.
  public static func file(_ path: String) throws(StoreError) -> AttachmentContent {
    try AttachmentContent(OpenFile(path), isCompressed: false, name: path)
  }

  /// At most `count` bytes from an offset; fewer only at the end. Throws `StoreError.inputOutput` when the file can't be
  /// read or its compressed data are damaged.
  public func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    if wanted == 0 { return [] }
    let bytes = try inflated.withLock { stream throws(StoreError) -> [UInt8]? in
      guard let stream else { return nil }
      let bytes = try stream.read(at: offset, count: wanted)
      if bytes.count < wanted {
        throw StoreError(
          .inputOutput,
          "the compressed data of \(name) are \(stream.end == .damaged ? "damaged" : "truncated") behind byte "
            + "\(stream.position) of \(size); `filmroom recover` saves what lies before")
      }
      return bytes
    }
    if let bytes { return bytes }
    return try source.read(at: offset, count: wanted)
  }

  static let chunk = 256 * 1024

  /// The whole content in order, a piece at a time. Throws what `read` and `body` throw.
  public func forEachPiece(_ body: ([UInt8]) throws(StoreError) -> Void) throws(StoreError) {
    var offset = 0
    while offset < size {
      let piece = try read(at: offset, count: Self.chunk)
      if piece.isEmpty { throw StoreError(.inputOutput, "\(name) ends at byte \(offset) of \(size)") }
      offset += piece.count
      try body(piece)
    }
  }

  /// MD5 of the content, sixteen bytes. Throws `StoreError`.
  func md5() throws(StoreError) -> [UInt8] {
    var digest = Insecure.MD5()
    try forEachPiece { piece throws(StoreError) in piece.withUnsafeBytes { digest.update(bufferPointer: $0) }
    }
    return Array(digest.finalize())
  }

  /// Why a compressed file does not hold just its content, its own checksum included; nil when it does.
  func damage() throws(StoreError) -> String? {
    guard isCompressed else { return nil }
    return try inflated.withLock { stream throws(StoreError) -> String? in
      guard let stream else { return nil }
      _ = try stream.read(at: 0, count: 0)
      while stream.end == nil { _ = try stream.read(at: stream.position, count: Self.chunk) }
      switch stream.end {
      case .complete:
        return stream.position == size ? nil : "\(stream.position) bytes of content instead of \(size)"
      case .truncated: return "truncated behind byte \(stream.position) of \(size) of the content"
      default: return "damaged behind byte \(stream.position) of \(size) of the content"
      }
    }
  }
}
