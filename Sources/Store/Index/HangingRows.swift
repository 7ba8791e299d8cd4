import DICOM
import Foundation
import GRDB

/// A resource that lies in nothing any more, or what hangs on one that is gone.
struct HangingRow: Sendable {
  let level: ResourceLevel
  let key: Int64
  /// Nil when the resource itself is gone.
  let id: PublicID?
  let labels: [String]
  /// User-defined values by their keys.
  let metadata: [Int: String]
  /// Names of its files.
  let files: [String]

  /// How to call it.
  var subject: String {
    let name = level.name.lowercased()
    return id.map { "\(name) \($0)" } ?? "what hung on the \(name) with key \(key)"
  }

  var reason: String {
    id == nil ? "that \(level.name.lowercased()) is gone" : "what it lay in is gone"
  }

  /// Its labels and metadata, for the report.
  var keepsake: String {
    var parts: [String] = []
    if !labels.isEmpty { parts.append("labels " + labels.map(JSONText.quoted).joined(separator: ", ")) }
    parts += metadata.sorted { $0.key < $1.key }.map { "metadata \($0.key) \(JSONText.quoted($0.value))" }
    if !files.isEmpty { parts.append("files " + files.joined(separator: ", ")) }
    return parts.joined(separator: "; ")
  }
}

/// Finds and removes rows that hang in the air.
enum HangingRows {
  /// SQL for the keys of a level whose way up to a patient is whole.
  private static func live(_ level: ResourceLevel) -> String {
    let all = "SELECT id FROM \(IndexSchema.table(level))"
    return level.parent.map { "\(all) WHERE parent IN (\(live($0)))" } ?? all
  }

  static func find(_ db: Database) throws -> [HangingRow] {
    var found: [HangingRow] = []
    for level in ResourceLevel.allCases {
      let table = IndexSchema.table(level)
      let resources = try Row.fetchAll(
        db, sql: "SELECT id, public_id FROM \(table) WHERE id NOT IN (\(live(level))) ORDER BY id")
      for row in resources {
        found.append(try read(db, level, key: row["id"], id: try row.publicID("public_id")))
      }
      let gone = ["attachment", "metadata", "label"].map {
        "SELECT resource FROM \($0) WHERE level = \(level.rawValue)"
      }.joined(separator: " UNION ")
      let keys = try Int64.fetchAll(
        db,
        sql:
          "SELECT resource FROM (\(gone)) WHERE resource NOT IN (SELECT id FROM \(table)) ORDER BY resource")
      for key in keys { found.append(try read(db, level, key: key, id: nil)) }
    }
    return found
  }

  private static func read(
    _ db: Database, _ level: ResourceLevel, key: Int64, id: PublicID?
  ) throws -> HangingRow {
    let owner: StatementArguments = [level.rawValue, key]
    let metadata = try Row.fetchAll(
      db, sql: "SELECT key, value FROM metadata WHERE level = ? AND resource = ?", arguments: owner)
    return HangingRow(
      level: level, key: key, id: id, labels: try LabelOperations.labels(db, level, key: key),
      metadata: Dictionary(
        metadata.map { ($0["key"], $0["value"]) }, uniquingKeysWith: { first, _ in first }),
      files: try String.fetchAll(
        db, sql: "SELECT uuid FROM attachment WHERE level = ? AND resource = ? ORDER BY type",
        arguments: owner))
  }

  /// Removes the rows, the deepest first; their files stay where they are.
  static func remove(_ db: Database, _ rows: [HangingRow]) throws {
    for row in rows.sorted(by: { $0.level > $1.level }) {
      for side in DeletionOperations.sides {
        try db.execute(
          sql: "DELETE FROM \(side) WHERE level = ? AND resource = ?",
          arguments: [row.level.rawValue, row.key])
      }
      try db.execute(sql: "DELETE FROM \(IndexSchema.table(row.level)) WHERE id = ?", arguments: [row.key])
    }
  }
}
