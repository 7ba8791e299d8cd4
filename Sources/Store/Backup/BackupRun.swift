import Glibc
import Logging

/// One run of a backup. See docs/decisions/backup-beside-the-archive.md for why it is consistent.
struct BackupRun {
  private let configuration: ArchiveConfiguration
  private let source: StorageArea
  private let target: StorageArea
  private let logger: Logger
  private let progress: (BackupReport) -> Void
  private let fault: (Fault) -> Void
  private let isCancelled: () -> Bool
  private var report = BackupReport()
  /// Files that the last round did not find, though its snapshot knows them.
  private var missing: Set<String> = []
  private var told: Set<String> = []
  private var waiting: [String] = []

  /// Snapshots taken at most: each but the first only because files went while the one before was copied.
  private static let rounds = 20
  /// Files that share a sync before they get their names.
  private static let batch = 500

  private var indexPath: String {
    ArchiveIndex.path(in: configuration.indexFolder ?? configuration.storageFolder)
  }
  private var copyPath: String { ArchiveIndex.path(in: target.root) }
  private var newPath: String { target.root + "/new.index" }
  private var newJournal: String { target.root + "/new.journal" }

  init(
    _ configuration: ArchiveConfiguration, _ folder: String, logger: Logger,
    progress: @escaping (BackupReport) -> Void, fault: @escaping (Fault) -> Void,
    isCancelled: @escaping () -> Bool
  ) throws(StoreError) {
    self.configuration = configuration
    source = StorageArea(root: configuration.storageFolder)
    target = StorageArea(root: folder)
    self.logger = logger
    self.progress = progress
    self.fault = fault
    self.isCancelled = isCancelled
    if !ArchiveIndex.exists(in: configuration.indexFolder ?? configuration.storageFolder) {
      throw StoreError(.notFound, "there is no archive in \(configuration.storageFolder)")
    }
  }

  mutating func run() throws(StoreError) -> BackupReport {
    try StorageArea.createFolder(target.root)
    let mark = try checkTarget()
    let lock = try FolderLock(folder: target.root)
    defer { lock.release() }
    try target.prepare()
    for name in target.leftovers() { unlink(target.incomingPath(of: name)) }
    // Whose copy this is, before anything of it lies here.
    try mark.write(in: target.root)
    let kept = try copy()
    report.phase = .finishing
    progress(report)
    try target.syncAll()
    try changeOver(mark)
    lock.release()
    try settle()
    removeVanished(kept)
    try BackupMark(source: mark.source, lastChange: try IndexSnapshot.lastChange(copyPath)).write(
      in: target.root)
    progress(report)
    return report
  }

  // MARK: Whose copy

  /// The mark to begin with. Throws for a folder that holds something else, or has been used as an archive of its own.
  private func checkTarget() throws(StoreError) -> BackupMark {
    let path = try Self.realPath(source.root)
    let folder = try Self.realPath(target.root)
    if (folder + "/").hasPrefix(path + "/") || (path + "/").hasPrefix(folder + "/") {
      throw StoreError(
        .badValue, "\(target.root) and the archive \(source.root) lie in each other: give another folder")
    }
    guard let mark = try BackupMark.read(in: target.root) else {
      let others = StorageArea.names(in: target.root).filter { $0 != "filmroom.lock" }
      if let name = others.sorted().first {
        throw StoreError(
          .storageUnusable,
          "\(target.root) holds something else (\(name)) and no backup: give an empty or a new folder")
      }
      return BackupMark(source: path, lastChange: nil)
    }
    if mark.source != path {
      throw StoreError(
        .storageUnusable,
        "\(target.root) is a backup of \(mark.source) and not of \(path): give another folder")
    }
    if let last = mark.lastChange, access(copyPath, F_OK) == 0, try IndexSnapshot.lastChange(copyPath) > last
    {
      throw StoreError(
        .storageUnusable,
        "\(target.root) has been used as an archive since its last backup, which would be lost: give another folder"
      )
    }
    return mark
  }

