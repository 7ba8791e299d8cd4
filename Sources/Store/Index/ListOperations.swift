import DICOM
import GRDB

/// Windows of a list: by key, never by counting rows off from the start.
struct ListOperations {
  let query: ListQuery
  let rows: ResourceRows
  private let condition: SQLCondition

  init(_ db: Database, _ query: ListQuery) throws {
    self.query = query
    rows = ResourceRows(level: query.level)
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

  /// Rows that follow each other, and whether they are known to be the list's first or last ones.
  private struct Part {
    var rows: [ResourceRow]
    var isFirst = false
    var isLast = false
  }

  /// The window around a place, and where it stands, which spares the next one to count from the list's start.
  /// - Parameter known: what the last window of this list told, if nothing was committed since.
  func window(
    _ db: Database, anchor: WindowAnchor, limit: Int, known: ListPositions.Known? = nil
  ) throws -> (window: ListWindow, known: ListPositions.Known) {
    let part = try part(db, anchor, limit: limit)
    let (first, total) = try place(db, part, known)
    let window = ListWindow(rows: part.rows, firstIndex: first, total: max(total, first + part.rows.count))
    return (window, ListPositions.Known(total: total, cursor: part.rows.first?.cursor, index: first))
  }

  private func part(_ db: Database, _ anchor: WindowAnchor, limit: Int) throws -> Part {
    switch anchor {
    case .start: return try start(db, limit: limit)
    case .end:
      let rows = try fetch(db, from: nil, forward: false, limit: limit)
      return Part(rows: rows.reversed(), isFirst: rows.count < limit, isLast: true)
    case .around(let cursor): return try around(db, cursor, limit: limit)
    case .beyond(let cursor, let rows):
      guard let place = try self.cursor(db, beyond: cursor, rows: rows) else {
        return try part(db, rows < 0 ? .start : .end, limit: limit)
      }
      return try around(db, place, limit: limit)
    case .aroundResource(let id):
      guard let cursor = try cursor(db, of: id) else { return try start(db, limit: limit) }
      return try around(db, cursor, limit: limit)
    }
  }

  private func start(_ db: Database, limit: Int) throws -> Part {
    let rows = try fetch(db, from: nil, forward: true, limit: limit)
    return Part(rows: rows, isFirst: true, isLast: rows.count < limit)
  }

  private func around(_ db: Database, _ cursor: ListCursor, limit: Int) throws -> Part {
    let before = try fetch(db, from: cursor, forward: false, limit: limit / 2)
    let room = limit - before.count
    let after = try fetch(db, from: cursor, forward: true, limit: room)
    let isFirst = before.count < limit / 2
    let isLast = after.count < room
    if !isLast || isFirst { return Part(rows: before.reversed() + after, isFirst: isFirst, isLast: isLast) }
    // Near the end there is room for more of what comes before.
    let more = try fetch(db, from: cursor, forward: false, limit: limit - after.count)
    return Part(rows: more.reversed() + after, isFirst: more.count < limit - after.count, isLast: true)
  }

  /// How many rows come before a part, and how many there are: counted only where it is not known.
  private func place(
    _ db: Database, _ part: Part, _ known: ListPositions.Known?
  ) throws -> (first: Int, total: Int) {
    if part.isFirst && part.isLast { return (0, part.rows.count) }
    guard let first = part.rows.first?.cursor, !part.isFirst, !part.isLast else {
      let total = try known?.total ?? total(db)
      return (part.isLast ? total - part.rows.count : 0, total)
    }
    if let known, let place = known.cursor {
      if place == first { return (known.index, known.total) }
      let isBehind = query.isDescending ? first.precedes(place) : place.precedes(first)
      let between = try count(db, from: isBehind ? place : first, to: isBehind ? first : place)
      return (known.index + (isBehind ? between : -between), known.total)
    }
    if condition.isEmpty { return (try count(db, from: nil, to: first), try total(db)) }
    return try countAll(db, before: first)
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
    let select = rows.select.replacing(
      "SELECT t.id,", with: "SELECT \(column) AS sort_value, t.id,", maxReplacements: 1)
    let place = "\(condition.whereClause) \(order(isAscending)) LIMIT ?"
    let statement = try db.cachedStatement(
      sql: isIndexed
        ? "\(select) \(place)"
        : "\(select) WHERE t.id IN (SELECT t.id FROM \(table) \(place)) \(order(isAscending))")
    return try rows.fetch(statement, arguments: condition.statementArguments + [limit])
  }

  /// Amounts change with every instance, so no index keeps their order. Then keys are sorted first: sorting whole rows
  /// would put all of them together, for the few that are shown.
  private var isIndexed: Bool { query.sort != .instances && query.sort != .diskSize }

  private func order(_ isAscending: Bool) -> String {
    let direction = isAscending ? "ASC" : "DESC"
    return "ORDER BY \(column) \(direction), t.id \(direction)"
  }

  /// The place so many rows from another one; nil beyond the list's ends.
  private func cursor(_ db: Database, beyond cursor: ListCursor, rows: Int) throws -> ListCursor? {
    var condition = condition
    let isAscending = (rows >= 0) != query.isDescending
    condition.add(
      "(\(column), t.id) \(isAscending ? ">=" : "<=") (?, ?)", [cursor.value.databaseValue, cursor.key])
    let statement = try db.cachedStatement(
      sql: """
        SELECT \(column) AS v, t.id FROM \(table) \(condition.whereClause) \(order(isAscending))
        LIMIT 1 OFFSET ?
        """)
    return try Row.fetchOne(statement, arguments: condition.statementArguments + [abs(rows)])
      .map(Self.cursor)
  }

  private func cursor(_ db: Database, of id: PublicID) throws -> ListCursor? {
    var condition = condition
    condition.add("t.public_id = ?", [id.data])
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(column) AS v, t.id FROM \(table) \(condition.whereClause)"),
      arguments: condition.statementArguments)
    return row.map(Self.cursor)
  }

