import DICOM
import GRDB

/// Puts instances into the index, many in one transaction. Counters of parents are written once, by `finish`.
struct IngestOperations {
  enum Outcome: Equatable {
    case stored
    case alreadyStored
    /// The files that were there before go once the transaction is committed.
    case overwritten(oldFiles: [String])
    /// There is no room for it.
    case refused(StoreError)
  }

  private let db: Database
  private let mainTags: MainDicomTags
  private let signatures: [ResourceLevel: String]
  private(set) var cache: IngestCache
  private var deltas: [Owner: Delta] = [:]
  private(set) var changes: [Change] = []
  private var newPatients = 0
  private let limits: StorageLimits
  /// What the archive holds by now, where there are limits.
  private var totals = ArchiveTotals()
  /// Patients that have received something, the most recent last.
  private var recent: [Int64] = []
  /// Files that go once the transaction is committed: of patients that made room, of instances that came back.
  private(set) var doomedFiles: [String] = []
  private(set) var hasEvicted = false
  /// Whether changes are given the titles that listeners show.
  private let hasTitles: Bool

  private struct Owner: Hashable {
    var level: ResourceLevel
    var key: Int64
  }

  /// What a row's counters grow by.
  private struct Delta {
    var studies = 0
    var series = 0
    var instances = 0
    var size = AttachmentSize()
    var date: Int64 = 0
    var source: Int64 = 0
  }

  init(
    _ db: Database, mainTags: MainDicomTags, signatures: [ResourceLevel: String], cache: IngestCache,
    limits: StorageLimits = StorageLimits(), hasTitles: Bool = true
  ) throws {
    self.hasTitles = hasTitles
    self.limits = limits
    if limits.isLimited { totals = try ArchiveIndex.totals(db) }
    self.db = db
    self.mainTags = mainTags
    self.signatures = signatures
    self.cache = cache
  }

  /// Indexes one instance, creating what it lies in.
  ///
  /// - Parameter mayRefuse: whether it may be refused for want of room. What was acknowledged is kept in any case.
  mutating func ingest(
    _ instance: PreparedInstance, overwrite: Bool, mayRefuse: Bool = false
  ) throws -> Outcome {
    let source = try cache.source(db, instance.origin)
    let id = instance.id(.instance)
    if let existing = try existingInstance(id) {
      // One whose file is gone is healed by what comes now.
      guard try overwrite || Self.isLost(db, instance: existing) else { return .alreadyStored }
      if let refusal = try makeRoom(for: instance, replacing: existing), mayRefuse {
        return .refused(refusal)
      }
      return try replace(existing, with: instance, source: source)
    }
    if let refusal = try makeRoom(for: instance, replacing: nil), mayRefuse { return .refused(refusal) }
    let series = instance.id(.series)
    let path =
      try cache.path(db, of: series) ?? createParents(of: instance, series: series, source: source)
    try insertInstance(instance, id, parent: path.series, source: source)
    count(instance, in: path, source: source, instances: 1, size: instance.size)
    return .stored
  }

  private mutating func existingInstance(_ id: PublicID) throws -> Int64? {
    guard let key = try ArchiveIndex.rowKey(db, ResourceReference(.instance, id)) else { return nil }
    guard try EvictionOperations.isEvicted(db, .instance, key: key) else { return key }
    doomedFiles += try EvictionOperations.sweep(db, instance: key)
    return nil
  }

  // MARK: Room

  /// Lets patients go until there is room for an instance. Returns why there can't be any; then everything is kept.
  private mutating func makeRoom(
    for instance: PreparedInstance, replacing existing: Int64?
  ) throws -> StoreError? {
    if !limits.isLimited { return nil }
    let patient = try ArchiveIndex.key(db, ResourceReference(.patient, instance.id(.patient)))
    var wanted = totals
    wanted.patients += patient == nil ? 1 : 0
    wanted.diskSize += instance.diskSize
    if let existing {
      wanted.diskSize -=
        try Int64.fetchOne(db, sql: "SELECT disk_size FROM instance WHERE id = ?", arguments: [existing]) ?? 0
    }
    if !limits.isExceeded(by: wanted) { return nil }
    // The order and the sizes of patients count what came before in this transaction.
    try finish()
    guard let victims = try RecyclingOperations.victims(db, limits, wanted, except: patient) else {
      return limits.refusal(wanted)
    }
    for victim in victims { try evict(victim, date: instance.date) }
    return nil
  }

  private mutating func evict(_ patient: Int64, date: Int64) throws {
    guard let result = try EvictionOperations.evict(db, patient: patient, date: date) else { return }
    hasEvicted = true
    doomedFiles += result.files
    changes.append(result.change)
    cache.forgetPaths()
    totals = try ArchiveIndex.totals(db)
  }

  /// Something else in the transaction may have changed what the archive holds.
  mutating func refreshTotals() throws { if limits.isLimited { totals = try ArchiveIndex.totals(db) } }

