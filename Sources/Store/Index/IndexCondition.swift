import DICOM
import GRDB

/// What state an index is in, found by reading it whole before it is opened for work.
enum IndexCondition: Equatable {
  case usable
  case missing
  case damaged(String)

  /// Throws `StoreError` when the index in a folder can't be asked. One of another program, or of a newer Filmroom, is
  /// none of our business: opening it says so.
  static func of(folder: String) throws(StoreError) -> IndexCondition {
    if !ArchiveIndex.exists(in: folder) { return .missing }
    let path = ArchiveIndex.path(in: folder)
    do {
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      return try queue.read { try problem($0) }.map { .damaged($0) } ?? .usable
    } catch let error as DatabaseError where isDamage(error) {
      return .damaged(error.message ?? "\(error.resultCode)")
    } catch {
      throw ArchiveIndex.storeError(error, path: path)
    }
  }

  private static func isDamage(_ error: DatabaseError) -> Bool {
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: true
    default: error.extendedResultCode == .SQLITE_IOERR_SHORT_READ
    }
  }

  /// What is wrong with an index of ours; nil when nothing is.
  private static func problem(_ db: Database) throws -> String? {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if application != IndexSchema.applicationID || version > IndexSchema.version { return nil }
    let tables = Set(try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
    // An older index lacks those that came later.
    let expected = version < IndexSchema.version ? IndexSchema.firstTables : IndexSchema.tables
    if let table = expected.first(where: { !tables.contains($0) }) {
      return "it has no table \(table)"
    }
    let report = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "ok"
    // SQLite sets a headline in front of it.
    return report == "ok" ? nil : report.split(separator: "\n").last.map(String.init)
  }
}
