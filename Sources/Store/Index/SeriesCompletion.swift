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
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT expected, \(places) AS places FROM series t WHERE id = ?"),
      arguments: [series])
    return status(expected: row?["expected"], places: row?["places"])
  }

  /// Of row `t` of the series: how many instances, how many with a place, how many places, the first and the last one.
  static let places = """
    printf('%d %d %d %d %d', t.instances, t.placed, t.places,
      (SELECT ifnull(min(place), 0) FROM place WHERE series = t.id),
      (SELECT ifnull(max(place), 0) FROM place WHERE series = t.id))
    """

  static func status(expected: Int?, places text: String?) -> SeriesStatus {
    let numbers = (text ?? "").split(separator: " ").compactMap { Int($0) }
    guard let expected, numbers.count == 5 else { return .unknown }
    let (instances, known, places, first, last) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
    if known < instances { return .unknown }
    if instances == 0 { return .missing }
    if places < instances || first < 1 || last > expected { return .inconsistent }
    return places == expected ? .complete : .missing
  }
}
