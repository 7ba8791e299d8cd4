import DICOM
import GRDB

/// Windows of a list: by key, never by counting rows off from the start.
struct ListOperations {
  let query: ListQuery
  let rows: ResourceRows
  private let condition: SQLCondition

  init(_ db: Database, _ query: ListQuery, stableAge: Int64, now: Int64) throws {
    self.query = query
    rows = ResourceRows(level: query.level, stableAge: stableAge, now: now)
    var condition = SQLCondition()
    if let parent = query.parent {
      guard parent.level < query.level, let above = query.level.parent else {
        throw StoreError(.badValue, "a \(parent.level.name) has no list of \(query.level.name) below it")
      }
      let key = try ArchiveIndex.existingKey(db, parent)
      if parent.level == above {
        condition.add("t.parent = ?", [key])
      } else {
        condition.add("t.parent IN (\(DeletionOperations.keysBelow(parent.level, above)))", [key])
      }
    }
    for term in query.filter.terms { condition.add(FilterCondition.of(term, query.level)) }
    self.condition = condition
  }

  /// Where a level's rows take the value from that a list is ordered by.
  static func sortColumn(_ key: SortKey, _ level: ResourceLevel) -> String {
    switch (key, level) {
    case (.patientName, .patient), (.patientName, .study): "sort_name"
    case (.patientID, .patient), (.patientID, .study): "sort_id"
    case (.birthDate, .patient): "sort_birth"
    case (.studyDate, .study): "sort_date"
    case (.modality, .study): "modalities"
    case (.modality, .series): "sort_modality"
    case (.description, .study), (.description, .series): "sort_description"
    case (.accessionNumber, .study): "sort_accession"
    case (.number, .series), (.number, .instance): "sort_number"
    case (.instances, .patient), (.instances, .study), (.instances, .series): "instances"
    case (.diskSize, _): "disk_size"
    case (.lastUpdate, _): "last_update"
    // A key that the level lacks: the order of arrival.
    default: "id"
    }
  }

  private var column: String { "t." + Self.sortColumn(query.sort, query.level) }

  /// The window around a place.
  func window(_ db: Database, anchor: WindowAnchor, limit: Int) throws -> ListWindow {
    let total = try total(db)
    var found: [ResourceRow]
    switch anchor {
    case .start: found = try fetch(db, from: nil, forward: true, limit: limit)
    case .end: found = try fetch(db, from: nil, forward: false, limit: limit).reversed()
    case .around(let cursor): found = try around(db, cursor, limit: limit)
    case .aroundResource(let id):
      if let cursor = try cursor(db, of: id) {
        found = try around(db, cursor, limit: limit)
      } else {
        found = try fetch(db, from: nil, forward: true, limit: limit)
      }
    }
    let first = try found.first.map { try count(db, before: $0.cursor) } ?? 0
    return ListWindow(rows: found, firstIndex: first, total: max(total, first + found.count))
  }

  private func around(_ db: Database, _ cursor: ListCursor, limit: Int) throws -> [ResourceRow] {
    let before = try fetch(db, from: cursor, forward: false, limit: limit / 2)
    let after = try fetch(db, from: cursor, forward: true, limit: limit - before.count)
    if after.count + before.count == limit || before.count < limit / 2 { return before.reversed() + after }
    // Near the end there is room for more of what comes before.
    return try fetch(db, from: cursor, forward: false, limit: limit - after.count).reversed() + after
  }

  /// Rows from a place on (it included), or before it (it excluded, nearest first).
  private func fetch(
    _ db: Database, from cursor: ListCursor?, forward: Bool, limit: Int
  ) throws -> [ResourceRow] {
    var condition = condition
    // Forward in a descending list is backward in the index.
    let isAscending = forward != query.isDescending
    if let cursor {
      let comparison = isAscending ? (forward ? ">=" : ">") : (forward ? "<=" : "<")
      condition.add("(\(column), t.id) \(comparison) (?, ?)", [cursor.value.databaseValue, cursor.key])
    }
    let direction = isAscending ? "ASC" : "DESC"
    let select = rows.select.replacing(
      "SELECT t.id,", with: "SELECT \(column) AS sort_value, t.id,", maxReplacements: 1)
    let statement = try db.cachedStatement(
      sql: """
        \(select) \(condition.whereClause) ORDER BY \(column) \(direction), t.id \(direction) LIMIT ?
        """)
    return try Row.fetchAll(statement, arguments: StatementArguments(condition.arguments) + [limit])
      .map { try rows.row($0, sortColumn: column) }
  }

  private func cursor(_ db: Database, of id: PublicID) throws -> ListCursor? {
    var condition = condition
    condition.add("t.public_id = ?", [id.data])
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(column) AS v, t.id FROM \(table) \(condition.whereClause)"),
      arguments: StatementArguments(condition.arguments))
    guard let row else { return nil }
    switch (row["v"] as DatabaseValue).storage {
    case .int64(let number): return ListCursor(value: .number(number), key: row["id"])
    case .string(let text): return ListCursor(value: .text(text), key: row["id"])
    case .null, .double, .blob: return ListCursor(value: .none, key: row["id"])
    }
  }

  private var table: String { "\(IndexSchema.table(query.level)) t" }

  private func count(_ db: Database, before cursor: ListCursor) throws -> Int {
    var condition = condition
    condition.add(
      "(\(column), t.id) \(query.isDescending ? ">" : "<") (?, ?)", [cursor.value.databaseValue, cursor.key])
    return try count(db, condition)
  }

  /// Without a filter the counters know.
  private func total(_ db: Database) throws -> Int {
    if condition.isEmpty {
      let totals = try ArchiveIndex.totals(db)
      switch query.level {
      case .patient: return totals.patients
      case .study: return totals.studies
      case .series: return totals.series
      case .instance: return totals.instances
      }
    }
    return try count(db, condition)
  }

  private func count(_ db: Database, _ condition: SQLCondition) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM \(table) \(condition.whereClause)"),
      arguments: StatementArguments(condition.arguments)) ?? 0
  }
}

extension ListCursor.Value {
  var databaseValue: DatabaseValue {
    switch self {
    case .text(let text): text.databaseValue
    case .number(let number): number.databaseValue
    case .none: .null
    }
  }
}
