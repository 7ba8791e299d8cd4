import DICOM
import GRDB

/// The index against itself: rows that belong to nothing, and counters against what they count.
enum ConsistencyOperations {
  static func faults(_ db: Database, storage: StorageArea) throws -> [Fault] {
    try orphans(db, storage) + counters(db) + totals(db)
  }

  static func counts(_ db: Database) throws -> [Fault] { try counters(db) + totals(db) }

  private static func orphans(_ db: Database, _ storage: StorageArea) throws -> [Fault] {
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
      faults += try sides(db, level, storage)
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

  /// What hangs on resources of a level that are not there: attachments by their files, the rest by the key that
  /// the resource had, since its public id went with it.
  private static func sides(
    _ db: Database, _ level: ResourceLevel, _ storage: StorageArea
  ) throws -> [Fault] {
    let gone = "level = ? AND resource NOT IN (SELECT id FROM \(IndexSchema.table(level)))"
    let name = level.name.lowercased()
    let files = try String.fetchAll(
      db, sql: "SELECT uuid FROM attachment WHERE \(gone) ORDER BY resource, type",
      arguments: [level.rawValue])
    var faults = files.map { file in
      Fault(
        kind: .rowWithoutParent, subject: "attachment \(storage.path(of: file))",
        detail: "its \(name) is gone")
    }
    for side in ["metadata", "label"] {
      let keys = try Int64.fetchAll(
        db, sql: "SELECT DISTINCT resource FROM \(side) WHERE \(gone) ORDER BY resource",
        arguments: [level.rawValue])
      faults += keys.map { key in
        Fault(
          kind: .rowWithoutParent, subject: "\(side) of the \(name) with key \(key)",
          detail: "that \(name) is gone")
      }
    }
    return faults
  }

  private static func subject(_ row: Row, _ level: ResourceLevel) throws -> String {
    "\(level.name.lowercased()) \(try row.publicID("public_id"))"
  }

  /// A counter of a level, and SQL for what it ought to be: counted from the bottom, so that a wrong counter is
  /// named alone and not with all above it.
  private static let truths: [Truth] = numbers + sizes("disk_size") + sizes("uncompressed_size") + places

  private typealias Truth = (level: ResourceLevel, column: String, truth: String)

  private static let numbers: [Truth] = counted.map { level, column, below in
    (level, column, "SELECT count(*) FROM \(IndexSchema.table(below)) b WHERE \(lies(below, level))")
  }

  private static func sizes(_ size: String) -> [Truth] {
    let above = [ResourceLevel.series, .study, .patient]
    var truths: [Truth] = above.map { ($0, size, sizeBelow($0, size)) }
    truths.append(
      (.instance, size, "SELECT sum(\(size)) FROM attachment WHERE level = 4 AND resource = t.id"))
    truths += above.map { ($0, "other_" + size, otherBelow($0, size)) }
    return truths
  }

  private static let places: [Truth] = SeriesPlaces.counters.map { (.series, $0.0, $0.1) }

  /// SQL for how much of the size of row `t` of a level above instances is no DICOM file. CROSS keeps the order: SQLite
  /// would look through all attachments for each row.
  private static func otherBelow(_ level: ResourceLevel, _ size: String) -> String {
    let instances = """
      (SELECT coalesce(sum(a.\(size)), 0) FROM instance b CROSS JOIN attachment a
        ON a.level = 4 AND a.resource = b.id AND a.type <> 1 WHERE \(lies(.instance, level)))
      """
    return ([instances] + attached(to: level, size)).joined(separator: " + ")
  }

  /// SQL for the size of row `t` of a level above instances: of its instances, and of what is attached to it and to what
  /// lies between.
  static func sizeBelow(_ level: ResourceLevel, _ size: String) -> String {
    let instances = "(SELECT \(sum(size)) FROM instance b WHERE \(lies(.instance, level)))"
    return ([instances] + attached(to: level, size)).joined(separator: " + ")
  }

  /// SQL for the size of what is attached to row `t` of a level above instances and to what lies between.
  private static func attached(to level: ResourceLevel, _ size: String) -> [String] {
    [ResourceLevel.series, .study, .patient].filter { $0 >= level }.map { owner in
      let keys =
        owner == level
        ? "= t.id" : "IN (SELECT id FROM \(IndexSchema.table(owner)) b WHERE \(lies(owner, level)))"
      return """
        (SELECT coalesce(sum(\(size)), 0) FROM attachment WHERE level = \(owner.rawValue) AND resource \(keys))
        """
    }
  }

  private static let counted: [(ResourceLevel, String, ResourceLevel)] = [
    (.patient, "studies", .study), (.patient, "series", .series), (.patient, "instances", .instance),
    (.study, "series", .series), (.study, "instances", .instance), (.series, "instances", .instance),
  ]

  /// SQL for the size of instances `b`. One whose file the index does not know counts with what it remembers.
  private static func sum(_ size: String) -> String {
    """
    coalesce(sum(coalesce((SELECT sum(\(size)) FROM attachment WHERE level = 4 AND resource = b.id),
      b.\(size))), 0)
    """
  }

  /// SQL: row `b` of a level lies in row `t` of one above it.
  private static func lies(_ level: ResourceLevel, _ above: ResourceLevel) -> String {
    var keys = "= t.id"
    for between in ResourceLevel.allCases where between > above && between < level {
      keys = "IN (SELECT id FROM \(IndexSchema.table(between)) WHERE parent \(keys))"
    }
    return "b.parent \(keys)"
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
    faults += try SeriesPlaces.wrong(db).map { id in
      Fault(kind: .wrongCount, subject: "series \(id)", detail: "the places of its instances are wrong")
    }
    return faults
  }

  private static let totalTruths: [(column: String, truth: String)] =
    ResourceLevel.allCases.map { level in
      let table = IndexSchema.table(level)
      return (
        level == .series ? "series" : table == "study" ? "studies" : table + "s",
        "SELECT count(*) FROM \(table)"
      )
    }
    + ["disk_size", "uncompressed_size"].map { size in
      let attached = [ResourceLevel.patient, .study, .series].map { level in
        """
        (SELECT coalesce(sum(\(size)), 0) FROM attachment WHERE level = \(level.rawValue)
          AND resource IN (SELECT id FROM \(IndexSchema.table(level))))
        """
      }
      let all = ["(SELECT \(sum(size)) FROM instance b)"] + attached
      return (size, "SELECT " + all.joined(separator: " + "))
    }

  private static func totals(_ db: Database) throws -> [Fault] {
    let (modalities, truth) = (try ModalityTotals.all(db), try ModalityTotals.truth(db))
    let wrong =
      truth.filter { !modalities.contains($0) }.map(\.modality)
      + modalities.map(\.modality).filter { kept in !truth.contains { $0.modality == kept } }
    return try wrong.map {
      Fault(kind: .wrongCount, subject: "the archive", detail: "the totals of modality '\($0)' are wrong")
    }
      + totalTruths.compactMap { column, truth in
        let kept = try Int64.fetchOne(db, sql: "SELECT \(column) FROM totals") ?? 0
        let real = try Int64.fetchOne(db, sql: truth) ?? 0
        return kept == real
          ? nil
          : Fault(
            kind: .wrongCount, subject: "the archive", detail: "\(column) is \(kept) instead of \(real)")
      }
  }

  /// Sets every counter and total to what it ought to be.
  static func recount(_ db: Database) throws {
    try SeriesPlaces.rebuild(db)
    for check in truths {
      try db.execute(
        sql: """
          UPDATE \(IndexSchema.table(check.level)) AS t SET \(check.column) = (\(check.truth))
          WHERE t.\(check.column) <> (\(check.truth))
          """)
    }
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO totals (id, patients, studies, series, instances, disk_size, uncompressed_size,
          recycling) VALUES (1, 0, 0, 0, 0, 0, 0, (SELECT coalesce(max(recycling), 0) FROM patient))
        """)
    try ModalityTotals.recount(db)
    for check in totalTruths { try db.execute(sql: "UPDATE totals SET \(check.column) = (\(check.truth))") }
  }
}
