import GRDB

/// Whether a series has all the instances that its modality announced, by Orthanc's rules: each has its place, from 1
/// to the number expected, and no place is taken twice.
public enum SeriesStatus: String, Sendable {
  case complete = "Complete"
  case missing = "Missing"
  case inconsistent = "Inconsistent"
  case unknown = "Unknown"
}

enum SeriesCompletion {
  /// The series' public id when it is complete.
  static func completed(_ db: Database, series: Int64) throws -> PublicID? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT public_id FROM series WHERE id = ? AND expected IS NOT NULL AND instances >= expected"),
      arguments: [series])
    guard let row, try status(db, series: series) == .complete else { return nil }
    return try row.publicID("public_id")
  }

  static func status(_ db: Database, series: Int64) throws -> SeriesStatus {
    guard
      let expected = try Int.fetchOne(
        db.cachedStatement(sql: "SELECT expected FROM series WHERE id = ?"), arguments: [series]),
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT count(*) AS instances, count(index_in_series) AS known,
              count(DISTINCT index_in_series) AS places, min(index_in_series) AS first,
              max(index_in_series) AS last FROM instance WHERE parent = ?
            """), arguments: [series])
    else { return .unknown }
    let (instances, known, places): (Int, Int, Int) = (row["instances"], row["known"], row["places"])
    if known < instances { return .unknown }
    guard let first = row["first"] as Int?, let last = row["last"] as Int? else { return .missing }
    if places < instances || first < 1 || last > expected { return .inconsistent }
    return places == expected ? .complete : .missing
  }
}
