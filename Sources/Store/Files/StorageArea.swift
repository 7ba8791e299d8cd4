import CLinux
import Glibc

/// The attachments as files: `aa/bb/uuid` below the storage folder, as Orthanc lays them out.
///
/// A file that arrives has two names, made before it comes and durable: `incoming/uuid` and the final one under `aa/bb`. When
/// it is complete it is synced. The first name goes only after the index has been committed. So at start whatever still
/// is in `incoming` was being written, or was to be: the index says whether it belongs to the archive. Small files are
/// written under their final name at once, when the journal has them.
struct StorageArea: Sendable {
  let root: String
  let names = FileNames()
  let lastingNames = LastingNames()

  init(root: String) { self.root = root }

  var incoming: String { root + "/incoming" }
  var journal: String { root + "/journal" }

  /// Creates the folders that are always there. Throws `StoreError`.
  func prepare() throws(StoreError) {
    try Self.createFolder(root)
    try Self.createFolder(incoming)
  }

  func path(of uuid: String) -> String { folder(of: uuid) + "/" + uuid }
  func incomingPath(of uuid: String) -> String { incoming + "/" + uuid }

  func folder(of uuid: String) -> String {
    let letters = uuid.utf8
    return root + "/" + String(decoding: letters.prefix(2), as: UTF8.self) + "/"
      + String(decoding: letters.dropFirst(2).prefix(2), as: UTF8.self)
  }

  /// Gives a file in `incoming`, which is synced, its only name in the storage area; that name is not synced.
  func nameIncoming(_ uuid: String) throws(StoreError) {
    try createFolders(of: uuid, isSynced: false)
    if Glibc.rename(incomingPath(of: uuid), path(of: uuid)) != 0 {
      throw SystemError.last("move", incomingPath(of: uuid))
    }
  }

  /// Writes a small file under its final name, not synced: the journal has it too.
  func write(_ uuid: String, _ bytes: [UInt8]) throws(StoreError) {
    let path = path(of: uuid)
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    var file = open(path, flags, 0o600)
    if file < 0 && errno == ENOENT {
      try createFolders(of: uuid, isSynced: false)
      file = open(path, flags, 0o600)
    }
    if file < 0 { throw SystemError.last("create", path) }
    defer { close(file) }
    do throws(StoreError) {
      try WholeWrite.write(bytes, to: file, path)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Bytes that are free for us in the file system; nil when it can't be asked.
  func freeSpace() -> Int64? {
    var status = statvfs()
    if statvfs(root, &status) != 0 { return nil }
    return Int64(status.f_bavail) * Int64(status.f_frsize)
  }

  /// Makes everything that was written to the storage area durable.
  func syncAll() throws(StoreError) {
    let folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw SystemError.last("open", root) }
    defer { close(folder) }
    if filmroom_syncfs(folder) != 0 { throw SystemError.last("sync", root) }
  }

  /// Drops the first name of a file, after the index has it or has refused it.
  func forgetIncoming(_ uuid: String) { unlink(incomingPath(of: uuid)) }

  /// Whether a file is being received, or was when the process last ended.
  func isArriving(_ uuid: String) -> Bool { access(incomingPath(of: uuid), F_OK) == 0 }

  /// Whether a file is gone for sure. One that only can't be asked for is not.
  func isMissing(_ uuid: String) -> Bool {
    access(path(of: uuid), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Gives a file that lies anywhere in the storage area a new name of ours. Throws `StoreError`.
  func rename(_ path: String) throws(StoreError) -> String {
    let uuid = names.next()
    try createFolders(of: uuid)
    if Glibc.rename(path, self.path(of: uuid)) != 0 { throw SystemError.last("move", path) }
    try Self.syncFolder(folder(of: uuid))
    return uuid
  }

  /// Removes a file under both names. One that is gone already is fine.
  func remove(_ uuid: String) {
    unlink(path(of: uuid))
    unlink(incomingPath(of: uuid))
  }

  /// What was being written when the process last ended.
  func leftovers() -> [String] {
    Self.names(in: incoming).filter { $0.utf8.count == 36 }
  }

  /// Calls `body` with name and path of every file below `aa/bb`. Other names in the folder are passed over.
  func forEachFile(_ body: (_ name: String, _ path: String) throws -> Void) rethrows {
    for first in Self.names(in: root) where Self.isHexPair(first) {
      for second in Self.names(in: root + "/" + first) where Self.isHexPair(second) {
        let folder = root + "/" + first + "/" + second
        for name in Self.names(in: folder) { try body(name, folder + "/" + name) }
      }
    }
  }

  /// Whether an archive has left files here.
  var hasFiles: Bool {
    let names = Self.names(in: root)
    return names.contains("journal") && names.contains { Self.isHexPair($0) }
  }

  private static func isHexPair(_ name: String) -> Bool {
    name.utf8.count == 2 && name.allSatisfy { $0.isHexDigit }
  }

  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  func createFolders(of uuid: String, isSynced: Bool = true) throws(StoreError) {
    let folder = folder(of: uuid)
    let outer = String(folder.dropLast(3))
    for path in [outer, folder] {
      if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemError.last("create", path) }
    }
    if !isSynced { return }
    try Self.syncFolder(root)
    try Self.syncFolder(outer)
  }

  /// Creates a folder and what leads to it. Throws `StoreError`.
  static func createFolder(_ path: String) throws(StoreError) {
    if mkdir(path, 0o700) != 0 {
      if errno == EEXIST { return try checkFolder(path) }
      guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
        throw SystemError.last("create", path)
      }
      try createFolder(String(path[..<slash]))
      if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemError.last("create", path) }
    }
    // Its name must last too. Whoever may not read the outer folder can't do more about it.
    try? syncFolder(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".")
  }

  private static func checkFolder(_ path: String) throws(StoreError) {
    var status = stat()
    if stat(path, &status) != 0 { throw SystemError.last("use", path) }
    if status.st_mode & S_IFMT != S_IFDIR { throw StoreError(.storageUnusable, "\(path) is no folder") }
  }

  static func syncFolder(_ path: String) throws(StoreError) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw SystemError.last("open", path) }
    defer { close(folder) }
    if fsync(folder) != 0 { throw SystemError.last("sync", path) }
  }
}
