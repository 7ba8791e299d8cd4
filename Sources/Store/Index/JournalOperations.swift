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

  /// Whether a file of the storage area belongs to the archive.
  static func knows(_ db: Database, file uuid: String) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM attachment WHERE uuid = ?)", arguments: [uuid]) ?? false
  }
}
