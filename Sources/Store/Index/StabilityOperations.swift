import DICOM
import GRDB

/// Resources become stable when they have received nothing for a while. Those that are not yet are in a table of their
/// own, so that nothing else is ever looked through.
enum StabilityOperations {
  /// A resource has received something.
  static func touch(_ db: Database, _ level: ResourceLevel, key: Int64, date: Int64) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO unstable (level, resource, date) VALUES (?, ?, ?)
        ON CONFLICT (level, resource) DO UPDATE SET date = max(date, excluded.date)
        """
    ).execute(arguments: [level.rawValue, key, date])
  }

  /// When the resource that has been quiet longest last received something; nil when all are stable.
  static func oldest(_ db: Database) throws -> Int64? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(date) FROM unstable"))
  }

  /// Resources that become stable in one transaction.
  private static let slice = 500

  /// Notes that resources that received nothing since before a date are stable, the deeper ones first. Only some at
  /// a time: `oldest` says whether there are more.
  static func settle(_ db: Database, before date: Int64, now: Int64) throws -> [Change] {
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT level, resource FROM unstable WHERE date < ? ORDER BY date, level DESC LIMIT \(slice)",
      arguments: [date])
    var changes: [Change] = []
    for row in rows {
      let (level, key): (Int, Int64) = (row["level"], row["resource"])
      try db.execute(
        sql: "DELETE FROM unstable WHERE level = ? AND resource = ?", arguments: [level, key])
      guard let level = ResourceLevel(rawValue: level), let type = change(level),
        try !EvictionOperations.isEvicted(db, level, key: key),
        let found = try Row.fetchOne(
          db, sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?", arguments: [key])
      else { continue }
      changes.append(
        try ChangeOperations.record(
          db, type, ResourceReference(level, try found.publicID("public_id")), key: key, date: now,
          title: try ChangeOperations.title(db, level, key: key)))
    }
    return changes
  }

  private static func change(_ level: ResourceLevel) -> ChangeType? {
    switch level {
    case .patient: .stablePatient
    case .study: .stableStudy
    case .series: .stableSeries
    case .instance: nil
    }
  }
}
