import DICOM
import Foundation
import GRDB

/// A copy of an index as it was at one moment, made beside the process that writes to it.
struct IndexSnapshot {
  let path: String

  /// An attachment that the snapshot knows.
  struct File: Equatable {
    var uuid: String
    var diskSize: Int64
    var diskMD5: [UInt8]?
  }

  /// Copies an index in one step: what SQLite reads for it is one snapshot, and writers go on meanwhile. Throws
  /// `StoreError`.
  static func take(of source: String, to path: String) throws(StoreError) -> IndexSnapshot {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
      let from = try DatabaseQueue(path: source, configuration: configuration)
      let to = try DatabaseQueue(path: path)
      try from.backup(to: to, pagesPerStep: -1)
      try checkVersion(to, source)
      try to.close()
      try from.close()
    } catch {
      throw ArchiveIndex.storeError(error, path: source)
    }
    chmod(path, 0o600)
    return IndexSnapshot(path: path)
  }

  private static func checkVersion(_ queue: DatabaseQueue, _ source: String) throws {
    let version = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    if version == IndexSchema.version { return }
    throw StoreError(
      .storageUnusable,
      "\(source) has index version \(version), this Filmroom \(IndexSchema.version): "
        + "make the backup with the Filmroom that the archive is used with")
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      return try queue.read(body)
    } catch {
      throw ArchiveIndex.storeError(error, path: path)
    }
  }

  /// Every attachment, a page at a time.
  func forEachFile(_ body: ([File]) throws(StoreError) -> Void) throws(StoreError) {
    var place = (level: 0, resource: Int64(0), type: 0)
    while true {
      let rows = try read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT level, resource, type, uuid, disk_size, disk_md5 FROM attachment
            WHERE (level, resource, type) > (?, ?, ?) ORDER BY level, resource, type LIMIT 5000
            """, arguments: [place.level, place.resource, place.type])
      }
      guard let last = rows.last else { return }
      place = (last["level"], last["resource"], last["type"])
      try body(
        rows.map {
          File(
            uuid: $0["uuid"], diskSize: $0["disk_size"],
            diskMD5: ($0["disk_md5"] as Data?).map { Array($0) })
        })
    }
  }

  func countFiles() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM attachment") ?? 0 }
  }

  /// The number of the last record of the journal that the index has come to.
  func applied() throws(StoreError) -> UInt64 { try read { try JournalOperations.applied($0) } }

  /// Grows with what people and modalities do: tells whether somebody has used a copy as an archive of its own. What
  /// becomes stable by itself does not count. Throws `StoreError` where there is no index.
  static func lastChange(_ index: String) throws(StoreError) -> Int64 {
    if access(index, F_OK) != 0 { throw StoreError(.notFound, "the index \(index) is missing") }
    return try IndexSnapshot(path: index).read { db in
      let own = [ChangeType.stablePatient, .stableStudy, .stableSeries, .completedSeries].map(\.rawValue)
      return try Int64.fetchOne(
        db,
        sql:
          "SELECT max(sequence) FROM change WHERE type NOT IN (\(own.map(String.init).joined(separator: ", ")))"
      ) ?? 0
    }
  }

  /// Writes what an index's log holds into it, and ends the log.
  static func emptyLog(_ index: String) throws(StoreError) {
    do {
      let queue = try DatabaseQueue(path: index)
      try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try queue.close()
    } catch {
      throw ArchiveIndex.storeError(error, path: index)
    }
  }
}
