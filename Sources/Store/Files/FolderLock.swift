import Glibc

/// One process owns a storage folder: an advisory lock on a file in it, which ends with the process.
final class FolderLock: Sendable {
  private let file: Int32

  /// Throws `StoreError.storageInUse` with the owner's process number when another process has it.
  init(folder: String) throws(StoreError) {
    let path = folder + "/filmroom.lock"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if file < 0 { throw SystemError.last("create", path) }
    if flock(file, LOCK_EX | LOCK_NB) != 0 {
      let owner = Self.owner(file)
      close(file)
      throw StoreError(
        .storageInUse,
        "\(folder) is in use by another Filmroom\(owner.map { " (process \($0))" } ?? ""). "
          + "Quit it first, or give another folder with --storage")
    }
    ftruncate(file, 0)
    let text = "\(getpid())\n"
    _ = text.withCString { write(file, $0, strlen($0)) }
    self.file = file
  }

  /// Lets others have the folder.
  func release() { flock(file, LOCK_UN) }

  deinit { close(file) }

  private static func owner(_ file: Int32) -> String? {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let digits = buffer[..<count].prefix { $0 >= 0x30 && $0 <= 0x39 }
    return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
  }
}
