import Glibc

/// Reading from a descriptor, however little the system gives at a time.
enum WholeRead {
  /// At most `count` bytes from an offset; fewer only at the end. Throws `StoreError`, which names the path.
  static func read(at offset: Int, count: Int, of file: Int32, _ path: String) throws(StoreError) -> [UInt8] {
    // The standard library writes the length even of an empty array that it fills, which all threads share.
    if count <= 0 { return [] }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(
          file, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
        if read < 0 && errno == EINTR { continue }
        failed = read < 0
        if read <= 0 { break }
        filled += read
      }
    }
    if failed { throw SystemError.last("read", path) }
    return bytes
  }
}
