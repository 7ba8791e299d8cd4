import DICOM
import GRDB
import Glibc

/// The SQLite index: its connections, and the errors that SQLite gives as `StoreError`.
///
/// What is asked and written is in the extensions, one file a topic; each rule that must hold as a whole is one
/// function there.
struct ArchiveIndex: Sendable {
  let pool: DatabasePool
  let path: String
  /// Of lists that were read.
  let positions = ListPositions()

  /// SQL function: whether the file of an attachment is gone. An instance that comes again then heals its row.
  static let isMissing = "file_is_missing"

  /// Opens or creates the index. Throws `StoreError`.
  init(folder: String, storage: StorageArea) throws(StoreError) {
    let path = Self.path(in: folder)
    self.path = path
    do {
      var configuration = Configuration()
      configuration.maximumReaderCount = 4
      // What an evicted patient leaves behind hangs on nothing until it is swept up.
      configuration.foreignKeysEnabled = false
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
        db.add(
          function: DatabaseFunction(Self.isMissing, argumentCount: 1) { values in
            String.fromDatabaseValue(values[0]).map { storage.isMissing($0) }
          })
        db.add(
          function: DatabaseFunction(MatchCondition.normalize, argumentCount: 1, pure: true) { values in
            String.fromDatabaseValue(values[0]).map { SearchText.normalized($0) }
          })
      }
      let pool = try DatabasePool(path: path, configuration: configuration)
      self.pool = pool
      try pool.writeWithoutTransaction { db in
        // Until the journal is there, each commit is synced.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try Self.upgrade(db, path: path)
      }
      chmod(path, 0o600)
    } catch {
      throw Self.storeError(error, path: path)
    }
  }

  private static func upgrade(_ db: Database, path: String) throws {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    if !isEmpty && application != IndexSchema.applicationID {
      throw StoreError(.storageUnusable, "\(path) is no index of Filmroom")
    }
    if version > IndexSchema.version {
      throw StoreError(
        .storageUnusable,
        "\(path) was written by a newer Filmroom (index version \(version), this one knows "
          + "\(IndexSchema.version)). Start that one, or give another folder with --storage")
    }
    if version < IndexSchema.version {
      try db.inTransaction {
        try IndexSchema.migrate(db, from: version)
        return .commit
      }
    }
  }

  static func path(in folder: String) -> String { folder + "/filmroom.index" }

  static func exists(in folder: String) -> Bool { access(path(in: folder), F_OK) == 0 }

  /// A folder that holds something else is left alone.
  static func rejectForeign(_ folder: String) throws(StoreError) {
    if access(folder + "/filmroom.index", F_OK) == 0 || access(folder + "/filmroom.lock", F_OK) == 0 {
      return
    }
    let ours: Set<String> = [
      "incoming", "journal", "set-aside", "filmroom.lock", "filmroom.log", "filmroom.socket",
    ]
    let names = StorageArea.names(in: folder).filter { !ours.contains($0) }
    if names.contains("index") && names.contains(where: { $0.utf8.count == 2 }) {
      throw StoreError(
        .storageUnusable,
        "\(folder) is the storage folder of an Orthanc. Filmroom does not touch it; give another folder with "
          + "--storage")
    }
    if let name = names.sorted().first {
      throw StoreError(
        .storageUnusable,
        "\(folder) holds something else (\(name)) and no archive of Filmroom. Give an empty or a new folder "
          + "with --storage")
    }
  }

  /// What SQLite reports, in our terms.
  static func storeError(_ error: any Error, path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else { return StoreError(.inputOutput, "\(error)") }
    let message = "the index \(path): \(error.message ?? error.resultCode.description)"
    switch error.resultCode {
    case .SQLITE_FULL: return StoreError(.storageFull, "no room left for " + message)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      return StoreError(.storageUnusable, "can't use " + message)
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: return StoreError(.storageUnusable, "damaged: " + message)
    // The pool is shut, or shuts while it is asked.
    case .SQLITE_MISUSE, .SQLITE_INTERRUPT:
      return StoreError(.closed, "the archive is closing")
    default: return StoreError(.inputOutput, message)
    }
  }

  /// Runs a transaction. A durable one is synced, and with it every one before it; of others a power cut may take
  /// the last ones, which the journal has. Throws what `body` throws, or `DatabaseError`.
  func write(isDurable: Bool, _ body: (Database) throws -> Void) throws {
    positions.writeBegins()
    defer { positions.writeEnds() }
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
      try db.inTransaction(.immediate) {
        try body(db)
        return .commit
      }
    }
  }

  /// Makes every commit so far durable.
  func syncLog() throws(StoreError) {
    // Not the database file itself: closing it here would drop SQLite's own locks on it.
    let log = path + "-wal"
    let file = open(log, O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return }
    if file < 0 { throw SystemError.last("open", log) }
    defer { close(file) }
    if fsync(file) != 0 { throw SystemError.last("sync", log) }
  }

  /// Writes everything that the log holds into the index itself, synced. Throws `StoreError`.
  func emptyLog() throws(StoreError) {
    do {
      try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      throw Self.storeError(error, path: path)
    }
  }

  /// Reads a snapshot. Throws `StoreError`.
  func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws(StoreError)
    -> Value
  {
    do {
      return try await pool.read(body)
    } catch {
      throw Self.storeError(error, path: path)
    }
  }

  /// Reads a window of a list.
  func window(
    _ query: ListQuery, anchor: WindowAnchor, limit: Int
  ) async throws(StoreError) -> ListWindow {
    let read: @Sendable (ListPositions.Known?) async throws(StoreError) -> (ListWindow, ListPositions.Known) =
      {
        known async throws(StoreError) in
        try await self.read { db in
          try ListOperations(db, query)
            .window(db, anchor: anchor, limit: limit, known: known)
        }
      }
    let state = positions.state
    let known = positions.known(of: query, in: state)
    var (window, position) = try await read(known)
    // Written meanwhile: what was known may not be true of what was read.
    if known != nil && positions.state != state { (window, position) = try await read(nil) }
    positions.note(position, of: query, in: state)
    return window
  }

  /// The same on the calling thread, which waits.
  func readNow<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try pool.read(body)
    } catch {
      throw Self.storeError(error, path: path)
    }
  }
}

/// Reads and writes of the index take the database that their transaction runs on.
extension ArchiveIndex {
  /// The key of a resource; nil when it is not there.
  static func key(_ db: Database, _ resource: ResourceReference) throws -> Int64? {
    guard let key = try rowKey(db, resource) else { return nil }
    return try EvictionOperations.isEvicted(db, resource.level, key: key) ? nil : key
  }

  /// The same, also for one that is out of sight.
  static func rowKey(_ db: Database, _ resource: ResourceReference) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT id FROM \(IndexSchema.table(resource.level)) WHERE public_id = ?"),
      arguments: [resource.id.data])
  }

  /// The same, or `StoreError.notFound`.
  static func existingKey(_ db: Database, _ resource: ResourceReference) throws -> Int64 {
    if let key = try key(db, resource) { return key }
    throw StoreError(.notFound, "no \(resource.level.name.lowercased()) \(resource.id)")
  }

  static func totals(_ db: Database) throws -> ArchiveTotals {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM totals")) else {
      return ArchiveTotals()
    }
    return ArchiveTotals(
      patients: row["patients"], studies: row["studies"], series: row["series"], instances: row["instances"],
      diskSize: row["disk_size"], uncompressedSize: row["uncompressed_size"])
  }
}
