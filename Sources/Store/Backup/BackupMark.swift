import Glibc

/// A file in a backup that says of which archive it is, and whether it is finished.
struct BackupMark: Equatable {
  var source: String
  /// The last kept change of the copy; nil while the copy is being changed over to what a run has brought.
  var lastChange: Int64?

  static let name = "filmroom.backup"

  private var text: String {
    "\(source)\n\(lastChange.map { String($0) } ?? "unfinished")\n"
  }

  /// Nil where there is none.
  static func read(in folder: String) throws(StoreError) -> BackupMark? {
    let path = folder + "/" + name
    if access(path, F_OK) != 0 { return nil }
    let bytes = try OpenFile(path).read(at: 0, count: 1 << 16)
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2 else { return BackupMark(source: "", lastChange: nil) }
    return BackupMark(source: String(lines[0]), lastChange: Int64(lines[1]))
  }

  /// Durable before it returns: the old one or the new one is there, whatever happens.
  func write(in folder: String) throws(StoreError) {
    let path = folder + "/" + Self.name
    let file = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if file < 0 { throw SystemError.last("create", path) }
    let bytes = Array(text.utf8)
    let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    let failure = SystemError.last("write", path)
    close(file)
    if !isWritten { throw failure }
    if rename(path + ".new", path) != 0 { throw SystemError.last("write", path) }
    try StorageArea.syncFolder(folder)
  }

  /// A copy that is half changed over is opened by nobody. Throws `StoreError.storageUnusable`.
  static func refuseUnfinished(_ folder: String) throws(StoreError) {
    guard let mark = try read(in: folder), mark.lastChange == nil else { return }
    throw StoreError(
      .storageUnusable,
      "\(folder) is an unfinished backup of \(mark.source). Run `filmroom backup` again, which completes it, or give "
        + "another folder with --storage")
  }
}
