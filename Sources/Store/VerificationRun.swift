import GRDB
import Glibc

/// A verification of the whole archive in steps, between which it may be stopped. What seems at fault is looked at a
/// second time: instances may come and go meanwhile.
struct VerificationRun {
  private let archive: Archive
  private let deep: Bool
  private(set) var progress = VerificationProgress()
  private var place: (level: Int, resource: Int64, type: Int) = (0, 0, 0)
  private var page: ArraySlice<Archive.StoredAttachment> = []
  private var known: Set<String> = []
  private var hasEnded = false

  /// A deep step ends behind so many bytes.
  private static let bytesPerStep: Int64 = 64 << 20

  /// Blocks, as each step does. Throws `StoreError` when the index can't be read.
  init(_ archive: Archive, deep: Bool) throws(StoreError) {
    (self.archive, self.deep) = (archive, deep)
    archive.committer.settleNow()
    try archive.committer.sweepNow()
    progress.ofAttachments = try archive.index.readNow {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM attachment") ?? 0
    }
  }

  /// Checks the next attachments, or at last what concerns the whole. False when there is nothing more to do.
  mutating func step(_ fault: (Fault) -> Void) throws(StoreError) -> Bool {
    if hasEnded { return false }
    if page.isEmpty { page = try archive.attachmentPage(after: place)[...] }
    guard let last = page.last else {
      try checkWhole(fault)
      hasEnded = true
      return true
    }
    place = (last.level, last.resource, last.type)
    var bytes: Int64 = 0
    while let attachment = page.first, bytes < Self.bytesPerStep {
      page.removeFirst()
      known.insert(attachment.uuid)
      if let found = try archive.check(attachment, deep: deep), try isThere(attachment) { fault(found) }
      progress.attachments += 1
      progress.bytes += attachment.diskSize
      if deep { bytes += attachment.diskSize }
    }
    return true
  }

  /// Rows go before their files, so a file that is gone while its row is there is missing.
  private func isThere(_ attachment: Archive.StoredAttachment) throws(StoreError) -> Bool {
    try archive.index.readNow { db in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (SELECT 1 FROM attachment WHERE level = ? AND resource = ? AND type = ? AND uuid = ?)
          """, arguments: [attachment.level, attachment.resource, attachment.type, attachment.uuid]) ?? false
    }
  }

  private func checkWhole(_ fault: (Fault) -> Void) throws(StoreError) {
    let storage = archive.storage
    var strange: [(name: String, path: String)] = []
    storage.forEachFile { name, path in
      if !known.contains(name) || path != storage.path(of: name), !storage.isArriving(name) {
        strange.append((name, path))
      }
    }
    // Some have come meanwhile, or are about to go.
    archive.committer.settleNow()
    try archive.committer.sweepNow()
    let names = Set(strange.map(\.name))
    let expected = try archive.index.readNow { db in
      try JournalOperations.known(db, files: names).union(DeletionOperations.doomedFiles(db))
    }
    for (name, path) in strange where !expected.contains(name) || path != storage.path(of: name) {
      var status = stat()
      // A name that is no text can't be asked for.
      if UUIDText.isValid(name), lstat(path, &status) != 0 && errno == ENOENT { continue }
      fault(Fault(kind: .fileWithoutRow, subject: path, detail: ""))
    }
    for found in try archive.index.readNow({ try ConsistencyOperations.faults($0, storage: storage) }) {
      fault(found)
    }
  }
}
