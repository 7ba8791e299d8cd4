import Glibc

/// Writes all of some bytes, however little the system takes at a time.
enum WholeWrite {
  /// - Parameter offset: where in the file; nil goes on behind what was written last.
  /// - Throws: `StoreError` with the path; some of the bytes may have been written.
  static func write(
    _ bytes: [UInt8], to file: Int32, at offset: Int? = nil, _ path: String
  ) throws(StoreError) {
    let failure: Int32? = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let (start, left) = (buffer.baseAddress?.advanced(by: done), buffer.count - done)
        let count =
          offset.map { pwrite(file, start, left, off_t($0 + done)) } ?? Glibc.write(file, start, left)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return nil
    }
    if let failure {
      errno = failure
      throw SystemError.last("write", path)
    }
  }
}
