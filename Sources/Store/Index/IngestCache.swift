import DICOM
import GRDB

/// What the writer remembers from one transaction to the next, so that the thousandth instance of a series
/// costs no look-ups. Emptied when something is deleted or a transaction fails.
struct IngestCache {
  /// The keys of a series and of what it lies in.
  struct Path: Hashable {
    var patient: Int64
    var study: Int64
    var series: Int64
  }

  private var paths: [PublicID: Path] = [:]
  private var sources: [InstanceOrigin: Int64] = [:]
  private var terms: [String: Int64] = [:]

  /// Series kept; beyond it everything is forgotten, which is cheap and rare.
  private static let pathLimit = 4096
  private static let originLimit = 1024

  mutating func clear() { self = IngestCache() }

  /// Resources were deleted. Origins and texts never are.
  mutating func forgetPaths() { paths.removeAll(keepingCapacity: true) }

  mutating func remember(_ path: Path, of series: PublicID) {
    if paths.count >= Self.pathLimit { paths.removeAll(keepingCapacity: true) }
    paths[series] = path
  }

  mutating func path(_ db: Database, of series: PublicID) throws -> Path? {
    if let path = paths[series] { return path }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT series.id, series.parent, study.parent FROM series JOIN study ON study.id = series.parent
          WHERE series.public_id = ? AND study.parent <> 0
          """), arguments: [series.data])
    guard let row else { return nil }
    let path = Path(patient: row[2], study: row[1], series: row[0])
    remember(path, of: series)
    return path
  }

  /// The key of an origin; a row for each different one.
  mutating func source(_ db: Database, _ origin: InstanceOrigin) throws -> Int64 {
    if let key = sources[origin] { return key }
    if sources.count >= Self.originLimit { sources.removeAll() }
    let arguments: StatementArguments = [
      origin.mechanism.rawValue, origin.remoteIP, origin.remoteAET, origin.calledAET, origin.httpUsername,
    ]
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO source (mechanism, remote_ip, remote_aet, called_aet, username)
        VALUES (?, ?, ?, ?, ?)
        """, arguments: arguments)
    let key = try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM source WHERE mechanism = ? AND remote_ip = ? AND remote_aet = ? AND called_aet = ?
        AND username = ?
        """, arguments: arguments)
    sources[origin] = key
    return key ?? 0
  }

  /// The key of a text that many rows share: a UID, a signature.
  mutating func term(_ db: Database, _ text: String) throws -> Int64 {
    if let key = terms[text] { return key }
    if terms.count >= Self.originLimit { terms.removeAll() }
    try db.execute(sql: "INSERT OR IGNORE INTO term (text) VALUES (?)", arguments: [text])
    let key = try Int64.fetchOne(db, sql: "SELECT id FROM term WHERE text = ?", arguments: [text])
    terms[text] = key
    return key ?? 0
  }
}