  private static func cursor(_ row: Row) -> ListCursor {
    switch (row["v"] as DatabaseValue).storage {
    case .int64(let number): ListCursor(value: .number(number), key: row["id"])
    case .string(let text): ListCursor(value: .text(text), key: row["id"])
    case .null, .double, .blob: ListCursor(value: .none, key: row["id"])
    }
  }

  private var table: String { "\(IndexSchema.table(query.level)) t" }

  /// Rows of the list from a place (nil: its start) up to, and without, another one.
  private func count(_ db: Database, from start: ListCursor?, to end: ListCursor) throws -> Int {
    var condition = condition
    let (further, before) = query.isDescending ? ("<=", ">") : (">=", "<")
    if let start {
      condition.add(
        "(\(column), t.id) \(further) (?, ?)", [start.value.databaseValue, start.key])
    }
    condition.add("(\(column), t.id) \(before) (?, ?)", [end.value.databaseValue, end.key])
    return try count(db, condition)
  }

  /// Rows before a place, and all of them, in one go through those that the filter has to look at.
  private func countAll(_ db: Database, before cursor: ListCursor) throws -> (first: Int, total: Int) {
    let comparison = query.isDescending ? ">" : "<"
    let statement = try db.cachedStatement(
      sql: """
        SELECT count(*) AS total, coalesce(sum((\(column), t.id) \(comparison) (?, ?)), 0) AS first
        FROM \(table) \(condition.whereClause)
        """)
    let arguments: StatementArguments = [cursor.value.databaseValue, cursor.key]
    guard
      let row = try Row.fetchOne(statement, arguments: arguments + condition.statementArguments)
    else { return (0, 0) }
    return (row["first"], row["total"])
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
      arguments: condition.statementArguments) ?? 0
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
