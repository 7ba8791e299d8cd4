import DICOM
import Foundation
import GRDB

/// Reads rows of a level as `ResourceRow`s: one statement for all of them.
struct ResourceRows {
  let level: ResourceLevel
  /// A resource without a new instance for so many seconds is stable.
  let stableAge: Int64
  let now: Int64

  /// SELECT … FROM …, with `t` as the level's own table and `p` as the patient's.
  var select: String {
    let columns = MainDicomTags.builtIn(level).map { "t.\($0.column)" }.joined(separator: ", ")
    return """
      SELECT t.id, t.public_id, t.extra, t.disk_size, t.last_update, p.public_id AS patient_id,
        p.is_protected, (SELECT group_concat(label, char(10)) FROM (SELECT label FROM label
          WHERE level = \(level.rawValue) AND resource = t.id ORDER BY label)) AS labels,
        (SELECT remote_aet FROM source WHERE source.id = t.source) AS aet, \(special), \(columns)
      FROM \(tables)
      """
  }

  private var special: String {
    switch level {
    case .patient: "t.studies, t.series, t.instances, t.has_conflict, \(patientModalities)"
    case .study: "t.series, t.instances, t.modalities, p.public_id AS parent_id, p.has_conflict"
    case .series: "t.instances, t.expected, u.public_id AS parent_id"
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

  /// - Parameter sortColumn: where the row's cursor takes its value from; nil gives a cursor by key alone.
  func row(_ row: Row, sortColumn: String?) throws -> ResourceRow {
    let key: Int64 = row["id"]
    let lastUpdate: Int64 = row["last_update"]
    var result = ResourceRow(
      id: try row.publicID("public_id"), level: level, patient: try row.publicID("patient_id"),
      tags: tags(row), diskSize: row["disk_size"], isProtected: row["is_protected"], lastUpdate: lastUpdate,
      isStable: level == .instance || lastUpdate + stableAge <= now,
      cursor: ListCursor(value: sortColumn.map { Self.cursorValue(row, $0) } ?? .none, key: key))
    result.labels = (row["labels"] as String? ?? "").split(separator: "\n").map(String.init)
    let aet = row["aet"] as String? ?? ""
    result.remoteAET = aet.isEmpty ? nil : aet
    if level != .patient { result.parent = try row.publicID("parent_id") }
    switch level {
    case .patient:
      result.studies = row["studies"]
      result.hasConflictingNames = row["has_conflict"]
    case .study: result.hasConflictingNames = row["has_conflict"]
    case .series:
      result.expectedInstances = row["expected"]
      result.modalities = result.tags[.modality].map { [$0] } ?? []
    case .instance: result.transferSyntax = row["syntax"]
    }
    if level < .series {
      result.series = row["series"]
      let modalities = (row["modalities"] as String? ?? "").split { $0 == "\\" || $0 == "," }
      result.modalities = Set(modalities.map(String.init)).sorted()
    }
    if level < .instance { result.instances = row["instances"] }
    return result
  }

  private func tags(_ row: Row) -> [Tag: String] {
    var tags: [Tag: String] = [:]
    for tag in MainDicomTags.builtIn(level) {
      if let text = row[tag.column] as String? { tags[tag] = text }
    }
    if let extra = row["extra"] as String?,
      let members = try? JSONDecoder().decode([String: String].self, from: Data(extra.utf8))
    {
      for (name, text) in members {
        if let tag = Tag(hex: name) { tags[tag] = text }
      }
    }
    return tags
  }

  private static func cursorValue(_ row: Row, _ column: String) -> ListCursor.Value {
    switch (row["sort_value"] as DatabaseValue).storage {
    case .int64(let number): .number(number)
    case .string(let text): .text(text)
    case .null, .double, .blob: .none
    }
  }

  /// The rows of some keys, in no particular order.
  static func fetch(
    _ db: Database, _ level: ResourceLevel, keys: [Int64], stableAge: Int64, now: Int64
  ) throws -> [ResourceRow] {
    let rows = ResourceRows(level: level, stableAge: stableAge, now: now)
    let marks = repeatElement("?", count: keys.count).joined(separator: ", ")
    return try Row.fetchAll(
      db, sql: rows.select + " WHERE t.id IN (\(marks))", arguments: StatementArguments(keys)
    ).map { try rows.row($0, sortColumn: nil) }
  }
}
