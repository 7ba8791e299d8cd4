import DICOM
import GRDB

/// Removes resources with everything below them, and parents that are left empty.
enum DeletionOperations {
  /// Tables of what hangs on resources.
  static let sides = ["attachment", "metadata", "label", "change", "unstable"]

  struct Result {
    var instances = 0
    /// Files that go once the transaction is committed.
    var files: [String] = []
    var changes: [Change] = []
  }

  /// Deletes one resource. One that is gone already counts nothing.
  static func delete(_ db: Database, _ resource: ResourceReference, date: Int64) throws -> Result {
    guard let key = try ArchiveIndex.key(db, resource) else { return Result() }
    let chain = try parents(db, resource.level, key)
    let title = try ChangeOperations.title(db, resource.level, key: key)
    var result = Result()
    let loss = try removeBelow(db, resource.level, key, &result)
    result.changes.append(
      Change(sequence: 0, type: .deleted, resource: resource, date: date, title: title))
    try settle(db, chain, loss, date: date, &result)
    try doom(db, result.files)
    return result
  }

  /// The keys above a resource, the nearest first.
  private static func parents(
    _ db: Database, _ level: ResourceLevel, _ key: Int64
  ) throws -> [(level: ResourceLevel, key: Int64)] {
    var chain: [(level: ResourceLevel, key: Int64)] = []
    var (level, key) = (level, key)
    while let above = level.parent {
      guard
        let parent = try Int64.fetchOne(
          db, sql: "SELECT parent FROM \(IndexSchema.table(level)) WHERE id = ?", arguments: [key])
      else { break }
      chain.append((above, parent))
      (level, key) = (above, parent)
    }
    return chain
  }

  /// What the rows above lose.
  private struct Loss {
    var studies = 0
    var series = 0
    var instances = 0
    var size = AttachmentSize()
  }

  /// Removes the rows of a resource and of everything below, deepest first.
  private static func removeBelow(
    _ db: Database, _ level: ResourceLevel, _ key: Int64, _ result: inout Result
  ) throws -> Loss {
    try ModalityTotals.subtract(db, level: level, key: key)
    var loss = Loss(size: try AttachmentOperations.counted(db, level, key: key) ?? AttachmentSize())
    for deeper in ResourceLevel.allCases.reversed() where deeper >= level {
      let keys = keysBelow(level, deeper)
      let table = IndexSchema.table(deeper)
      result.files += try String.fetchAll(
        db, sql: "SELECT uuid FROM attachment WHERE level = ? AND resource IN (\(keys))",
        arguments: [deeper.rawValue, key])
      for side in sides {
        try db.execute(
          sql: "DELETE FROM \(side) WHERE level = ? AND resource IN (\(keys))",
          arguments: [deeper.rawValue, key])
      }
      try db.execute(sql: "DELETE FROM \(table) WHERE id IN (\(keys))", arguments: [key])
      switch deeper {
      case .patient: break
      case .study: loss.studies = db.changesCount
      case .series: loss.series = db.changesCount
      case .instance: loss.instances = db.changesCount
      }
    }
    result.instances += loss.instances
    return loss
  }

  /// SQL for the keys of a level at or below one resource, whose key is its only argument.
  static func keysBelow(_ level: ResourceLevel, _ deeper: ResourceLevel) -> String {
    if level == deeper { return "SELECT ?" }
    guard let above = deeper.parent else { return "SELECT ?" }
    return "SELECT id FROM \(IndexSchema.table(deeper)) WHERE parent IN (\(keysBelow(level, above)))"
  }

  /// Corrects the counters above, removes parents that are empty now and tells of both.
  private static func settle(
    _ db: Database, _ chain: [(level: ResourceLevel, key: Int64)], _ loss: Loss, date: Int64,
    _ result: inout Result
  ) throws {
    var loss = loss
    var patients = chain.isEmpty ? 1 : 0
    for (level, key) in chain {
      try shrink(db, level, key, loss, date: date)
      let table = IndexSchema.table(level)
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT public_id, instances FROM \(table) WHERE id = ?", arguments: [key])
      else { continue }
      if row["instances"] == 0 {
        let title = try ChangeOperations.title(db, level, key: key)
        let own = try removeBelow(db, level, key, &result)
        loss.studies += own.studies
        loss.series += own.series
        loss.size = loss.size + own.size
        if level == .patient { patients = 1 }
        result.changes.append(
          Change(
            sequence: 0, type: .deleted, resource: ResourceReference(level, try row.publicID("public_id")),
            date: date, title: title))
      } else if level == .study {
        try refreshModalities(db, study: key)
      } else if level == .patient {
        try ConflictOperations.adoptRemaining(db, patient: key)
        try ConflictOperations.refresh(db, patient: key)
      }
    }
    try TotalsOperations.add(
      db,
      ArchiveTotals(
        patients: -patients, studies: -loss.studies, series: -loss.series, instances: -loss.instances,
        diskSize: -loss.size.onDisk, uncompressedSize: -loss.size.ofContent))
  }

  /// Counters of one row above. `LastUpdate` moves on deletion of a child too, as with Orthanc 1.12.1; when
  /// something was last received does not.
  private static func shrink(
    _ db: Database, _ level: ResourceLevel, _ key: Int64, _ loss: Loss, date: Int64
  ) throws {
    var sets = "instances = instances - ?, \(AttachmentOperations.growth), last_change = ?"
    if level == .series {
      try ModalityTotals.add(
        db, to: key, series: 0, instances: -loss.instances, diskSize: -loss.size.onDisk)
    }
    if level < .series { sets += ", series = series - \(loss.series)" }
    if level < .study { sets += ", studies = studies - \(loss.studies)" }
    try db.execute(
      sql: "UPDATE \(IndexSchema.table(level)) SET \(sets) WHERE id = ?",
      arguments: [loss.instances] + (-loss.size).arguments + [date, key])
  }

  private static let modalitiesBelow = """
    SELECT DISTINCT \(Tag.modality.column) FROM series WHERE parent = ? AND \(Tag.modality.column) <> ''
    ORDER BY \(Tag.modality.column)
    """

  /// A study's `modalities`: the distinct ones of its series, sorted, joined by backslashes.
  static func refreshModalities(_ db: Database, study: Int64) throws {
    let found = try String.fetchAll(db.cachedStatement(sql: modalitiesBelow), arguments: [study])
    try db.cachedStatement(sql: "UPDATE study SET modalities = ? WHERE id = ?").execute(
      arguments: [found.joined(separator: "\\"), study])
  }

  /// Remembers files that must go, so that a crash between commit and removal leaves no orphan.
  static func doom(_ db: Database, _ files: [String]) throws {
    for file in files {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO doomed_file (uuid) VALUES (?)")
        .execute(arguments: [file])
    }
  }

  static func doomedFiles(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT uuid FROM doomed_file")
  }

  /// The files are gone.
  static func forgetDoomed(_ db: Database, _ files: [String]) throws {
    for file in files {
      try db.cachedStatement(sql: "DELETE FROM doomed_file WHERE uuid = ?").execute(arguments: [file])
    }
  }
}
