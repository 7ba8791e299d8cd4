import DICOM
import GRDB

/// Makes rows anew from files. What people added, what is counted and when something came stay as they are.
struct ReconstructOperations {
  let db: Database
  let signatures: [ResourceLevel: String]
  private var cache = IngestCache()

  init(_ db: Database, tags: MainDicomTags) {
    self.db = db
    signatures = Dictionary(uniqueKeysWithValues: ResourceLevel.allCases.map { ($0, tags.signature($0)) })
  }

  /// The next instances at or below a resource, or of all, behind a key.
  static func next(
    _ db: Database, below resource: ResourceReference?, after key: Int64, limit: Int
  ) throws -> [(key: Int64, id: PublicID)] {
    var (condition, arguments): (String, StatementArguments) = ("", [key])
    if let resource {
      condition = "AND t.id IN (\(DeletionOperations.keysBelow(resource.level, .instance)))"
      arguments += [try ArchiveIndex.existingKey(db, resource)]
    }
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT t.id, t.public_id FROM instance t WHERE t.id > ? \(condition)
            AND \(EvictionOperations.isInSight(.instance)) ORDER BY t.id LIMIT ?
          """), arguments: arguments + [limit]
    ).map { ($0["id"], try $0.publicID("public_id")) }
  }

  /// Writes what the files of some instances say into the rows of these levels. Where they contradict one another, the last
  /// has its way. Returns the resources above instances that were written.
  mutating func renew(
    _ instances: [PreparedInstance], _ levels: [ResourceLevel]
  ) throws -> [ResourceReference] {
    var latest: [ResourceReference: PreparedInstance] = [:]
    for instance in instances {
      // Deleted meanwhile: nothing above may be what it was.
      guard try ArchiveIndex.key(db, ResourceReference(.instance, instance.id(.instance))) != nil else {
        continue
      }
      for level in levels { latest[ResourceReference(level, instance.id(level))] = instance }
    }
    for (resource, instance) in latest {
      guard let key = try ArchiveIndex.key(db, resource) else { continue }
      try renew(resource.level, key: key, instance)
    }
    return latest.keys.filter { $0.level != .instance }
  }

  private mutating func renew(_ level: ResourceLevel, key: Int64, _ instance: PreparedInstance) throws {
    var names = RowValues.names(level) + ["signature"]
    var values = RowValues.of(instance, level) + [try cache.term(db, signatures[level] ?? "").databaseValue]
    if level == .instance {
      names += ["sop_class", "transfer_syntax"]
      for text in [instance.sopClass, instance.transferSyntax] {
        values.append(try cache.term(db, text).databaseValue)
      }
    }
    if level == .series { try ModalityTotals.subtract(db, level: .series, key: key) }
    let sets = names.map { "\($0) = ?" }.joined(separator: ", ")
    try db.cachedStatement(sql: "UPDATE \(IndexSchema.table(level)) SET \(sets) WHERE id = ?").execute(
      arguments: StatementArguments(values: values + [key.databaseValue]))
    switch level {
    case .patient: try ConflictOperations.refresh(db, patient: key)
    case .study: try ConflictOperations.refresh(db, patient: try parent(of: key, .study))
    case .series:
      try ModalityTotals.addAll(db, of: key)
      try DeletionOperations.refreshModalities(db, study: try parent(of: key, .series))
    case .instance: break
    }
  }

  private func parent(of key: Int64, _ level: ResourceLevel) throws -> Int64 {
    try Int64.fetchOne(
      db, sql: "SELECT parent FROM \(IndexSchema.table(level)) WHERE id = ?", arguments: [key]) ?? 0
  }
}
