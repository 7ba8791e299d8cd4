import DICOM
import GRDB

/// Reads resources as the REST API shows them: a few statements for all of them.
struct InfoOperations {
  let level: ResourceLevel
  let mainTags: MainDicomTags

  /// Keys in one statement at most.
  private static let batch = 500

  /// Of these keys, in their order; those that are gone are left out.
  func fetch(_ db: Database, keys: [Int64]) throws -> [ResourceInfo] {
    var found: [ResourceInfo] = []
    found.reserveCapacity(keys.count)
    for start in stride(from: 0, to: keys.count, by: Self.batch) {
      found += try batch(db, Array(keys[start..<min(keys.count, start + Self.batch)]))
    }
    return found
  }

  private func batch(_ db: Database, _ keys: [Int64]) throws -> [ResourceInfo] {
    let rows = try ResourceRows.fetch(db, level, keys: keys)
    var byKey: [Int64: ResourceInfo] = [:]
    let own = Set(ownTags)
    let patient = Set(MainDicomTags.builtIn(.patient))
    for row in rows {
      byKey[row.cursor.key] = ResourceInfo(
        row: row, mainTags: row.tags.filter { own.contains($0.key) },
        patientTags: level == .study ? row.tags.filter { patient.contains($0.key) } : [:], children: [])
    }
    try addChildren(db, keys, to: &byKey)
    switch level {
    case .patient, .study: break
    case .series:
      for key in byKey.keys { byKey[key]?.status = try SeriesCompletion.status(db, series: key) }
    case .instance: try addFiles(db, keys, to: &byKey)
    }
    return keys.compactMap { byKey[$0] }
  }

  /// A study's row has its patient's tags too.
  private var ownTags: [Tag] {
    let all = mainTags.all(level)
    if level != .study { return all }
    let patient = Set(MainDicomTags.builtIn(.patient)).subtracting(mainTags.extra[.study] ?? [])
    return all.filter { !patient.contains($0) }
  }

  private func marks(_ keys: [Int64]) -> String {
    repeatElement("?", count: keys.count).joined(separator: ", ")
  }

  private func addChildren(
    _ db: Database, _ keys: [Int64], to found: inout [Int64: ResourceInfo]
  ) throws {
    guard let below = level.child else { return }
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT parent, public_id FROM \(IndexSchema.table(below)) WHERE parent IN (\(marks(keys))) ORDER BY id
          """), arguments: StatementArguments(keys))
    while let row = try rows.next() { found[row[0]]?.children.append(try row.publicID(1)) }
  }

  private func addFiles(_ db: Database, _ keys: [Int64], to found: inout [Int64: ResourceInfo]) throws {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT t.id, t.index_in_series, a.uuid, a.uncompressed_size FROM instance t
          LEFT JOIN attachment a ON a.level = \(ResourceLevel.instance.rawValue) AND a.resource = t.id
            AND a.type = \(AttachmentType.dicom.rawValue) WHERE t.id IN (\(marks(keys)))
          """), arguments: StatementArguments(keys))
    while let row = try rows.next() {
      let key: Int64 = row[0]
      found[key]?.indexInSeries = row[1]
      if let uuid = row[2] as String? { found[key]?.file = ResourceInfo.File(size: row[3], uuid: uuid) }
    }
  }

  /// The keys of some resources of the level, in their order; those that are gone are left out.
  static func keys(_ db: Database, _ level: ResourceLevel, _ ids: [PublicID]) throws -> [Int64] {
    try ids.compactMap { try ArchiveIndex.key(db, ResourceReference(level, $0)) }
  }

  /// The keys of a part of all resources of a level, in the order in which they came.
  static func keys(_ db: Database, _ level: ResourceLevel, since: Int, limit: Int?) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id FROM \(IndexSchema.table(level)) t WHERE \(EvictionOperations.isInSight(level))
          ORDER BY id LIMIT ? OFFSET ?
          """), arguments: [limit ?? -1, since])
  }

  /// The keys of what lies below a resource, at any level, in the order of parents and children.
  static func keysBelow(
    _ db: Database, _ resource: ResourceReference, at level: ResourceLevel
  ) throws -> [Int64] {
    var keys = [try ArchiveIndex.existingKey(db, resource)]
    var current = resource.level
    while current < level, let below = current.child {
      var next: [Int64] = []
      for key in keys {
        next += try Int64.fetchAll(
          db.cachedStatement(
            sql: "SELECT id FROM \(IndexSchema.table(below)) WHERE parent = ? ORDER BY id"),
          arguments: [key])
      }
      (keys, current) = (next, below)
    }
    return keys
  }

  /// The key of what is above a resource at a level.
  static func keyAbove(
    _ db: Database, _ resource: ResourceReference, at level: ResourceLevel
  ) throws -> Int64 {
    var key = try ArchiveIndex.existingKey(db, resource)
    var current = resource.level
    while current > level, let above = current.parent {
      let parent = try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT parent FROM \(IndexSchema.table(current)) WHERE id = ?"),
        arguments: [key])
      guard let parent else {
        throw StoreError(.notFound, "no \(level.name.lowercased()) above \(resource.id)")
      }
      (key, current) = (parent, above)
    }
    return key
  }

  /// The public identifiers of keys, in their order.
  static func ids(_ db: Database, _ level: ResourceLevel, keys: [Int64]) throws -> [PublicID] {
    let statement = try db.cachedStatement(
      sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?")
    return try keys.compactMap { try Row.fetchOne(statement, arguments: [$0])?.publicID(0) }
  }

  /// The SOP classes of the instances of a study, sorted.
  static func sopClasses(_ db: Database, study: Int64) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT text FROM term WHERE id IN (SELECT DISTINCT instance.sop_class FROM instance
            JOIN series ON series.id = instance.parent WHERE series.parent = ?) ORDER BY text
          """), arguments: [study])
  }
}
