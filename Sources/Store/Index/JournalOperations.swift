import DICOM
import GRDB

/// How far the index has come with the journal.
enum JournalOperations {
  static func applied(_ db: Database) throws -> UInt64 {
    UInt64(try Int64.fetchOne(db, sql: "SELECT journal FROM totals") ?? 0)
  }

  static func setApplied(_ db: Database, _ sequence: UInt64) throws {
    try db.cachedStatement(sql: "UPDATE totals SET journal = ?").execute(arguments: [Int64(sequence)])
  }

  /// Which of these files of the storage area belong to the archive. Files have no index of their own; those that
  /// are asked for came last, so the search begins at the newest and ends with the last one found.
  static func known(_ db: Database, files: Set<String>) throws -> Set<String> {
    var found: Set<String> = []
    if files.isEmpty { return found }
    let rows = try Row.fetchCursor(
      db, sql: "SELECT uuid FROM attachment ORDER BY level DESC, resource DESC, type DESC")
    while found.count < files.count, let row = try rows.next() {
      let uuid: String = row[0]
      if files.contains(uuid) { found.insert(uuid) }
    }
    return found
  }

  /// Whether an instance's file is this one.
  static func isStored(_ db: Database, _ instance: PublicID, file uuid: String) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM instance i JOIN attachment a ON a.level = 4 AND a.resource = i.id
            AND a.type = 1 WHERE i.public_id = ? AND a.uuid = ?)
          """), arguments: [instance.data, uuid]) ?? false
  }
}
