import Glibc

/// A failed system call, as a `StoreError` with the path and the reason in words.
enum SystemError {
  /// From `errno`, right after the call.
  static func last(_ action: String, _ path: String) -> StoreError {
    let number = errno
    let reason = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT: return StoreError(.storageFull, "no room left to \(action) \(path): \(reason)")
    case EROFS, EACCES, EPERM: return StoreError(.storageUnusable, "can't \(action) \(path): \(reason)")
    default: return StoreError(.inputOutput, "can't \(action) \(path): \(reason)")
    }
  }
}
