import Glibc

/// A file that gets its name only when it is complete: until then it has a hidden one that says so.
///
/// `@unchecked`: one caller at a time uses it, in order.
public final class ExportFile: @unchecked Sendable {
  let path: String
  private let partial: String
  private let replaces: Bool
  private var file: Int32

  /// - Parameters:
  ///   - token: tells this export from others to the same path; a leftover of the same is overwritten.
  ///   - replaces: whether a file of that name may be there already.
  public init(_ path: String, token: String, replaces: Bool) throws(StoreError) {
    self.path = path
    self.replaces = replaces
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    partial = "\(path[..<cut]).\(path[cut...]).\(token).partial"
    if !replaces && access(path, F_OK) == 0 { throw Self.isThere(path) }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw StoreError(.badValue, "\(path) is no regular file: give the name of a file")
    }
    file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file < 0 {
      if errno == ENOENT {
        throw StoreError(.notFound, "there is no folder for \(path): make it first, or give another name")
      }
      throw SystemError.last("create", path)
    }
  }

  deinit { discard() }

  /// Throws `StoreError` when the disk is full or fails.
  public func write(_ bytes: [UInt8]) throws(StoreError) { try WholeWrite.write(bytes, to: file, path) }

  /// Makes it durable and gives it its name.
  public func finish() throws(StoreError) {
    if fsync(file) != 0 { throw SystemError.last("sync", path) }
    close(file)
    file = -1
    if replaces {
      if rename(partial, path) != 0 { throw SystemError.last("create", path) }
    } else if link(partial, path) == 0 {
      unlink(partial)
    } else if errno == EEXIST {
      unlink(partial)
      throw Self.isThere(path)
    } else {
      // A file system without second names: somebody else's file of this very moment would be lost there.
      if access(path, F_OK) == 0 {
        unlink(partial)
        throw Self.isThere(path)
      }
      if rename(partial, path) != 0 { throw SystemError.last("create", path) }
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try StorageArea.syncFolder(folder)
  }

  /// Leaves nothing behind, unless it is finished.
  public func discard() {
    if file < 0 { return }
    close(file)
    file = -1
    unlink(partial)
  }

  private static func isThere(_ path: String) -> StoreError {
    StoreError(.badValue, "\(path) is there already and stays as it is")
  }
}
