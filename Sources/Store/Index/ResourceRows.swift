import DICOM
import Foundation
import GRDB

/// Reads rows of a level as `ResourceRow`s: one statement for all of them.
struct ResourceRows {
  let level: ResourceLevel

  /// SELECT … FROM …, with `t` as the level's own table and `p` as the patient's.
  var select: String {
    let columns = MainDicomTags.builtIn(level).map { "t.\($0.column)" }.joined(separator: ", ")
    return """
      SELECT t.id, t.public_id, t.extra, t.disk_size, t.last_update, p.public_id AS patient_id,
        p.is_protected, (SELECT group_concat(label, char(10)) FROM (SELECT label FROM label
          WHERE level = \(level.rawValue) AND resource = t.id ORDER BY label)) AS labels,
        (SELECT remote_aet FROM source WHERE source.id = t.source) AS aet, \(stable), \(special), \(columns)
      FROM \(tables)
      """
  }

  /// Together with the change that tells it, and not by the clock.
  private var stable: String {
    level == .instance
      ? "1 AS is_stable"
      : """
      NOT EXISTS (SELECT 1 FROM unstable WHERE level = \(level.rawValue) AND resource = t.id) AS is_stable
      """
  }

  private var special: String {
    switch level {
    case .patient: "t.studies, t.series, t.instances, t.has_conflict, \(patientModalities)"
    case .study: "t.series, t.instances, t.modalities, p.public_id AS parent_id, p.has_conflict"
    case .series:
      """
      t.instances, t.expected, u.public_id AS parent_id, CASE WHEN t.expected IS NOT NULL
        THEN \(SeriesCompletion.places) END AS places
      """
    case .instance:
      "e.public_id AS parent_id, (SELECT text FROM term WHERE term.id = t.transfer_syntax) AS syntax"
    }
  }

  private var patientModalities: String {
    "(SELECT group_concat(DISTINCT modalities) FROM study WHERE study.parent = t.id) AS modalities"
  }

  private var tables: String {
    switch level {
    case .patient: "patient t JOIN patient p ON p.id = t.id"
    case .study: "study t JOIN patient p ON p.id = t.parent"
    case .series: "series t JOIN study u ON u.id = t.parent JOIN patient p ON p.id = u.parent"
    case .instance:
      """
      instance t JOIN series e ON e.id = t.parent JOIN study u ON u.id = e.parent
        JOIN patient p ON p.id = u.parent
      """
    }
  }

  /// Reads all rows of a statement made from `select`. `sort_value`, where it is selected, goes into the cursors.
  func fetch(_ statement: Statement, arguments: StatementArguments) throws -> [ResourceRow] {
    let columns = RowColumns(statement.columnNames, level)
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    var found: [ResourceRow] = []
    while let row = try rows.next() { found.append(try resource(row, columns)) }
    return found
  }

  private func resource(_ row: Row, _ columns: RowColumns) throws -> ResourceRow {
    var result = ResourceRow(
      id: try row.publicID(columns["public_id"]), level: level,
      patient: try row.publicID(columns["patient_id"]), tags: tags(row, columns),
      diskSize: row[columns["disk_size"]], isProtected: row[columns["is_protected"]],
      lastUpdate: row[columns["last_update"]], isStable: row[columns["is_stable"]],
      cursor: ListCursor(
        value: columns.sortValue.map { Self.cursorValue(row[$0]) } ?? .none, key: row[columns["id"]]))
    result.labels = (row[columns["labels"]] as String? ?? "").split(separator: "\n").map(String.init)
    let aet = row[columns["aet"]] as String? ?? ""
    result.remoteAET = aet.isEmpty ? nil : aet
    if level != .patient { result.parent = try row.publicID(columns["parent_id"]) }
    switch level {
    case .patient:
      result.studies = row[columns["studies"]]
      result.hasConflictingNames = row[columns["has_conflict"]]
    case .study: result.hasConflictingNames = row[columns["has_conflict"]]
    case .series:
      result.expectedInstances = row[columns["expected"]]
      result.seriesStatus = SeriesCompletion.status(
        expected: result.expectedInstances, places: row[columns["places"]])
      result.modalities = result.tags[.modality].map { [$0] } ?? []
    case .instance: result.transferSyntax = row[columns["syntax"]]
    }
    if level < .series {
      result.series = row[columns["series"]]
      let modalities = (row[columns["modalities"]] as String? ?? "").split { $0 == "\\" || $0 == "," }
      result.modalities =
        modalities.count == 1
        ? modalities.map(String.init) : Set(modalities.map(String.init)).sorted()
    }
    if level < .instance { result.instances = row[columns["instances"]] }
    return result
  }

  private func tags(_ row: Row, _ columns: RowColumns) -> [Tag: String] {
    var tags: [Tag: String] = [:]
    tags.reserveCapacity(columns.tags.count)
    for (tag, index) in columns.tags {
      if let text = row[index] as String? { tags[tag] = text }
    }
    if let extra = row[columns["extra"]] as String?,
      let members = try? JSONDecoder().decode([String: String].self, from: Data(extra.utf8))
    {
      for (name, text) in members {
        if let tag = Tag(hex: name) { tags[tag] = text }
      }
    }
    return tags
  }

  private static func cursorValue(_ value: DatabaseValue) -> ListCursor.Value {
    switch value.storage {
    case .int64(let number): .number(number)
    case .string(let text): .text(text)
    case .null, .double, .blob: .none
    }
  }

  /// The rows of some keys, in no particular order.
  static func fetch(
    _ db: Database, _ level: ResourceLevel, keys: [Int64]
  ) throws -> [ResourceRow] {
    let rows = ResourceRows(level: level)
    let marks = repeatElement("?", count: keys.count).joined(separator: ", ")
    let statement = try db.cachedStatement(sql: rows.select + " WHERE t.id IN (\(marks))")
    return try rows.fetch(statement, arguments: StatementArguments(keys))
  }
}
