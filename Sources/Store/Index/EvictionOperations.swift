import DICOM
import GRDB

/// Takes a patient away to make room: at once out of sight and off the counts, then bit by bit out of the index and off
/// the disk, so that no sender waits for the fifty thousand series or instances of another patient.
///
/// At first its studies are hidden: their parent becomes 0, and their public ids are no ids any more. Series follow bit
/// by bit in the same way, then their instances go. Nothing above leads to what is hidden (`evicted` has the keys), and
/// whoever looks for a series or an instance by its id asks whether it is.
enum EvictionOperations {
  struct Result {
    /// Files of what went at once.
    var files: [String] = []
    var change: Change
  }

  /// Instances or series taken apart at a time.
  static let slice = 250
  /// SQL for a public id that is none (those have twenty bytes), and that no other row has.
  private static let noID = "CAST('evicted ' || id AS BLOB)"

  /// Condition on a row `t` of a level: it is not what an evicted patient left.
  static func isInSight(_ level: ResourceLevel) -> String {
    switch level {
    case .patient, .study: "1"
    case .series: "t.parent <> 0"
    case .instance:
      "t.parent NOT IN (SELECT resource FROM evicted WHERE level = \(ResourceLevel.series.rawValue))"
    }
  }

  // MARK: Out of sight

  static func evict(_ db: Database, patient: Int64, date: Int64) throws -> Result? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT public_id, studies, series, instances, disk_size, uncompressed_size FROM patient WHERE id = ?
            """), arguments: [patient])
    else { return nil }
    let title = try ChangeOperations.title(db, .patient, key: patient)
    let resource = ResourceReference(.patient, try row.publicID("public_id"))
    var files = try hide(
      db, .study, keys: DeletionOperations.keysBelow(.patient, .study), [patient]
    ).files
    files += try removeSides(db, .patient, keys: "?", [patient])
    try run(db, "DELETE FROM patient WHERE id = ?", [patient])
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

  /// Hides studies or series, to be taken apart later. Returns the files of their attachments. `ModalityTotals` passes
  /// over what lies in hidden studies: adding up many series here would make the sender wait.
  private static func hide(
    _ db: Database, _ level: ResourceLevel, keys: String, _ arguments: StatementArguments
  ) throws -> (files: [String], rows: Int) {
    if level == .series { try ModalityTotals.subtract(db, series: keys, arguments) }
    let files = try removeSides(db, level, keys: keys, arguments)
    let table = IndexSchema.table(level)
    // Those that are hidden already are not among the keys: they lie in nothing.
    try run(
      db,
      "INSERT INTO evicted (level, resource) SELECT \(level.rawValue), id FROM \(table) WHERE id IN (\(keys))",
      arguments)
    try run(db, "UPDATE \(table) SET parent = 0, public_id = \(noID) WHERE id IN (\(keys))", arguments)
    return (files, db.changesCount)
  }

  /// Removes what hangs on resources, and returns the files of their attachments.
  private static func removeSides(
    _ db: Database, _ level: ResourceLevel, keys: String, _ arguments: StatementArguments
  ) throws -> [String] {
    let of: StatementArguments = [level.rawValue] + arguments
    let files = try String.fetchAll(
      db.cachedStatement(sql: "SELECT uuid FROM attachment WHERE level = ? AND resource IN (\(keys))"),
      arguments: of)
    for side in DeletionOperations.sides {
      try run(db, "DELETE FROM \(side) WHERE level = ? AND resource IN (\(keys))", of)
    }
    return files
  }

  /// Runs a statement that is the same for all that go, and so is prepared once.
  private static func run(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  // MARK: Bit by bit

  static func isPending(_ db: Database) throws -> Bool {
    try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM evicted)")) ?? false
  }

  /// Takes the next so many rows apart, or a few more. Returns the files that go, and whether there is more.
  static func sweep(_ db: Database, rows wanted: Int = slice) throws -> (files: [String], hasMore: Bool) {
    var files: [String] = []
    var rows = 0
    while rows < wanted, let step = try sweepNext(db) {
      files += step.files
      rows += step.rows
    }
    try DeletionOperations.doom(db, files)
    return (files, try isPending(db))
  }

  /// A slice of a series or of a study at most. Nil: nothing is left.
  private static func sweepNext(_ db: Database) throws -> (files: [String], rows: Int)? {
    if let series = try next(db, .series) { return try sweep(db, series: series) }
    if let study = try next(db, .study) { return try sweep(db, study: study) }
    return nil
  }

  private static func next(_ db: Database, _ level: ResourceLevel) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT resource FROM evicted WHERE level = ? LIMIT 1"),
      arguments: [level.rawValue])
  }

  private static func sweep(_ db: Database, series: Int64) throws -> (files: [String], rows: Int) {
    let keys = "SELECT id FROM instance WHERE parent = ? ORDER BY id LIMIT \(slice)"
    let files = try removeSides(db, .instance, keys: keys, [series])
    try run(db, "DELETE FROM instance WHERE id IN (\(keys))", [series])
    let rows = db.changesCount
    if rows < slice { try forget(db, .series, series) }
    return (files, rows + 1)
  }

  private static func sweep(_ db: Database, study: Int64) throws -> (files: [String], rows: Int) {
    let keys = "SELECT id FROM series WHERE parent = ? ORDER BY id LIMIT \(slice)"
    let hidden = try hide(db, .series, keys: keys, [study])
    if hidden.rows == 0 { try forget(db, .study, study) }
    return (hidden.files, hidden.rows + 1)
  }

  private static func forget(_ db: Database, _ level: ResourceLevel, _ key: Int64) throws {
    try run(db, "DELETE FROM \(IndexSchema.table(level)) WHERE id = ?", [key])
    try run(db, "DELETE FROM evicted WHERE level = ? AND resource = ?", [level.rawValue, key])
  }

  // MARK: What comes again before its turn

  /// Whether a row belongs to a patient that is out of sight.
  static func isEvicted(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> Bool {
    let hidden: String
    switch level {
    // They have no public id any more, and nobody comes by their keys.
    case .patient, .study: return false
    case .series:
      hidden = """
        SELECT t.parent = 0 OR u.parent = 0 FROM series t LEFT JOIN study u ON u.id = t.parent WHERE t.id = ?
        """
    case .instance:
      hidden = """
        SELECT e.parent = 0 OR u.parent = 0 FROM instance t JOIN series e ON e.id = t.parent
          LEFT JOIN study u ON u.id = e.parent WHERE t.id = ?
        """
    }
    return try Bool.fetchOne(db.cachedStatement(sql: hidden), arguments: [key]) ?? false
  }

  /// Frees the public id of a series that comes again. Returns files that go.
  static func release(_ db: Database, series id: PublicID) throws -> [String] {
    guard let key = try ArchiveIndex.rowKey(db, ResourceReference(.series, id)),
      try isEvicted(db, .series, key: key)
    else { return [] }
    let files = try hide(db, .series, keys: "?", [key]).files
    try DeletionOperations.doom(db, files)
    return files
  }

  /// Takes an instance apart that comes again. Returns its files.
  static func sweep(_ db: Database, instance: Int64) throws -> [String] {
    let files = try removeSides(db, .instance, keys: "?", [instance])
    try run(db, "DELETE FROM instance WHERE id = ?", [instance])
    try DeletionOperations.doom(db, files)
    return files
  }
}
