import Crypto
import Glibc

/// Copies a file, and can work out its MD5 on the way.
enum FileCopy {
  private static let chunk = 1 << 20

  /// Returns the bytes copied and their MD5 if asked for. The copy is not synced. Throws `StoreError`.
  @discardableResult
  static func copy(
    _ source: String, to target: String, hasDigest: Bool = false
  ) throws(StoreError) -> (size: Int64, md5: [UInt8]?) {
    let input = try OpenFile(source)
    let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if file < 0 { throw SystemError.last("create", target) }
    defer { close(file) }
    var digest = Insecure.MD5()
    var offset = 0
    while true {
      let bytes = try input.read(at: offset, count: chunk)
      if bytes.isEmpty { break }
      if hasDigest { bytes.withUnsafeBytes { digest.update(bufferPointer: $0) } }
      try WholeWrite.write(bytes, to: file, target)
      offset += bytes.count
    }
    return (Int64(offset), hasDigest ? Array(digest.finalize()) : nil)
  }
}
