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

  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var rest = bytes
    while !rest.isEmpty {
      rest = UnsafeRawBufferPointer(rebasing: rest[buffer.append(rest)...])
      if buffer.isFull { try flush() }
    }
  }

  /// Writes what is left.
  func complete() throws(StoreError) {
    if buffer.count > 0 { try flush() }
  }

  /// Makes what was written durable. Throws `StoreError`.
  func sync() throws(StoreError) { if fsync(file) != 0 { throw SystemError.last("sync", path) } }

  func close() {
    if file >= 0 { Glibc.close(file) }
    file = -1
  }

  private func flush() throws(StoreError) {
    let full = buffer
    buffer = PageBuffer()
    digest?.update(full)
    let pages = full.count / PageBuffer.pageSize * PageBuffer.pageSize
    try write(UnsafeRawBufferPointer(rebasing: full.bytes[..<pages]))
    if pages < full.count {
      // The end of the file: only whole pages can go past the cache.
      _ = filmroom_stop_direct(file)
      try write(UnsafeRawBufferPointer(rebasing: full.bytes[pages...]))
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        file, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(written + done))
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EINVAL && filmroom_stop_direct(file) { continue }
        throw SystemError.last("write", path)
      }
      done += count
    }
    written += bytes.count
  }
}
