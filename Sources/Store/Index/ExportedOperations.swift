import DICOM
import GRDB

/// The list of what was sent elsewhere.
enum ExportedOperations {
  /// Writes down a resource that is there; nothing for one that is gone.
  static func record(_ db: Database, _ resource: ResourceReference, to remote: String, date: Int64) throws {
    guard let key = try ArchiveIndex.key(db, resource),
      let names = try Row.fetchOne(db.cachedStatement(sql: identifiers(resource.level)), arguments: [key])
    else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO exported (level, public_id, remote_modality, date, patient_id, study_uid, series_uid,
          instance_uid) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      resource.level.rawValue, resource.id.data, remote, date, names[0] as String? ?? "",
      names[1] as String? ?? "", names[2] as String? ?? "", names[3] as String? ?? "",
    ])
  }

  /// SQL for PatientID and the UIDs down to a level of the row with a key.
  private static func identifiers(_ level: ResourceLevel) -> String {
    let tags: [(level: ResourceLevel, column: String)] = [
      (.patient, Tag.patientID.column), (.study, Tag.studyInstanceUID.column),
      (.series, Tag.seriesInstanceUID.column), (.instance, Tag.sopInstanceUID.column),
    ]
    let columns = tags.map { $0.level <= level ? "\(IndexSchema.table($0.level)).\($0.column)" : "NULL" }
    var (tables, lower) = (IndexSchema.table(level), level)
    while let above = lower.parent {
      let table = IndexSchema.table(above)
      tables += " JOIN \(table) ON \(table).id = \(IndexSchema.table(lower)).parent"
      lower = above
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(tables) WHERE \(IndexSchema.table(level)).id = ?"
  }

  /// Those behind `since`, the oldest first.
  static func page(_ db: Database, since: Int64, limit: Int) throws -> ExportedPage {
    let limit = max(0, limit)
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM exported WHERE sequence > ? ORDER BY sequence LIMIT ?",
      arguments: [since, limit + 1])
    let resources = try rows.prefix(limit).map(exported)
    return ExportedPage(
      resources: resources, isDone: rows.count <= limit, last: resources.last?.sequence ?? since)
  }

  static func last(_ db: Database) throws -> ExportedResource? {
    try Row.fetchOne(db, sql: "SELECT * FROM exported ORDER BY sequence DESC LIMIT 1").map(exported)
  }

  static func clear(_ db: Database) throws { try db.execute(sql: "DELETE FROM exported") }

  private static func exported(_ row: Row) throws -> ExportedResource {
    guard let level = ResourceLevel(rawValue: row["level"]) else {
      throw StoreError(.storageUnusable, "the index has an exported resource of no level")
    }
    return ExportedResource(
      sequence: row["sequence"], resource: ResourceReference(level, try row.publicID("public_id")),
      remote: row["remote_modality"], date: row["date"], patientID: row["patient_id"],
      studyInstanceUID: row["study_uid"], seriesInstanceUID: row["series_uid"],
      sopInstanceUID: row["instance_uid"])
  }
}
