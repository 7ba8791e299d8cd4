import CLinux
import Glibc

/// A file that is written in large pieces, past the page cache where the file system can do that: copying into the
/// cache costs more than everything else, and who has just sent an image does not read it from here next.
///
/// Not thread-safe.
final class LargeFile {
  /// Open for writing until `close`.
  private var file: Int32
  private let path: String
  private var buffer = PageBuffer()
  /// Full buffers that are not written yet.
  private var full: [PageBuffer] = []
  private var written = 0
  /// The MD5 of all bytes, if it was asked for.
  let digest: BackgroundDigest?

  /// Creates a file. Throws `StoreError`.
  init(_ path: String, hasDigest: Bool) throws(StoreError) {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var file = open(path, flags | filmroom_direct_flag(), 0o600)
    // Some file systems have a cache and nothing else.
    if file < 0 && errno == EINVAL { file = open(path, flags & ~O_EXCL, 0o600) }
    if file < 0 { throw SystemError.last("create", path) }
    self.file = file
    digest = hasDigest ? BackgroundDigest() : nil
  }

  deinit { close() }

  /// Full buffers that are written together at most.
  private static let mostBuffers = 8

  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var rest = bytes
    while !rest.isEmpty {
      rest = UnsafeRawBufferPointer(rebasing: rest[buffer.append(rest)...])
      if !buffer.isFull { continue }
      digest?.update(buffer)
      full.append(buffer)
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
  func complete() throws(StoreError) {
    let last = buffer
    buffer = PageBuffer(capacity: 0)
    if last.count > 0 { digest?.update(last) }
    let pages = last.count / PageBuffer.pageSize * PageBuffer.pageSize
    let buffers = full
    full = []
    var parts = buffers.map { $0.bytes }
    if pages > 0 { parts.append(UnsafeRawBufferPointer(rebasing: last.bytes[..<pages])) }
    try write(parts)
    if pages < last.count {
      // The end of the file: only whole pages can go past the cache.
      _ = filmroom_stop_direct(file)
      try write([UnsafeRawBufferPointer(rebasing: last.bytes[pages...])])
    }
    withExtendedLifetime((buffers, last)) {}
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
