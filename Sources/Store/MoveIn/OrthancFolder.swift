import Glibc

/// The storage folder of an Orthanc that has stopped. It is only read.
struct OrthancFolder: Sendable {
  let path: String
  /// Folder of its index, which is the same unless `IndexDirectory` said otherwise.
  let indexFolder: String

  var index: String { indexFolder + "/index" }

  /// Throws `StoreError` where there is no such folder, or an Orthanc runs on it.
  init(_ path: String, indexFolder: String? = nil) throws(StoreError) {
    self.path = path
    self.indexFolder = indexFolder ?? path
    if access(index, F_OK) != 0 {
      throw StoreError(
        .notFound,
        "there is no Orthanc index \(index): give the StorageDirectory of an Orthanc that keeps its index in SQLite"
      )
    }
    try refuseRunning()
  }

  /// SQLite's locks lie on bytes from here on; a running Orthanc holds some of them all the time.
  private static let lockStart: off_t = 0x4000_0000
  private static let lockLength: off_t = 512

  /// Only asks for the lock, takes none and writes nothing.
  func refuseRunning() throws(StoreError) {
    let file = open(index, O_RDONLY | O_CLOEXEC)
    if file < 0 { throw SystemError.last("open", index) }
    defer { close(file) }
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = Self.lockStart
    lock.l_len = Self.lockLength
    if fcntl(file, F_GETLK, &lock) != 0 { throw SystemError.last("ask for the lock of", index) }
    if lock.l_type == Int16(F_UNLCK) { return }
    throw StoreError(
      .storageInUse,
      "an Orthanc (process \(lock.l_pid)) runs on \(path). Stop it first: what it receives meanwhile would be missed"
    )
  }

  /// Copies the index with what its log or journal holds, so that opening it changes nothing here. Gives the path of
  /// the copy. Throws `StoreError`.
  func copyIndex(to folder: String) throws(StoreError) -> String {
    for suffix in ["", "-wal", "-journal"] where access(index + suffix, F_OK) == 0 {
      try FileCopy.copy(index + suffix, to: folder + "/index" + suffix)
    }
    // One that started meanwhile has written to it.
    try refuseRunning()
    return folder + "/index"
  }

  /// Where an attachment lies; nil for a name that is no UUID.
  func file(_ uuid: String) -> String? {
    let isUUID = uuid.utf8.count == 36 && uuid.utf8.allSatisfy { $0 == 0x2D || Self.isHexDigit($0) }
    if !isUUID { return nil }
    return StorageArea(root: path).path(of: uuid)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
  }
}
