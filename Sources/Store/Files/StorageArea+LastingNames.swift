import Glibc

/// The two names of a file that is to come, and what becomes of one that comes to nothing.
extension StorageArea {
  /// What nobody took yet is marked as a program, which nothing here is otherwise. It must be told from the empty files
  /// that people attach.
  private static let madeAhead: mode_t = 0o700

  /// The name of a file that is to be written: an empty one with both names, durable. Throws `StoreError`.
  func takeLastingName() throws(StoreError) -> String { try lastingNames.take(in: self) }

  /// Makes empty files, whose names last. Throws `StoreError`; then there is none.
  func makeLastingNames(_ count: Int) throws(StoreError) -> [String] {
    let uuids = (0..<count).map { _ in names.next() }
    do throws(StoreError) {
      for uuid in uuids {
        let path = incomingPath(of: uuid)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, Self.madeAhead)
        if file < 0 { throw SystemError.last("create", path) }
        close(file)
      }
      // The first names must last before there are second ones, else a power cut could leave only those, unknown to all.
      try Self.syncFolder(incoming)
      for uuid in uuids { try linkIncoming(uuid) }
      // A folder that a small file needed first is not synced either.
      let folders = Set(uuids.map(folder(of:)))
      try Self.syncFolder(root)
      for folder in Set(folders.map { String($0.dropLast(3)) }) { try Self.syncFolder(folder) }
      for folder in folders { try Self.syncFolder(folder) }
      return uuids
    } catch {
      removeUnfinished(uuids)
      throw error
    }
  }

  private func linkIncoming(_ uuid: String) throws(StoreError) {
    let target = path(of: uuid)
    if link(incomingPath(of: uuid), target) == 0 { return }
    if errno != ENOENT { throw SystemError.last("create", target) }
    try createFolders(of: uuid, isSynced: false)
    if link(incomingPath(of: uuid), target) != 0 { throw SystemError.last("create", target) }
  }

  /// Who opens a file for writing makes it one that is no longer only made ahead.
  static func markTaken(_ file: Int32) { fchmod(file, 0o600) }

  /// Whether both names stand for one file, and nobody took it.
  func isReady(_ uuid: String) -> Bool {
    var (first, last) = (stat(), stat())
    guard stat(incomingPath(of: uuid), &first) == 0, stat(path(of: uuid), &last) == 0 else { return false }
    return first.st_ino == last.st_ino && first.st_dev == last.st_dev && Self.isMadeAhead(first)
  }

  /// Whether a file in `incoming` was only made ahead, and nothing came.
  func isMadeAhead(_ uuid: String) -> Bool {
    var status = stat()
    return stat(incomingPath(of: uuid), &status) == 0 && Self.isMadeAhead(status)
  }

  private static func isMadeAhead(_ status: stat) -> Bool {
    status.st_size == 0 && status.st_mode & 0o777 == madeAhead
  }

  /// Removes what is left of a file that was made ahead; what somebody wrote to stays.
  func removeMadeAhead(_ uuid: String) {
    for path in [path(of: uuid), incomingPath(of: uuid)] {
      var status = stat()
      if stat(path, &status) == 0 && Self.isMadeAhead(status) { unlink(path) }
    }
  }

  /// Removes files that came to nothing under both names. Their final names are gone for good before the first ones go: a power
  /// cut must not leave those alone, unknown to all. What can't be removed now goes at the next start.
  func removeUnfinished(_ uuids: [String]) {
    for (folder, uuids) in Dictionary(grouping: uuids, by: folder(of:)) {
      let gone = uuids.filter { unlink(path(of: $0)) == 0 || errno == ENOENT || errno == ENOTDIR }
      let lasts = access(folder, F_OK) != 0 || (try? Self.syncFolder(folder)) != nil
      if lasts { gone.forEach(forgetIncoming) }
    }
  }

  /// The index has a file: its first name goes, unless the final one got lost meanwhile and can't be made again.
  func endArrival(_ uuid: String) {
    try? restoreName(uuid)
    if !isMissing(uuid) { forgetIncoming(uuid) }
  }

  /// Gives a file that has lost its final name that name again. One that has it, or is gone, stays as it is.
  func restoreName(_ uuid: String) throws(StoreError) {
    guard isMissing(uuid), isArriving(uuid) else { return }
    try linkIncoming(uuid)
    try Self.syncFolder(folder(of: uuid))
  }
}
