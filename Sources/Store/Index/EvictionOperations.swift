import DICOM
import GRDB

/// Takes a patient away to make room: at once out of sight and off the counts, then bit by bit out of the index and off
/// the disk, so that no sender waits for the fifty thousand instances of another patient.
///
/// What is left for later hangs on series whose parent is 0 (`evicted` has their keys): nothing above leads to them,
/// and their public ids are no ids any more.
enum EvictionOperations {
  struct Result {
    /// Files of what went at once.
    var files: [String] = []
    var change: Change
  }

  /// Instances taken apart in one transaction.
  private static let slice = 250

  // MARK: Out of sight

  static func evict(_ db: Database, patient: Int64, date: Int64) throws -> Result? {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT public_id, studies, series, instances, disk_size, uncompressed_size FROM patient WHERE id = ?
          """, arguments: [patient])
    else { return nil }
    let title = try ChangeOperations.title(db, .patient, key: patient)
    let resource = ResourceReference(.patient, try row.publicID("public_id"))
    try ModalityTotals.subtract(db, level: .patient, key: patient)
    var files: [String] = []
    for level in [ResourceLevel.series, .study, .patient] {
      let keys = DeletionOperations.keysBelow(.patient, level)
      files += try removeSides(db, level, keys: keys, [patient])
    }
    try hideSeries(db, of: patient)
    try db.execute(sql: "DELETE FROM study WHERE parent = ?", arguments: [patient])
    try db.execute(sql: "DELETE FROM patient WHERE id = ?", arguments: [patient])
    try TotalsOperations.add(
      db,
      ArchiveTotals(
        patients: -1, studies: -row["studies"], series: -row["series"], instances: -row["instances"],
        diskSize: -row["disk_size"], uncompressedSize: -row["uncompressed_size"]))
    try DeletionOperations.doom(db, files)
    return Result(
      files: files,
      change: Change(
        sequence: 0, type: .deleted, resource: resource, date: date, title: title, detail: "recycled"))
  }

  private static func hideSeries(_ db: Database, of patient: Int64) throws {
    let keys = DeletionOperations.keysBelow(.patient, .series)
    try db.execute(
      sql: "INSERT INTO evicted (level, resource) SELECT 3, id FROM series WHERE id IN (\(keys))",
      arguments: [patient])
    // A public id has twenty bytes: this is none, and no other row has it.
    try db.execute(
      sql: "UPDATE series SET parent = 0, public_id = CAST('evicted ' || id AS BLOB) WHERE id IN (\(keys))",
      arguments: [patient])
  }

  /// Removes what hangs on resources, and returns the files of their attachments.
  private static func removeSides(
    _ db: Database, _ level: ResourceLevel, keys: String, _ arguments: StatementArguments
  ) throws -> [String] {
    let of: StatementArguments = [level.rawValue] + arguments
    let files = try String.fetchAll(
      db, sql: "SELECT uuid FROM attachment WHERE level = ? AND resource IN (\(keys))", arguments: of)
    for side in DeletionOperations.sides {
      try db.execute(sql: "DELETE FROM \(side) WHERE level = ? AND resource IN (\(keys))", arguments: of)
    }
    return files
  }

  // MARK: Bit by bit

  static func isPending(_ db: Database) throws -> Bool {
    try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM evicted)")) ?? false
  }

  /// Takes the next few instances apart. Returns the files that go, and whether there is more.
  static func sweep(_ db: Database) throws -> (files: [String], hasMore: Bool) {
    guard let series = try Int64.fetchOne(db, sql: "SELECT resource FROM evicted WHERE level = 3 LIMIT 1")
    else {
      return ([], false)
    }
    let keys = "SELECT id FROM instance WHERE parent = ? ORDER BY id LIMIT \(slice)"
    let files = try removeSides(db, .instance, keys: keys, [series])
    try db.execute(sql: "DELETE FROM instance WHERE id IN (\(keys))", arguments: [series])
    if db.changesCount < slice {
      try db.execute(sql: "DELETE FROM series WHERE id = ?", arguments: [series])
      try db.execute(sql: "DELETE FROM evicted WHERE level = 3 AND resource = ?", arguments: [series])
    }
    try DeletionOperations.doom(db, files)
    return (files, try isPending(db))
  }

  /// Whether an instance belongs to a patient that is out of sight.
  static func isEvicted(_ db: Database, instance: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT s.parent = 0 FROM instance i JOIN series s ON s.id = i.parent WHERE i.id = ?"),
      arguments: [instance]) ?? false
  }

  /// Takes one instance apart before its turn: it has come again. Returns its files.
  static func sweep(_ db: Database, instance: Int64) throws -> [String] {
    let files = try removeSides(db, .instance, keys: "?", [instance])
    try db.execute(sql: "DELETE FROM instance WHERE id = ?", arguments: [instance])
    try DeletionOperations.doom(db, files)
    return files
  }
}
