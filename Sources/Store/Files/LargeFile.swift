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
  /// Bytes that were handed over for writing.
  private(set) var size = 0
  private let running: BackgroundDigest?
  /// The first buffer, while its first bytes are not known.
  private var first: PageBuffer?
  private let hasLateStart: Bool
  /// Buffers that are to be hashed when the start is known; nil when there were too many.
  private var kept: [PageBuffer]? = []
  private static let keptLimit = 8
  /// The MD5 of all bytes, if it was asked for; there once the file is complete.
  private(set) var digest: StoredFile.Digest?

  /// Creates a file. Throws `StoreError`.
  ///
  /// - Parameter lateStart: how many first bytes `complete` will tell.
  init(_ path: String, hasDigest: Bool, lateStart: Int = 0) throws(StoreError) {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var file = open(path, flags | filmroom_direct_flag(), 0o600)
    // Some file systems have a cache and nothing else.
    if file < 0 && errno == EINVAL { file = open(path, flags & ~O_EXCL, 0o600) }
    if file < 0 { throw SystemError.last("create", path) }
    self.file = file
    running = hasDigest ? BackgroundDigest() : nil
    hasLateStart = lateStart > 0
    [UInt8](repeating: 0, count: lateStart).withUnsafeBytes { _ = buffer.append($0) }
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
  ///
  /// - Parameter start: the first bytes, as many as were announced.
  func complete(start: [UInt8] = []) throws(StoreError) {
    if buffer.count > 0 { try flush() }
    if let first {
      first.replaceStart(with: start)
      try write(first, at: 0)
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
    buffer = PageBuffer()
    running?.complete()
    digest = running.map { .pending($0) }
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
    let offset = size
    size += full.count
    if !hasLateStart {
      running?.update(full)
    } else if running != nil {
      keep(full)
    }
    if hasLateStart && offset == 0 {
      first = full
    } else {
      try write(full, at: offset)
    }
  }

  private func keep(_ full: PageBuffer) {
    kept?.append(full)
    if let kept, kept.count > Self.keptLimit {
      self.kept = nil
      // It will be read again: better from the cache.
      _ = filmroom_stop_direct(file)
    }
  }

  private func write(_ buffer: PageBuffer, at offset: Int) throws(StoreError) {
    let pages = buffer.count / PageBuffer.pageSize * PageBuffer.pageSize
    try write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<pages]), at: offset)
    if pages < buffer.count {
      // The end of the file: only whole pages can go past the cache.
      _ = filmroom_stop_direct(file)
      try write(UnsafeRawBufferPointer(rebasing: buffer.bytes[pages...]), at: offset + pages)
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        file, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EINVAL && filmroom_stop_direct(file) { continue }
        throw SystemError.last("write", path)
      }
      done += count
    }
  }
}
