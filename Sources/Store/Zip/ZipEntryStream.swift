import CZlib

/// The content of one entry, read once from its start to its end.
///
/// `@unchecked`: one caller at a time uses it, in order.
final class ZipEntryStream: @unchecked Sendable {
  private let entry: ZipEntry
  private let file: OpenFile
  private let path: String
  /// Where the next bytes of the file are, and how many are left of the entry's.
  private var position: Int
  private var left: Int
  private var inflater: ZipInflater?
  private var checksum = ZipChecksum()
  private var produced = 0

  private static let pieceSize = 1 << 16

  init(_ entry: ZipEntry, of reader: ZipReader) throws(StoreError) {
    (self.entry, file, path) = (entry, reader.file, reader.path)
    (position, left) = (entry.offset, entry.compressedSize)
    if entry.flags & ZipFormat.isEncrypted != 0 { throw failure("is encrypted: decrypt it first") }
    var header = ZipCursor(try file.read(at: entry.offset, count: ZipFormat.localHeaderSize))
    guard header.take32() == ZipFormat.localHeader, header.skip(22), let name = header.take16(),
      let extra = header.take16()
    else { throw failure("is damaged: its header is missing") }
    position += ZipFormat.localHeaderSize + Int(name) + Int(extra)
    guard left <= entry.limit - position else { throw failure("is damaged: it overlaps what follows") }
    switch entry.method {
    case ZipFormat.stored:
      guard entry.size == left else { throw failure("is damaged: its two sizes differ") }
    case ZipFormat.deflated: inflater = ZipInflater()
    default: throw failure("is compressed by method \(entry.method), which is not known here")
    }
  }

  /// The next bytes: `count` of them, fewer only at the end. The last ones are given only when the whole entry has
  /// its size and its checksum; else `StoreError` is thrown.
  func read(_ count: Int) throws(StoreError) -> [UInt8] {
    let wanted = min(count, entry.size - produced)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(wanted)
    while bytes.count < wanted {
      let piece = try next(wanted - bytes.count)
      if piece.isEmpty { throw failure("is damaged: it is shorter than it says") }
      bytes += piece
    }
    checksum.add(bytes)
    produced += bytes.count
    if produced == entry.size && wanted > 0 { try checkEnd() }
    return bytes
  }

  private func next(_ count: Int) throws(StoreError) -> [UInt8] {
    guard let inflater else { return try take(count) }
    while true {
      let piece = inflater.next(upTo: count)
      if inflater.isDamaged { throw failure("is damaged: it can't be inflated") }
      if !piece.isEmpty || inflater.isFinished || left == 0 { return piece }
      inflater.feed(try take(Self.pieceSize))
    }
  }

  private func take(_ count: Int) throws(StoreError) -> [UInt8] {
    let bytes = try file.read(at: position, count: min(count, left))
    position += bytes.count
    left -= bytes.count
    return bytes
  }

  private func checkEnd() throws(StoreError) {
    if inflater != nil, !(try next(1).isEmpty) { throw failure("is damaged: it is longer than it says") }
    guard checksum.value == entry.checksum else { throw failure("is damaged: its checksum is wrong") }
  }

  private func failure(_ what: String) -> StoreError {
    StoreError(.cannotUnderstand, "the entry \(what)")
  }
}

/// Inflates a raw deflate stream, no more of it at once than is asked for.
final class ZipInflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var used = 0
  private(set) var isFinished = false
  private(set) var isDamaged = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// More of the stream, once `next` gives nothing.
  func feed(_ bytes: [UInt8]) {
    input = bytes
    used = 0
  }

  /// At most `count` bytes; none when more must be fed, or the stream is over.
  func next(upTo count: Int) -> [UInt8] {
    if isFinished || isDamaged || count <= 0 { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      input.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress).map { $0 + used }
        stream.pointee.avail_in = UInt32(input.count - used)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(count)
        let status = inflate(stream, Z_NO_FLUSH)
        used = input.count - Int(stream.pointee.avail_in)
        filled = count - Int(stream.pointee.avail_out)
        isFinished = status == Z_STREAM_END
        isDamaged = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR
      }
    }
  }
}
