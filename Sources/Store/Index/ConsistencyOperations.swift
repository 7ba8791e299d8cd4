import DICOM
import GRDB

/// The index against itself: rows that belong to nothing, and counters against what they count.
enum ConsistencyOperations {
  static func faults(_ db: Database) throws -> [Fault] {
    try orphans(db) + counters(db) + totals(db)
  }

  private static func orphans(_ db: Database) throws -> [Fault] {
    var faults: [Fault] = []
    for level in ResourceLevel.allCases {
      let table = IndexSchema.table(level)
      if let parent = level.parent {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT public_id FROM \(table) t
            WHERE NOT EXISTS (SELECT 1 FROM \(IndexSchema.table(parent)) WHERE id = t.parent)
            """)
        while let row = try rows.next() {
          let subject = try subject(row, level)
          faults.append(
            Fault(
              kind: .rowWithoutParent, subject: subject, detail: "its \(parent.name.lowercased()) is gone"))
        }
      }
      for detail in ["attachment", "metadata", "label"] {
        let count =
          try Int.fetchOne(
            db,
            sql: """
              SELECT count(*) FROM \(detail) t
              WHERE level = ? AND NOT EXISTS (SELECT 1 FROM \(table) WHERE id = t.resource)
              """, arguments: [level.rawValue]) ?? 0
        if count == 0 { continue }
        faults.append(
          Fault(
            kind: .rowWithoutParent, subject: "\(count) rows of \(detail)",
            detail: "their \(level.name.lowercased()) is gone"))
      }
    }
    let instances = try Row.fetchCursor(
      db,
      sql: """
        SELECT public_id FROM instance t WHERE NOT EXISTS
          (SELECT 1 FROM attachment WHERE level = 4 AND resource = t.id AND type = 1)
        """)
    while let row = try instances.next() {
      faults.append(Fault(kind: .instanceWithoutFile, subject: try subject(row, .instance), detail: ""))
    }
    return faults
  }

  private static func subject(_ row: Row, _ level: ResourceLevel) throws -> String {
    "\(level.name.lowercased()) \(try row.publicID("public_id"))"
  }

  /// A level's counter and what it counts among the rows one level down.
  private static let truths: [(level: ResourceLevel, column: String, truth: String)] =
    [
      (.patient, "studies", "SELECT count(*) FROM study WHERE parent = t.id"),
      (.patient, "series", "SELECT coalesce(sum(series), 0) FROM study WHERE parent = t.id"),
      (.patient, "instances", "SELECT coalesce(sum(instances), 0) FROM study WHERE parent = t.id"),
      (.study, "series", "SELECT count(*) FROM series WHERE parent = t.id"),
      (.study, "instances", "SELECT coalesce(sum(instances), 0) FROM series WHERE parent = t.id"),
      (.series, "instances", "SELECT count(*) FROM instance WHERE parent = t.id"),
    ]
    + ["disk_size", "uncompressed_size"].flatMap { size in
      [
        (.series, size, "SELECT coalesce(sum(\(size)), 0) FROM instance WHERE parent = t.id"),
        (.study, size, "SELECT coalesce(sum(\(size)), 0) FROM series WHERE parent = t.id"),
        (.patient, size, "SELECT coalesce(sum(\(size)), 0) FROM study WHERE parent = t.id"),
        (
          .instance, size,
          "SELECT coalesce(sum(\(size)), 0) FROM attachment WHERE level = 4 AND resource = t.id"
        ),
      ]
    }

  private static func counters(_ db: Database) throws -> [Fault] {
    var faults: [Fault] = []
    for check in truths {
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT public_id, t.\(check.column) AS kept, (\(check.truth)) AS truth
          FROM \(IndexSchema.table(check.level)) t WHERE kept <> truth
          """)
      while let row = try rows.next() {
        faults.append(
          Fault(
            kind: .wrongCount, subject: try subject(row, check.level),
            detail: "\(check.column) is \(row["kept"] as Int64) instead of \(row["truth"] as Int64)"))
      }
    }
    return faults
  }

  private static func totals(_ db: Database) throws -> [Fault] {
    let truths = [
      "patients": "SELECT count(*) FROM patient", "studies": "SELECT count(*) FROM study",
      "series": "SELECT count(*) FROM series", "instances": "SELECT count(*) FROM instance",
      "disk_size": "SELECT coalesce(sum(disk_size), 0) FROM patient",
      "uncompressed_size": "SELECT coalesce(sum(uncompressed_size), 0) FROM patient",
    ]
    return try truths.sorted { $0.key < $1.key }.compactMap { column, truth in
      let kept = try Int64.fetchOne(db, sql: "SELECT \(column) FROM totals") ?? 0
      let real = try Int64.fetchOne(db, sql: truth) ?? 0
      return kept == real
        ? nil
        : Fault(kind: .wrongCount, subject: "the archive", detail: "\(column) is \(kept) instead of \(real)")
    }
  }
}
