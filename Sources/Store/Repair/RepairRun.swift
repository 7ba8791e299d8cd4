import DICOM
import Glibc
import Synchronization

/// One repair of an open archive: counters are set right, rows that belong to nothing go, then every attachment is
/// checked, then what no row knows finds its place.
final class RepairRun {
  let archive: Archive
  let options: RepairOptions
  let aside: SetAside
  private let log: RepairLog
  let progress: @Sendable (RepairProgress) -> Void
  /// Names of the files that rows have.
  private(set) var known: Set<String> = []
  /// Images whose files are missing or damaged, by their keys.
  var broken: [Int64: BrokenImage] = [:]
  private(set) var checked = 0
  /// Files that could not be moved aside.
  var unmoved: Set<String> = []
  /// Attachments that were made from DICOM files and are missing or damaged: the archive does without them.
  private var derived: [(attachment: Archive.StoredAttachment, fault: Fault)] = []
  /// Rows that hang in the air, of a dry run: it goes on as if they were gone.
  private var hanging: Set<Owner> = []

  private struct Owner: Hashable {
    var level: Int
    var key: Int64
  }

  init(
    _ archive: Archive, _ options: RepairOptions, aside: SetAside, log: RepairLog,
    progress: @escaping @Sendable (RepairProgress) -> Void
  ) {
    self.archive = archive
    self.options = options
    self.aside = aside
    self.log = log
    self.progress = progress
  }

  func tell(_ step: RepairStep) throws(StoreError) { try log.tell(step, aside) }

  func run() async throws(StoreError) {
    if let error = archive.committer.settleNow() { throw error }
    try archive.committer.sweepNow()
    try await recount()
    try await removeHangingRows()
    try checkAttachments()
    try await removeDerived()
    try findRowsWithoutFile()
    var orphans = RepairOrphans(self)
    try await orphans.run()
    for image in broken.values.sorted(by: { $0.id < $1.id }) { try tell(image.step) }
    if options.isDryRun { return }
    try tellWhatIsLeft()
    try archive.storage.syncAll()
    try aside.sync()
  }

  // MARK: Rows

  private func removeHangingRows() async throws(StoreError) {
    let rows = try archive.index.readNow { try HangingRows.find($0) }
    if rows.isEmpty { return }
    // What they held is in the report before they go.
    for row in rows {
      try tell(
        RepairStep(kind: .rowRemoved, subject: row.subject, detail: row.reason, keepsake: row.keepsake))
    }
    if options.isDryRun {
      hanging = Set(rows.map { Owner(level: $0.level.rawValue, key: $0.key) })
      return
    }
    try aside.sync()
    try await archive.committer.edit { db in
      try HangingRows.remove(db, rows)
      try ConsistencyOperations.recount(db)
      return EditEffects(hasDeleted: true)
    }
  }

  func isHanging(instance: Int64) -> Bool {
    hanging.contains(Owner(level: ResourceLevel.instance.rawValue, key: instance))
  }

  // MARK: Attachments

  private func checkAttachments() throws(StoreError) {
    let total = try archive.index.readNow { try RepairOperations.attachmentCount($0) }
    var place: (level: Int, resource: Int64, type: Int) = (0, 0, 0)
    while true {
      let page = try archive.attachmentPage(after: place)
      guard let last = page.last else { return }
      place = (last.level, last.resource, last.type)
      for attachment in page { try check(attachment) }
      progress(RepairProgress(phase: .checkingAttachments, done: checked, total: total))
    }
  }

  private func check(_ attachment: Archive.StoredAttachment) throws(StoreError) {
    checked += 1
    if hanging.contains(Owner(level: attachment.level, key: attachment.resource)) { return }
    known.insert(attachment.uuid)
    guard let fault = archive.damage(attachment.row, deep: options.deep) else { return }
    if attachment.row.type == .dicomAsJSON || attachment.row.type == .dicomUntilPixelData {
      derived.append((attachment, fault))
      return
    }
    if attachment.level == ResourceLevel.instance.rawValue && attachment.row.type == .dicom {
      try noteBroken(attachment.resource, fault)
    } else {
      try tell(
        RepairStep(
          kind: .notMended, subject: fault.subject,
          detail: "an attachment that is no DICOM file: \(fault.detail). Nothing else holds it"))
    }
  }

  private func removeDerived() async throws(StoreError) {
    for (attachment, fault) in derived {
      known.remove(attachment.uuid)
      if !options.isDryRun {
        try await archive.committer.edit { db in
          guard let level = ResourceLevel(rawValue: attachment.level) else { return EditEffects() }
          let row = attachment.row
          try AttachmentOperations.remove(db, row.type, level, key: attachment.resource)
          try AttachmentOperations.count(
            db, AttachmentSize() - row.size, level, key: attachment.resource)
          return EditEffects()
        }
      }
      try tell(
        RepairStep(
          kind: .rowRemoved, subject: "\(attachment.row.type.name) in \(fault.subject)",
          detail: "\(fault.detail). It was made from a DICOM file, which has it all"))
    }
  }

  func noteBroken(_ key: Int64, _ fault: Fault?) throws(StoreError) {
    let id = try archive.index.readNow { try RepairOperations.id($0, instance: key) }
    if let id { broken[key] = BrokenImage(id: id, fault: fault) }
  }

  private func findRowsWithoutFile() throws(StoreError) {
    let keys = try archive.index.readNow { try RepairOperations.instancesWithoutFile($0) }
    for key in keys where !isHanging(instance: key) { try noteBroken(key, nil) }
  }

  // MARK: Counters, and what is left

  private func recount() async throws(StoreError) {
    let faults: [Fault]
    if options.isDryRun {
      faults = try archive.index.readNow { try ConsistencyOperations.counts($0) }
    } else {
      let found = Mutex<[Fault]>([])
      try await archive.committer.edit { db in
        let wrong = try ConsistencyOperations.counts(db)
        found.withLock { $0 = wrong }
        try ConsistencyOperations.recount(db)
        return EditEffects()
      }
      faults = found.withLock { $0 }
    }
    for fault in faults {
      try tell(RepairStep(kind: .countMended, subject: fault.subject, detail: fault.detail))
    }
  }

  /// Faults beside those that were told: there should be none.
  private func tellWhatIsLeft() throws(StoreError) {
    var left: [Fault] = []
    try archive.verify(deep: false, progress: { checked = $0.attachments }, fault: { left.append($0) })
    for fault in left where !unmoved.contains(fault.subject) {
      switch fault.kind {
      case .missingFile, .wrongSize, .unreadableFile, .instanceWithoutFile: break
      case .wrongContent, .fileWithoutRow, .rowWithoutParent, .wrongCount:
        try tell(RepairStep(kind: .notMended, subject: fault.description, detail: ""))
      }
    }
  }
}

/// An image whose file is missing or damaged.
struct BrokenImage {
  let id: PublicID
  /// Nil when the index does not even know a file.
  let fault: Fault?

  var isLost: Bool { fault == nil || fault?.kind == .missingFile }

  /// What is told when nothing brings it back.
  var step: RepairStep {
    let again = "Import the same image again, or have it sent again, to bring it back"
    let what =
      switch fault {
      case nil: "the index knows no file of it"
      case let fault? where fault.kind == .missingFile: "its file \(fault.subject) is missing"
      case let fault?: "its file \(fault.subject) is not what it was: \(fault.detail)"
      }
    return RepairStep(
      kind: isLost ? .imageLost : .imageDamaged, subject: "instance \(id)",
      detail: isLost ? "\(what). \(again)" : "\(what). \(again), with OverwriteInstances set to true")
  }
}