  /// Lets patients go until the archive is within its limits, as far as that can be.
  mutating func recycle(date: Int64) throws {
    guard limits.mode == .recycle else { return }
    for victim in try RecyclingOperations.victims(db, limits, totals, except: nil) ?? [] {
      try evict(victim, date: date)
    }
  }

  /// Whether an instance has no file any more.
  static func isLost(_ db: Database, instance: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(ArchiveIndex.isMissing)(uuid) FROM attachment WHERE level = 4 AND resource = ? AND type = 1
          """), arguments: [instance]) ?? true
  }

  // MARK: Parents

  private mutating func createParents(
    of instance: PreparedInstance, series: PublicID, source: Int64
  ) throws -> IngestCache.Path {
    let above = ResourceReference(.patient, instance.id(.patient))
    let patient = try ArchiveIndex.key(db, above) ?? insertPatient(instance, above, source: source)
    let middle = ResourceReference(.study, instance.id(.study))
    let study =
      try ArchiveIndex.key(db, middle) ?? insertStudy(instance, middle, patient: patient, source: source)
    let key = try insertSeries(
      instance, ResourceReference(.series, series), study: study, patient: patient, source: source)
    let path = IngestCache.Path(patient: patient, study: study, series: key)
    cache.remember(path, of: series)
    return path
  }

  private mutating func insertPatient(
    _ instance: PreparedInstance, _ resource: ResourceReference, source: Int64
  ) throws -> Int64 {
    let key = try insert(instance, resource, source: source)
    newPatients += 1
    totals.patients += 1
    try note(.newPatient, instance, resource, key: key)
    return key
  }

  private mutating func insertStudy(
    _ instance: PreparedInstance, _ resource: ResourceReference, patient: Int64, source: Int64
  ) throws -> Int64 {
    let key = try insert(instance, resource, parent: patient, source: source)
    deltas[Owner(level: .patient, key: patient), default: Delta()].studies += 1
    try ConflictOperations.refresh(db, patient: patient)
    try note(.newStudy, instance, resource, key: key)
    return key
  }

  private mutating func insertSeries(
    _ instance: PreparedInstance, _ resource: ResourceReference, study: Int64, patient: Int64, source: Int64
  ) throws -> Int64 {
    doomedFiles += try EvictionOperations.release(db, series: resource.id)
    let key = try insert(instance, resource, parent: study, source: source)
    deltas[Owner(level: .study, key: study), default: Delta()].series += 1
    deltas[Owner(level: .patient, key: patient), default: Delta()].series += 1
    deltas[Owner(level: .series, key: key), default: Delta()].series += 1
    try DeletionOperations.refreshModalities(db, study: study)
    try note(.newSeries, instance, resource, key: key)
    return key
  }

  // MARK: Instances

  private mutating func insertInstance(
    _ instance: PreparedInstance, _ id: PublicID, parent: Int64, source: Int64
  ) throws {
    try db.cachedStatement(sql: InstanceColumns.insertion).execute(
      arguments: try instanceArguments(
        instance, source: source, [id.data.databaseValue, parent.databaseValue]))
    let key = db.lastInsertedRowID
    try insertAttachments(of: instance, key: key, revision: 0)
    try note(.newInstance, instance, ResourceReference(.instance, id), key: key)
  }

  /// Values for `InstanceColumns.names`, in their order, and what comes behind them.
  private mutating func instanceArguments(
    _ instance: PreparedInstance, source: Int64, _ rest: [DatabaseValue]
  ) throws -> StatementArguments {
    let size = instance.size
    let values = [
      try cache.term(db, instance.sopClass).databaseValue,
      try cache.term(db, instance.transferSyntax).databaseValue, size.onDisk.databaseValue,
      size.ofContent.databaseValue, source.databaseValue, instance.date.databaseValue,
      try cache.term(db, signatures[.instance] ?? "").databaseValue,
    ]
    return StatementArguments(values: RowValues.of(instance, .instance) + values + rest)
  }

  private func insertAttachments(of instance: PreparedInstance, key: Int64, revision: Int) throws {
    try AttachmentOperations.put(
      db, AttachmentRow(.dicom, instance.file, revision: revision), .instance, key: key)
    if let head = instance.head {
      try AttachmentOperations.put(
        db, AttachmentRow(.dicomUntilPixelData, head, revision: 0), .instance, key: key)
    }
  }

  /// Replaces an instance in place: its parents keep their labels, metadata and protection, and so does it; what was
  /// made from its file goes with it.
  private mutating func replace(
    _ key: Int64, with instance: PreparedInstance, source: Int64
  ) throws -> Outcome {
    guard let path = try cache.path(db, of: instance.id(.series)) else {
      throw StoreError(.inputOutput, "the index lacks the series of an instance that it has")
    }
    let size = try AttachmentOperations.counted(db, .instance, key: key) ?? AttachmentSize()
    let revision = try AttachmentOperations.row(db, .dicom, .instance, key: key)?.revision
    // The index may not even know a file of it.
    let isLost = revision == nil
    let oldFiles = try AttachmentOperations.removeDICOM(db, instance: key)
    let kept = try AttachmentOperations.size(db, .instance, key: key)
    try db.cachedStatement(sql: InstanceColumns.replacement).execute(
      arguments: try instanceArguments(instance, source: source, [key.databaseValue]))
    try insertAttachments(of: instance, key: key, revision: revision.map { $0 + 1 } ?? 0)
    try AttachmentOperations.addSize(db, kept, to: .instance, key: key)
    count(
      instance, in: path, source: source, instances: 0,
      size: instance.size + kept - size)
    try note(.updatedAttachment, instance, ResourceReference(.instance, instance.id(.instance)), key: key)
    if oldFiles.isEmpty && isLost { return .stored }
    try DeletionOperations.doom(db, oldFiles)
    return .overwritten(oldFiles: oldFiles)
  }

  // MARK: Shared

  /// Inserts a row of a level above instances.
  private mutating func insert(
    _ instance: PreparedInstance, _ resource: ResourceReference, parent: Int64? = nil, source: Int64
  ) throws -> Int64 {
    var values = RowValues.of(instance, resource.level)
    values.append(resource.id.data.databaseValue)
    values.append(try cache.term(db, signatures[resource.level] ?? "").databaseValue)
    values.append(source.databaseValue)
    values.append(instance.date.databaseValue)
    if let parent { values.append(parent.databaseValue) }
    try db.cachedStatement(sql: ParentColumns.insertion(resource.level))
      .execute(arguments: StatementArguments(values: values))
    return db.lastInsertedRowID
  }

  private mutating func count(
    _ instance: PreparedInstance, in path: IngestCache.Path, source: Int64, instances: Int,
    size: AttachmentSize
  ) {
    totals.diskSize += size.onDisk
    if recent.last != path.patient {
      recent.removeAll { $0 == path.patient }
      recent.append(path.patient)
    }
    for owner in [
      Owner(level: .patient, key: path.patient), Owner(level: .study, key: path.study),
      Owner(level: .series, key: path.series),
    ] {
      var delta = deltas[owner] ?? Delta()
      delta.instances += instances
      delta.size = delta.size + size
      delta.date = max(delta.date, instance.date)
      delta.source = source
      deltas[owner] = delta
    }
  }

  private mutating func note(
    _ type: ChangeType, _ instance: PreparedInstance, _ resource: ResourceReference, key: Int64
  ) throws {
    changes.append(
      try ChangeOperations.record(
        db, type, resource, key: key, date: instance.date,
        title: hasTitles ? ChangeTitle.of(instance, resource.level) : "",
        source: instance.origin.remoteAET))
  }

  /// Rows were deleted in the same transaction: nothing remembered may be right.
  mutating func forgetCache() { cache.forgetPaths() }

  /// Writes the counters of every parent that has grown, and the totals.
  mutating func finish() throws {
    var added = ArchiveTotals()
    for (owner, delta) in deltas {
      if delta.date > 0 { try StabilityOperations.touch(db, owner.level, key: owner.key, date: delta.date) }
      switch owner.level {
      case .patient:
        added.studies += delta.studies
        added.series += delta.series
        added.instances += delta.instances
        added.diskSize += delta.size.onDisk
        added.uncompressedSize += delta.size.ofContent
        try grow("patient", owner.key, delta, also: ", studies = studies + \(delta.studies)")
      case .series:
        try grow("series", owner.key, delta)
        try ModalityTotals.add(
          db, to: owner.key, series: delta.series, instances: delta.instances, diskSize: delta.size.onDisk)
        if delta.instances > 0 { try noteCompletion(of: owner.key, date: delta.date) }
      case .study: try grow(IndexSchema.table(owner.level), owner.key, delta)
      case .instance: break
      }
    }
    for patient in recent { try RecyclingOperations.touch(db, patient: patient) }
    recent = []
    added.patients = newPatients
    newPatients = 0
    try TotalsOperations.add(db, added)
    deltas = [:]
  }

  /// A series that has just become complete.
  private mutating func noteCompletion(of series: Int64, date: Int64) throws {
    guard let id = try SeriesCompletion.completed(db, series: series) else { return }
    changes.append(
      try ChangeOperations.record(
        db, .completedSeries, ResourceReference(.series, id), key: series, date: date,
        title: hasTitles ? try ChangeOperations.title(db, .series, key: series) : ""))
  }

  private func grow(_ table: String, _ key: Int64, _ delta: Delta, also: String = "") throws {
    let series = table == "series" ? "" : ", series = series + \(delta.series)"
    try db.cachedStatement(
      sql: """
        UPDATE \(table) SET instances = instances + ?, \(AttachmentOperations.growth),
          last_update = max(last_update, ?), source = iif(? >= last_update, ?, source)\(series)\(also)
        WHERE id = ?
        """
    ).execute(
      arguments: [delta.instances] + delta.size.arguments + [delta.date, delta.date, delta.source, key])
  }
}
