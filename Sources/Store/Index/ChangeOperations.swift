import DICOM
import GRDB

/// The changes that are kept, and their numbers.
enum ChangeOperations {
  /// Writes a change down if its type is kept, and returns it as it is told to listeners.
  static func record(
    _ db: Database, _ type: ChangeType, _ resource: ResourceReference, key: Int64, date: Int64,
    title: String = "", source: String = ""
  ) throws -> Change {
    var change = Change(
      sequence: 0, type: type, resource: resource, date: date, title: title, source: source)
    if type.isKept {
      try db.cachedStatement(
        sql: "INSERT INTO change (type, level, resource, date) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [type.rawValue, resource.level.rawValue, key, date])
      change.sequence = db.lastInsertedRowID
    }
    return change
  }

  /// Kept changes, newest first, older than `before`.
  static func page(_ db: Database, before: Int64?, limit: Int) throws -> [Change] {
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT * FROM change WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
      arguments: [before ?? Int64.max, limit])
    return try rows.compactMap { try change(db, $0) }
  }

  /// Kept changes behind `since`, the oldest first.
  static func page(_ db: Database, since: Int64, limit: Int, types: Set<ChangeType>?) throws -> ChangePage {
    let limit = max(0, limit)
    let rows = try Row.fetchAll(db, sql: pageSQL(types), arguments: ["since": since, "limit": limit + 1])
    let isDone = rows.count <= limit
    // Rows of what is out of sight are passed over, but count as seen.
    let seen: Int64? = rows.prefix(limit).last?["sequence"]
    return ChangePage(
      changes: try rows.prefix(limit).compactMap { try change(db, $0) }, isDone: isDone,
      last: isDone ? max(since, try last(db)) : seen ?? since)
  }

  /// SQL for the first changes behind `:since`: of each type by itself, so that none is looked for among the others.
  private static func pageSQL(_ types: Set<ChangeType>?) -> String {
    let all = "SELECT * FROM change WHERE sequence > :since"
    let end = "ORDER BY sequence LIMIT :limit"
    guard let types else { return "\(all) \(end)" }
    if types.isEmpty { return "\(all) AND 0 \(end)" }
    let parts = types.sorted { $0.rawValue < $1.rawValue }.map { type in
      // What the index of the rare ones says of itself, so that it is used.
      let rare = type == .newInstance ? "" : " AND type <> \(ChangeType.newInstance.rawValue)"
      return "SELECT * FROM (\(all) AND type = \(type.rawValue)\(rare) \(end))"
    }
    return parts.joined(separator: " UNION ALL ") + " \(end)"
  }

  static func clear(_ db: Database) throws { try db.execute(sql: "DELETE FROM change") }

  /// The number of the last change that ever was; 0 before the first.
  static func last(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'change'") ?? 0
  }

  /// What to call a resource that is still there.
  static func title(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> String {
    let row = try Row.fetchOne(db.cachedStatement(sql: titleSQL(level)), arguments: [key])
    guard let row else { return "" }
    return ChangeTitle.joined([row["a"] ?? "", row["b"] ?? "", row["c"] ?? ""])
  }

  private static func change(_ db: Database, _ row: Row) throws -> Change? {
    guard let type = ChangeType(rawValue: row["type"]), let level = ResourceLevel(rawValue: row["level"]),
      let resource = try Row.fetchOne(
        db.cachedStatement(sql: titleSQL(level)), arguments: [row["resource"] as Int64])
    else { return nil }
    return Change(
      sequence: row["sequence"], type: type,
      resource: ResourceReference(level, try resource.publicID("public_id")), date: row["date"],
      title: ChangeTitle.joined([resource["a"] ?? "", resource["b"] ?? "", resource["c"] ?? ""]),
      source: resource["aet"] ?? "")
  }

  /// The words of a title, as `ChangeTitle` puts them together for an arriving instance.
  private static func titleSQL(_ level: ResourceLevel) -> String {
    let name = Tag.patientName.column
    let source = "(SELECT remote_aet FROM source WHERE source.id = r.source) AS aet"
    switch level {
    case .patient:
      return "SELECT r.public_id, r.\(name) AS a, '' AS b, '' AS c, \(source) FROM patient r WHERE r.id = ?"
    case .study:
      return """
        SELECT r.public_id, r.\(name) AS a, r.\(Tag.studyDescription.column) AS b, '' AS c, \(source)
        FROM study r WHERE r.id = ?
        """
    case .series:
      return """
        SELECT r.public_id, s.\(name) AS a, coalesce(r.\(Tag.modality.column), '') || ' '
          || coalesce(r.\(Tag.seriesDescription.column), '') AS b, '' AS c, \(source)
        FROM series r JOIN study s ON s.id = r.parent WHERE r.id = ? AND s.parent <> 0
        """
    case .instance:
      return """
        SELECT r.public_id, s.\(name) AS a, e.\(Tag.seriesDescription.column) AS b,
          '#' || coalesce(r.\(Tag.instanceNumber.column), '') AS c, \(source)
        FROM instance r JOIN series e ON e.id = r.parent JOIN study s ON s.id = e.parent
        WHERE r.id = ? AND s.parent <> 0
        """
    }
  }
}
