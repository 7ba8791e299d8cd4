import DICOM
import GRDB

/// Counters of the whole archive by modality.
enum ModalityTotals {
  private static let modality = "coalesce(\(Tag.modality.column), '')"

  /// A series has grown.
  static func add(_ db: Database, to series: Int64, series count: Int, instances: Int, diskSize: Int64) throws
  {
    try db.cachedStatement(
      sql: """
        INSERT INTO modality_totals (modality, series, instances, disk_size)
        SELECT \(modality), ?, ?, ? FROM series WHERE id = ?
        ON CONFLICT (modality) DO UPDATE SET series = series + excluded.series,
          instances = instances + excluded.instances, disk_size = disk_size + excluded.disk_size
        """
    ).execute(arguments: [count, instances, diskSize, series])
  }

  /// Every series at or below a resource goes. Those of an instance stay.
  static func subtract(_ db: Database, level: ResourceLevel, key: Int64) throws {
    if level > .series { return }
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT \(modality) AS modality, count(*) AS series, sum(instances) AS instances,
          sum(disk_size) AS disk_size FROM series
        WHERE id IN (\(DeletionOperations.keysBelow(level, .series))) GROUP BY 1
        """, arguments: [key])
    for row in rows {
      try db.execute(
        sql: """
          UPDATE modality_totals SET series = series - ?, instances = instances - ?,
            disk_size = disk_size - ? WHERE modality = ?
          """,
        arguments: [
          row["series"] as Int, row["instances"] as Int, row["disk_size"] as Int64, row["modality"] as String,
        ])
    }
    try db.execute(sql: "DELETE FROM modality_totals WHERE series = 0")
  }

  /// What each modality has, the largest first.
  static func all(_ db: Database) throws -> [ModalityUse] {
    try Row.fetchAll(db, sql: "SELECT * FROM modality_totals ORDER BY disk_size DESC, modality").map {
      ModalityUse(
        modality: $0["modality"], series: $0["series"], instances: $0["instances"], diskSize: $0["disk_size"])
    }
  }

  /// What they ought to be, as `all` gives them.
  static func truth(_ db: Database) throws -> [ModalityUse] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(modality) AS modality, count(*) AS series,
          sum((SELECT count(*) FROM instance b WHERE b.parent = t.id)) AS instances,
          sum(\(ConsistencyOperations.sizeBelow(.series, "disk_size"))) AS disk_size
        FROM series t WHERE parent <> 0 GROUP BY 1 ORDER BY disk_size DESC, modality
        """
    ).map {
      ModalityUse(
        modality: $0["modality"], series: $0["series"], instances: $0["instances"], diskSize: $0["disk_size"])
    }
  }

  /// Sets them to what they ought to be.
  static func recount(_ db: Database) throws {
    let truth = try truth(db)
    try db.execute(sql: "DELETE FROM modality_totals")
    for use in truth {
      try db.execute(
        sql: "INSERT INTO modality_totals VALUES (?, ?, ?, ?)",
        arguments: [use.modality, use.series, use.instances, use.diskSize])
    }
  }
}
