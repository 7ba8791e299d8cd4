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
        db.cachedStatement(sql: "SELECT expected FROM series WHERE id = ?"), arguments: [series])
    else { return .unknown }
    let places = try String.fetchOne(
      db.cachedStatement(sql: "SELECT \(places) FROM instance WHERE parent = ?"), arguments: [series])
    return status(expected: expected, places: places)
  }

  /// Of the instances of a series: how many, how many with a place, how many places, the first and the last one.
  static let places = """
    printf('%d %d %d %d %d', count(*), count(index_in_series), count(DISTINCT index_in_series),
      ifnull(min(index_in_series), 0), ifnull(max(index_in_series), 0))
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
