import Glibc

/// A file without a name, for what is too much for memory; it goes with the last who has it.
///
/// `@unchecked`: one caller at a time writes to it; what is written may be read by several.
public final class SpoolFile: @unchecked Sendable {
  private let file: Int32
  private let folder: String
  public private(set) var size = 0

  /// - Parameter folder: where it takes room.
  /// - Throws: `StoreError` where no file can be made there, as when writing to it fails later.
  public init(folder: String) throws(StoreError) {
    self.folder = folder
    let path = folder + "/spool-" + String(UInt64.random(in: .min ... .max), radix: 16)
    file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if file < 0 { throw SystemError.last("create", path) }
    unlink(path)
  }

  deinit { close(file) }

  /// Where it can be opened by name, while it is there.
  public var path: String { "/proc/self/fd/\(file)" }

  func append(_ bytes: [UInt8]) throws(StoreError) {
    try bytes.span.withUnsafeBytes { buffer throws(StoreError) in try append(buffer) }
  }

  public func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try WholeWrite.write(bytes, to: file, at: size, folder)
    size += bytes.count
  }

  func replace(at offset: Int, _ bytes: [UInt8]) throws(StoreError) {
    try WholeWrite.write(bytes, to: file, at: offset, folder)
  }

  /// At most `count` bytes from an offset; fewer only at the end. Blocks.
  public func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    try WholeRead.read(at: offset, count: count, of: file, folder)
  }
}
