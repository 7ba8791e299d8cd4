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

  /// All that a series has, which was not counted.
  static func addAll(_ db: Database, of series: Int64) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT instances, disk_size FROM series WHERE id = ?"), arguments: [series])
    guard let row else { return }
    try add(db, to: series, series: 1, instances: row["instances"], diskSize: row["disk_size"])
  }

  /// Every series at or below a resource goes. Those of an instance stay.
  static func subtract(_ db: Database, level: ResourceLevel, key: Int64) throws {
    if level > .series { return }
    try subtract(db, series: DeletionOperations.keysBelow(level, .series), [key])
  }

  /// Some series go.
  static func subtract(_ db: Database, series keys: String, _ arguments: StatementArguments) throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: sums("id IN (\(keys))")), arguments: arguments)
    for row in rows {
      try db.cachedStatement(
        sql: """
          UPDATE modality_totals SET series = series - ?, instances = instances - ?,
            disk_size = disk_size - ? WHERE modality = ?
          """
      ).execute(
        arguments: [
          row["series"] as Int, row["instances"] as Int, row["disk_size"] as Int64, row["modality"] as String,
        ])
    }
    try db.cachedStatement(sql: "DELETE FROM modality_totals WHERE series = 0").execute()
  }

  private static func sums(_ condition: String) -> String {
    """
    SELECT \(modality) AS modality, count(*) AS series, sum(instances) AS instances, sum(disk_size) AS disk_size
    FROM series WHERE \(condition) GROUP BY 1
    """
  }

  /// SQL for series of patients that are out of sight: they are still counted until they are taken apart.
  private static let hidden = "parent IN (SELECT id FROM study WHERE parent = 0)"

  /// What each modality has, the largest first.
  static func all(_ db: Database) throws -> [ModalityUse] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT t.modality, t.series - coalesce(h.series, 0) AS series,
          t.instances - coalesce(h.instances, 0) AS instances, t.disk_size - coalesce(h.disk_size, 0) AS disk_size
        FROM modality_totals t LEFT JOIN (\(sums(hidden))) h ON h.modality = t.modality
        WHERE t.series > coalesce(h.series, 0) ORDER BY 4 DESC, 1
        """
    ).map {
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
        FROM series t WHERE parent <> 0 AND NOT (\(hidden)) GROUP BY 1 ORDER BY disk_size DESC, modality
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
