import CLinux
import Glibc

/// A file that is written in large pieces, past the page cache where the file system can do that: copying into the
/// cache costs more than everything else, and who has just sent an image does not read it from here next.
///
/// The first bytes may be told last. The MD5 of the whole can only begin then: a few buffers are kept for that; a file that
/// has more is read again.
///
/// Not thread-safe.
final class LargeFile {
  /// Open for writing until `close`.
  private var file: Int32
  private let path: String
  private var buffer = PageBuffer()
  /// Full buffers that are not written yet.
  private var full: [PageBuffer] = []
  /// Where the next write goes.
  private var written = 0
  /// Bytes of whole buffers so far.
  private(set) var size = 0
  private let running: BackgroundDigest?
  private let hasLateStart: Bool
  /// The first buffer, while its first bytes are not known.
  private var first: PageBuffer?
  /// Buffers that are to be hashed when the start is known; nil when there were too many.
  private var kept: [PageBuffer]? = []
  private static let keptLimit = 8
  /// The MD5 of all bytes, if it was asked for; there once the file is complete.
  private(set) var digest: StoredFile.Digest?

  /// Opens a file that is there and empty. Throws `StoreError`.
  ///
  /// - Parameter lateStart: how many first bytes `complete` will tell.
  init(_ path: String, hasDigest: Bool, lateStart: Int = 0) throws(StoreError) {
    self.path = path
    file = try DirectFile.open(path, O_WRONLY)
    StorageArea.markTaken(file)
    running = hasDigest ? BackgroundDigest() : nil
    hasLateStart = lateStart > 0
    [UInt8](repeating: 0, count: lateStart).withUnsafeBytes { _ = buffer.append($0) }
  }

  deinit { close() }

  /// Full buffers that are written together at most.
  private static let mostBuffers = 8

  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var rest = bytes
    while !rest.isEmpty {
      rest = UnsafeRawBufferPointer(rebasing: rest[buffer.append(rest)...])
      if !buffer.isFull { continue }
      take(buffer)
      buffer = PageBuffer()
      if full.count == Self.mostBuffers { try flush() }
    }
  }

  /// Writes what makes whole buffers: for a moment no more comes. One long write takes less time than several.
  func flush() throws(StoreError) {
    if full.isEmpty { return }
    let buffers = full
    full = []
    try write(buffers.map { $0.bytes })
    // Until here: the addresses are theirs.
    withExtendedLifetime(buffers) {}
  }

  /// Writes what is left.
  ///
  /// - Parameter start: the first bytes, as many as were announced.
  func complete(start: [UInt8] = []) throws(StoreError) {
    if buffer.count > 0 { take(buffer) }
    buffer = PageBuffer(capacity: 0)
    let buffers = full
    full = []
    try writeLast(buffers)
    if let first {
      first.replaceStart(with: start)
      written = 0
      try writeLast([first])
      self.first = nil
    }
    guard let running else { return }
    if let kept {
      for buffer in kept { running.update(buffer) }
      running.complete()
      digest = .pending(running)
    } else {
      digest = .known(try Archive.md5(path))
    }
    kept = []
  }

  /// There is nothing to be written, not even a start.
  func completeEmpty() {
    buffer = PageBuffer(capacity: 0)
    running?.complete()
    digest = running.map { .pending($0) }
  }

  /// A buffer is as full as it gets.
  private func take(_ buffer: PageBuffer) {
    let isFirst = size == 0
    size += buffer.count
    if !hasLateStart {
      running?.update(buffer)
    } else if running != nil {
      keep(buffer)
    }
    if hasLateStart && isFirst {
      first = buffer
      written = buffer.count
    } else {
      full.append(buffer)
    }
  }

  private func keep(_ buffer: PageBuffer) {
    kept?.append(buffer)
    if let kept, kept.count > Self.keptLimit {
      self.kept = nil
      // It will be read again: better from the cache.
      _ = filmroom_stop_direct(file)
    }
  }

  /// Writes buffers, of which the last need not be full.
  private func writeLast(_ buffers: [PageBuffer]) throws(StoreError) {
    guard let last = buffers.last else { return }
    let pages = last.count / PageBuffer.pageSize * PageBuffer.pageSize
    var parts = buffers.dropLast().map { $0.bytes }
    if pages > 0 { parts.append(UnsafeRawBufferPointer(rebasing: last.bytes[..<pages])) }
    try write(parts)
    if pages < last.count {
      // The end of the file: only whole pages can go past the cache.
      _ = filmroom_stop_direct(file)
      try write([UnsafeRawBufferPointer(rebasing: last.bytes[pages...])])
    }
    // Until here: the addresses are theirs.
    withExtendedLifetime(buffers) {}
  }

  /// Makes what was written durable. Throws `StoreError`.
  func sync() throws(StoreError) { if fsync(file) != 0 { throw SystemError.last("sync", path) } }

  func close() {
    if file >= 0 { Glibc.close(file) }
    file = -1
  }

  /// Writes parts one behind the other.
  private func write(_ parts: [UnsafeRawBufferPointer]) throws(StoreError) {
    var rest = parts.map {
      iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
    }
    while !rest.isEmpty {
      let count = pwritev(file, rest, Int32(rest.count), off_t(written))
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EINVAL && filmroom_stop_direct(file) { continue }
        throw SystemError.last("write", path)
      }
      written += count
      Self.drop(count, from: &rest)
    }
  }

  /// What is still to be written after so many bytes.
  private static func drop(_ count: Int, from parts: inout [iovec]) {
    var count = count
    while let first = parts.first, count >= first.iov_len {
      count -= first.iov_len
      parts.removeFirst()
    }
    if count > 0 {
      parts[0].iov_base += count
      parts[0].iov_len -= count
    }
  }
}
