import DICOM
import GRDB

/// Labels of resources of any level.
enum LabelOperations {
  /// Orthanc's rule: 1 to 64 of A–Z a–z 0–9 _ and -. Throws `StoreError.badValue`.
  static func check(_ label: String) throws(StoreError) {
    let isAllowed = label.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
    if label.isEmpty || label.utf8.count > 64 || !isAllowed {
      throw StoreError(
        .badValue, "“\(label)” is no label: letters, digits, _ and - are allowed, at most 64 of them")
    }
  }

  /// False when the resource had it already.
  static func add(_ db: Database, _ label: String, _ level: ResourceLevel, key: Int64) throws -> Bool {
    try db.execute(
      sql: "INSERT OR IGNORE INTO label (level, resource, label) VALUES (?, ?, ?)",
      arguments: [level.rawValue, key, label])
    return db.changesCount > 0
  }

  /// False when the resource had it not.
  static func remove(_ db: Database, _ label: String, _ level: ResourceLevel, key: Int64) throws -> Bool {
    try db.execute(
      sql: "DELETE FROM label WHERE level = ? AND resource = ? AND label = ?",
      arguments: [level.rawValue, key, label])
    return db.changesCount > 0
  }

  static func labels(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT label FROM label WHERE level = ? AND resource = ? ORDER BY label",
      arguments: [level.rawValue, key])
  }

  /// Every label in use, the most used first.
  static func inUse(_ db: Database) throws -> [LabelUse] {
    try Row.fetchAll(
      db, sql: "SELECT label, count(*) AS uses FROM label GROUP BY label ORDER BY uses DESC, label"
    ).map { LabelUse(label: $0["label"], count: $0["uses"]) }
  }
}
