import DICOM
import GRDB

/// How far each hook has come with the changes that are kept.
enum HookOperations {
  /// New hooks begin with what happens from now on; those that are gone are forgotten.
  static func prepare(_ db: Database, _ names: [String]) throws {
    for known in try String.fetchAll(db, sql: "SELECT name FROM hook") where !names.contains(known) {
      try db.execute(sql: "DELETE FROM hook WHERE name = ?", arguments: [known])
    }
    for name in names {
      // The highest number ever given, not the highest that is left.
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO hook (name, sequence)
          VALUES (?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0))
          """, arguments: [name])
    }
  }

  static func sequence(_ db: Database, _ name: String) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT sequence FROM hook WHERE name = ?", arguments: [name]) ?? 0
  }

  static func set(_ db: Database, _ name: String, _ sequence: Int64) throws {
    try db.execute(sql: "UPDATE hook SET sequence = ? WHERE name = ?", arguments: [sequence, name])
  }

  /// The next changes of a type behind a number, and up to which number there is no other.
  static func next(
    _ db: Database, _ type: ChangeType, after sequence: Int64, limit: Int
  ) throws -> (changes: [Change], seen: Int64) {
    let newest =
      try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM change") ?? sequence
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT * FROM change WHERE sequence > ? AND type = ? ORDER BY sequence LIMIT ?",
      arguments: [sequence, type.rawValue, limit])
    let changes = try rows.compactMap { row -> Change? in
      guard let level = ResourceLevel(rawValue: row["level"]),
        try !EvictionOperations.isEvicted(db, level, key: row["resource"]),
        let resource = try Row.fetchOne(
          db, sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?",
          arguments: [row["resource"] as Int64])
      else { return nil }
      return Change(
        sequence: row["sequence"], type: type,
        resource: ResourceReference(level, try resource.publicID("public_id")), date: row["date"])
    }
    let isAll = rows.count < limit
    return (changes, isAll ? max(newest, sequence) : rows.last?["sequence"] ?? sequence)
  }
}
