import GRDB

/// A verification of the whole archive in steps, between which it may be stopped.
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
      if let found = try archive.check(attachment, deep: deep) { fault(found) }
      progress.attachments += 1
      progress.bytes += attachment.diskSize
      if deep { bytes += attachment.diskSize }
    }
    return true
  }

  private func checkWhole(_ fault: (Fault) -> Void) throws(StoreError) {
    let storage = archive.storage
    storage.forEachFile { name, path in
      if !known.contains(name) || path != storage.path(of: name), !storage.isArriving(name) {
        fault(Fault(kind: .fileWithoutRow, subject: path, detail: ""))
      }
    }
    for found in try archive.index.readNow({ try ConsistencyOperations.faults($0, storage: storage) }) {
      fault(found)
    }
  }
}
