import GRDB

/// The order in which patients are recycled: unprotected ones, the one stored longest first.
enum RecyclingOperations {
  /// A patient that received something becomes the most recent one.
  static func touch(_ db: Database, patient: Int64) throws {
    try db.cachedStatement(sql: "UPDATE totals SET recycling = recycling + 1").execute()
    try db.cachedStatement(
      sql: """
        UPDATE patient SET recycling = (SELECT recycling FROM totals) WHERE id = ? AND is_protected = 0
        """
    ).execute(arguments: [patient])
  }

  /// A protected patient leaves the order; an unprotected one enters as the most recent. False when nothing
  /// changed.
  static func setProtected(_ db: Database, patient: Int64, _ isProtected: Bool) throws -> Bool {
    try db.execute(
      sql: "UPDATE patient SET is_protected = ?, recycling = NULL WHERE id = ? AND is_protected <> ?",
      arguments: [isProtected, patient, isProtected])
    if db.changesCount == 0 { return false }
    if !isProtected { try touch(db, patient: patient) }
    return true
  }

  /// Who goes so that an archive of this size is within its limits, but for one patient. Nil when even all of them
  /// would not be enough.
  static func victims(
    _ db: Database, _ limits: StorageLimits, _ totals: ArchiveTotals, except patient: Int64?
  ) throws -> [Int64]? {
    var totals = totals
    var victims: [Int64] = []
    if !limits.isExceeded(by: totals) { return victims }
    if limits.mode == .reject { return nil }
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT id, disk_size FROM patient WHERE recycling IS NOT NULL AND id IS NOT ? ORDER BY recycling
          """), arguments: [patient])
    while limits.isExceeded(by: totals) {
      guard let row = try rows.next() else { return nil }
      victims.append(row["id"])
      totals.patients -= 1
      totals.diskSize -= row["disk_size"]
    }
    return victims
  }

  /// Who goes next, in order.
  static func order(_ db: Database, from start: Int, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: "SELECT id FROM patient WHERE recycling IS NOT NULL ORDER BY recycling LIMIT ? OFFSET ?"),
      arguments: [limit, start])
  }

  /// Who never goes, by name.
  static func protected(_ db: Database, from start: Int, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: "SELECT id FROM patient WHERE is_protected = 1 ORDER BY sort_name, id LIMIT ? OFFSET ?"),
      arguments: [limit, start])
  }

  static func protectedTotals(_ db: Database) throws -> (patients: Int, size: Int64) {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT count(*), coalesce(sum(disk_size), 0) FROM patient WHERE is_protected = 1"))
    return (row?[0] ?? 0, row?[1] ?? 0)
  }

  /// What recycling can't free, whoever is being received.
  static func floor(_ db: Database) throws -> StorageGate.Floor {
    let kept = try protectedTotals(db)
    let largest = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT max(disk_size) FROM patient WHERE recycling IS NOT NULL"))
    return StorageGate.Floor(
      protectedSize: kept.size, protectedPatients: kept.patients, largestPatient: largest ?? 0)
  }
}
