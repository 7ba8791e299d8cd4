import Glibc

/// A file open for reading at any place.
public final class OpenFile: Sendable {
  private let file: Int32
  private let path: String
  /// Size in bytes when it was opened.
  public let size: Int

  /// Throws `StoreError` when it can't be opened or is no regular file.
  public init(_ path: String) throws(StoreError) {
    // Not blocking: opening a pipe would wait for its writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { throw SystemError.last("open", path) }
    var status = stat()
    if fstat(file, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
      close(file)
      throw StoreError(.inputOutput, "\(path) is no regular file")
    }
    self.file = file
    self.path = path
    size = Int(status.st_size)
  }

  deinit { close(file) }

  /// At most `count` bytes from an offset; fewer only at the end. Throws `StoreError`.
  public func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    try WholeRead.read(at: offset, count: count, of: file, path)
  }
}
