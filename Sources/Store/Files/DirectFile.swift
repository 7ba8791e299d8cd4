import CLinux
import Glibc

/// A file whose writes go past the page cache, where its file system can do that: some have a cache and nothing else.
enum DirectFile {
  /// Opens it, or creates it with `O_CREAT` among the flags, for its owner alone. Throws `StoreError`.
  static func open(_ path: String, _ flags: Int32) throws(StoreError) -> Int32 {
    let flags = flags | O_CLOEXEC
    var file = Glibc.open(path, flags | filmroom_direct_flag(), 0o600)
    if file < 0 && errno == EINVAL { file = Glibc.open(path, flags, 0o600) }
    if file < 0 { throw SystemError.last("open", path) }
    return file
  }
}
