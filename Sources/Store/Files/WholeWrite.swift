import CLinux
import Glibc

/// Writes all of some bytes, however little the system takes at a time.
enum WholeWrite {
  /// - Parameter offset: where in the file; nil goes on behind what was written last.
  /// - Throws: `StoreError` with the path; some of the bytes may have been written.
  static func write(
    _ bytes: [UInt8], to file: Int32, at offset: Int? = nil, _ path: String
  ) throws(StoreError) {
    try bytes.span.withUnsafeBytes { buffer throws(StoreError) in
      try write(buffer, to: file, at: offset, path)
    }
  }

  /// The same for bytes that lie elsewhere.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int? = nil, _ path: String
  ) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let (start, left) = (bytes.baseAddress?.advanced(by: done), bytes.count - done)
      let count =
        offset.map { pwrite(file, start, left, off_t($0 + done)) } ?? Glibc.write(file, start, left)
      if count < 0 && errno == EINTR { continue }
      // Part of a page, or a file system that can't write past its cache after all.
      if count < 0 && errno == EINVAL && filmroom_stop_direct(file) { continue }
      if count < 0 { throw SystemError.last("write", path) }
      done += count
    }
  }
}
