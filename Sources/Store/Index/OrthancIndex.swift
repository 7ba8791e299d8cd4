import DICOM
import Foundation
import GRDB

/// The index of an Orthanc, schema version 6: what its rows say. Newer Orthancs have more columns and tables under
/// the same version; what is there is used.
struct OrthancIndex: Sendable {
  private let queue: DatabaseQueue
  private let path: String
  private let hasLabels: Bool
  private let hasRevisions: Bool

  static let version = "6"

  /// Opens a copy of an index: reading may write beside it. Throws `StoreError`.
  ///
  /// - Parameter named: the path of the original, for messages.
  init(copy: String, named path: String) throws(StoreError) {
    self.path = path
    do {
      queue = try DatabaseQueue(path: copy)
      (hasLabels, hasRevisions) = try queue.read { db in
        try Self.checkVersion(db, path)
        return (
          try db.tableExists("Labels"),
          try db.columns(in: "Metadata").contains { $0.name.lowercased() == "revision" }
        )
      }
    } catch {
      throw ArchiveIndex.storeError(error, path: path)
    }
  }

  private static func checkVersion(_ db: Database, _ path: String) throws {
    guard try db.tableExists("GlobalProperties"), try db.tableExists("AttachedFiles") else {
      throw StoreError(.storageUnusable, "\(path) is no index of an Orthanc")
    }
    let found = try String.fetchOne(db, sql: "SELECT value FROM GlobalProperties WHERE property = 1")
    if found == version { return }
    throw StoreError(
      .storageUnusable,
      "the Orthanc index \(path) has schema version \(found ?? "unknown"), and only version \(version) can be moved. "
        + "Start Orthanc 1.0 or newer on it once: it upgrades its index (with its option --upgrade)")
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw ArchiveIndex.storeError(error, path: path)
    }
  }

  /// The global properties in the order of their numbers; nil for a value that is no UTF-8.
  func properties() throws(StoreError) -> [(number: Int, value: String?)] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT property, CAST(value AS BLOB) AS value FROM GlobalProperties ORDER BY property"
      ).map { row in
        let bytes = Array(row["value"] as Data? ?? Data())
        return (number: row["property"], value: String(validating: bytes, as: UTF8.self))
      }
    }
  }

  /// Number of instances, for the progress.
  func countInstances() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM Resources WHERE resourceType = 4") ?? 0 }
  }

  /// Every patient, the one that Orthanc would recycle first in front, protected ones last.
  func patients() throws(StoreError) -> [OrthancPatient] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT r.internalId AS id, r.publicId AS name, max(o.seq) AS seq FROM Resources r
          LEFT JOIN PatientRecyclingOrder o ON o.patientId = r.internalId
          WHERE r.resourceType = 1 GROUP BY r.internalId ORDER BY seq IS NULL, seq, r.internalId
          """
      ).map {
        OrthancPatient(key: $0["id"], publicID: $0["name"] ?? "", isProtected: $0["seq"] == nil)
      }
    }
  }

  /// The next instances of a patient behind a key, in the order in which they came.
  func instances(of patient: Int64, after key: Int64, limit: Int) throws(StoreError) -> [OrthancInstance] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT i.internalId AS id, i.publicId AS name, a.* FROM Resources study
          JOIN Resources series ON series.parentId = study.internalId
          JOIN Resources i ON i.parentId = series.internalId
          LEFT JOIN AttachedFiles a ON a.id = i.internalId AND a.fileType = 1
          WHERE study.parentId = ? AND i.internalId > ? ORDER BY i.internalId LIMIT ?
          """, arguments: [patient, key, limit]
      ).map { row in
        OrthancInstance(
          resource: OrthancResource(level: .instance, key: row["id"], publicID: row["name"] ?? ""),
          file: Self.attachment(row))
      }
    }
  }

  /// A patient, its studies and their series.
  func branches(of patient: OrthancPatient) throws(StoreError) -> [OrthancResource] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT internalId AS id, publicId AS name, resourceType AS level FROM Resources WHERE parentId = :patient
          UNION ALL SELECT s.internalId, s.publicId, s.resourceType FROM Resources study
            JOIN Resources s ON s.parentId = study.internalId WHERE study.parentId = :patient
          """, arguments: ["patient": patient.key])
      let below = rows.compactMap { row in
        ResourceLevel(rawValue: row["level"]).map {
          OrthancResource(level: $0, key: row["id"], publicID: row["name"] ?? "")
        }
      }
      return [OrthancResource(level: .patient, key: patient.key, publicID: patient.publicID)] + below
    }
  }

  /// Resources that belong to no patient: their parents' rows are gone.
  func strays() throws(StoreError) -> [OrthancResource] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT r.internalId AS id, r.publicId AS name, r.resourceType AS level FROM Resources r
          LEFT JOIN Resources p ON p.internalId = r.parentId
          WHERE r.resourceType NOT BETWEEN 1 AND 4
            OR r.resourceType > 1 AND coalesce(p.resourceType, 0) <> r.resourceType - 1
          """
      ).map { row in
        OrthancResource(
          level: ResourceLevel(rawValue: row["level"]) ?? .instance, key: row["id"],
          publicID: row["name"] ?? "")
      }
    }
  }

  /// What hangs on a resource.
  func details(of key: Int64) throws(StoreError) -> OrthancDetails {
    try read { db in
      var details = OrthancDetails()
      if hasLabels {
        details.labels = try String.fetchAll(
          db, sql: "SELECT label FROM Labels WHERE id = ? ORDER BY label", arguments: [key])
      }
      let revision = hasRevisions ? "revision" : "0"
      details.metadata = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT type, CAST(value AS BLOB) AS value, \(revision) AS revision FROM Metadata WHERE id = ?
            ORDER BY type
            """), arguments: [key]
      ).map { row in
        let bytes = Array(row["value"] as Data? ?? Data())
        return OrthancDetails.Metadata(
          key: row["type"], value: String(validating: bytes, as: UTF8.self), revision: row["revision"] ?? 0)
      }
      details.attachments = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM AttachedFiles WHERE id = ? AND (fileType >= 1024 OR fileType = 2) ORDER BY fileType
            """),
        arguments: [key]
      ).compactMap { Self.attachment($0) }
      return details
    }
  }

  /// Nil where the row has none.
  private static func attachment(_ row: Row) -> OrthancAttachment? {
    guard let type = row["fileType"] as Int?, let uuid = row["uuid"] as String? else { return nil }
    let md5 = row["uncompressedMD5"] as String?
    return OrthancAttachment(
      type: type, uuid: uuid, diskSize: row["compressedSize"] ?? 0, size: row["uncompressedSize"] ?? 0,
      isCompressed: row["compressionType"] == 2, md5: md5.flatMap { $0.isEmpty ? nil : $0.lowercased() })
  }
}