  private static func realPath(_ path: String) throws(StoreError) -> String {
    guard let resolved = realpath(path, nil) else { throw SystemError.last("use", path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Copying

  /// Copies until a snapshot of the index has all its files. Gives their names.
  private mutating func copy() throws(StoreError) -> Set<String> {
    for _ in 0..<Self.rounds {
      // The journal first: what it has and the snapshot has not come to was acknowledged, and is whole in what was read.
      let records = try IngestJournal.records(in: source.journal)
      let snapshot = try IndexSnapshot.take(of: indexPath, to: newPath)
      let applied = try snapshot.applied()
      let left = records.filter { $0.sequence > applied }
      let before = missing
      missing = []
      report.ofAttachments = try snapshot.countFiles()
      (report.attachments, report.phase) = (0, .attachments)
      var kept: Set<String> = []
      try snapshot.forEachFile { files throws(StoreError) in
        for file in files {
          kept.insert(file.uuid)
          try copy(file)
        }
      }
      for record in left {
        for file in JournalEntry(record.body)?.files ?? [] {
          kept.insert(file.uuid)
          if file.bytes == nil {
            try copy(IndexSnapshot.File(uuid: file.uuid, diskSize: file.diskSize, diskMD5: nil))
          }
        }
      }
      try nameWaiting()
      // What was missing before, and still is known, is missing in the archive itself.
      if missing.subtracting(before).isEmpty {
        report.fromJournal = left.count
        try IngestJournal.write(left, to: newJournal)
        for uuid in missing.sorted() where told.insert(uuid).inserted {
          fault(Fault(kind: .missingFile, subject: source.path(of: uuid), detail: "the archive lacks it too"))
        }
        return kept
      }
    }
    throw StoreError(
      .inputOutput, "files of \(source.root) go faster than they can be copied: start the backup again")
  }

  private mutating func copy(_ file: IndexSnapshot.File) throws(StoreError) {
    if isCancelled() { throw StoreError(.closed, "the backup was ended; the next run goes on") }
    report.attachments += 1
    defer { progress(report) }
    var status = stat()
    if stat(target.path(of: file.uuid), &status) == 0, Int64(status.st_size) == file.diskSize { return }
    let path = source.path(of: file.uuid)
    if access(path, F_OK) != 0 {
      missing.insert(file.uuid)
      return
    }
    let copied: (size: Int64, md5: [UInt8]?)
    do throws(StoreError) {
      copied = try FileCopy.copy(path, to: target.incomingPath(of: file.uuid), hasDigest: file.diskMD5 != nil)
    } catch {
      // It went just now.
      if !source.isMissing(file.uuid) { throw error }
      unlink(target.incomingPath(of: file.uuid))
      missing.insert(file.uuid)
      return
    }
    check(file, copied, path)
    report.copied += 1
    report.copiedBytes += copied.size
    waiting.append(file.uuid)
    if waiting.count >= Self.batch { try nameWaiting() }
  }

  /// A damaged file is copied as it is, and told.
  private mutating func check(
    _ file: IndexSnapshot.File, _ copied: (size: Int64, md5: [UInt8]?), _ path: String
  ) {
    if copied.size != file.diskSize, told.insert(file.uuid).inserted {
      fault(
        Fault(kind: .wrongSize, subject: path, detail: "\(copied.size) bytes instead of \(file.diskSize)"))
    } else if let md5 = copied.md5, md5 != file.diskMD5, told.insert(file.uuid).inserted {
      fault(
        Fault(
          kind: .wrongContent, subject: path,
          detail: "MD5 \(Hex.text(md5)) instead of \(Hex.text(file.diskMD5 ?? []))"))
    }
  }

  /// What has its final name is on the disk: the next run need not copy it again.
  private mutating func nameWaiting() throws(StoreError) {
    if waiting.isEmpty { return }
    try target.syncAll()
    for uuid in waiting { try target.nameIncoming(uuid) }
    waiting = []
  }

  // MARK: The change-over

  /// Puts the new index and journal in the place of the old ones. In between, the copy says that it is unfinished.
  private func changeOver(_ mark: BackupMark) throws(StoreError) {
    try BackupMark(source: mark.source, lastChange: nil).write(in: target.root)
    if access(copyPath, F_OK) == 0 { try IndexSnapshot.emptyLog(copyPath) }
    for suffix in ["-wal", "-shm"] { unlink(copyPath + suffix) }
    if rename(newPath, copyPath) != 0 { throw SystemError.last("move", newPath) }
    for suffix in ["-wal", "-shm"] { unlink(newPath + suffix) }
    try StorageArea.createFolder(target.journal)
    for name in ["0", "1"] { unlink(target.journal + "/" + name) }
    if rename(newJournal, target.journal + "/0") != 0 { throw SystemError.last("move", newJournal) }
    try target.syncAll()
  }

  /// Opens the copy as the archive that it is: what was in the journal goes where it belongs.
  private func settle() throws(StoreError) {
    var copied = configuration
    (copied.storageFolder, copied.indexFolder, copied.mustExist) = (target.root, nil, true)
    let archive = try Archive(copied, logger: logger, isUnfinishedBackup: true)
    archive.close()
  }

  /// The copy has what the archive had, and nothing else.
  private mutating func removeVanished(_ kept: Set<String>) {
    var gone: [String] = []
    target.forEachFile { name, path in
      if !kept.contains(name) { gone.append(path) }
    }
    for path in gone where unlink(path) == 0 { report.removed += 1 }
  }
}
