import DICOM
import GRDB

/// Finds attachments that are not compressed as they are to be.
enum CompressionOperations {
  /// The key of an attachment, and what it is attached to.
  struct Place: Sendable {
    var level = 0
    var resource: Int64 = 0
    var type = 0
    /// Nil when that is gone.
    var owner: ResourceReference?
  }

  private static let page = 200

  private static func number(_ isCompressed: Bool) -> Int { isCompressed ? 2 : 1 }

  static func count(_ db: Database, isCompressed: Bool) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT count(*) FROM attachment WHERE compression = ?", arguments: [number(isCompressed)])
      ?? 0
  }

  /// The next ones behind a place in the order of their keys.
  static func next(_ db: Database, after last: Place, isCompressed: Bool) throws -> [Place] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT level, resource, type FROM attachment
        WHERE (level, resource, type) > (?, ?, ?) AND compression = ?
        ORDER BY level, resource, type LIMIT \(page)
        """, arguments: [last.level, last.resource, last.type, number(isCompressed)])
    return try rows.map { row in
      var place = Place(level: row["level"], resource: row["resource"], type: row["type"])
      if let level = ResourceLevel(rawValue: place.level) {
        let owner = try Row.fetchOne(
          db, sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?",
          arguments: [place.resource])
        // What is out of sight has no id any more.
        place.owner = try? owner.map { ResourceReference(level, try $0.publicID("public_id")) }
      }
      return place
    }
  }
}
