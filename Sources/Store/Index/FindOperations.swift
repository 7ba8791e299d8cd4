import DICOM
import GRDB

/// Finds resources by their tags, labels and metadata. What the index can't tell is left to `rest`.
struct FindOperations {
  let query: ResourceQuery
  let mainTags: MainDicomTags
  /// Tags that only files tell.
  private(set) var rest: [Tag: AttributeMatch] = [:]
  private var condition = SQLCondition()

  private static let modalitiesInStudy = Tag(0x0008, 0x0061)

  init(_ query: ResourceQuery, mainTags: MainDicomTags) {
    self.query = query
    self.mainTags = mainTags
    condition.add(EvictionOperations.isInSight(query.level), [])
    addTags()
    addLabels()
    addMetadata()
  }

  // MARK: Conditions

  private mutating func addTags() {
    var other: [ResourceLevel: [MatchCondition.Part]] = [:]
    for (tag, match) in query.tags.sorted(by: { $0.key < $1.key }) where match != .universal {
      if let part = own(tag, match) {
        condition.add(part)
      } else if let level = ResourceLevel.allCases.first(where: {
        $0 != query.level && part(tag, match, $0, "c") != nil
      }), let part = part(tag, match, level, "c") {
        other[level, default: []].append(part)
      } else {
        rest[tag] = match
      }
    }
    for (level, parts) in other.sorted(by: { $0.key < $1.key }) {
      let joined = parts.map { "(\($0.sql))" }.joined(separator: " AND ")
      condition.add(
        level < query.level ? above(level, joined) : below(level, joined), parts.flatMap(\.arguments))
    }
  }

  private func part(_ tag: Tag, _ match: AttributeMatch, _ level: ResourceLevel, _ table: String)
    -> MatchCondition.Part?
  {
    MatchCondition.of(tag, match, level, table: table, tags: mainTags, isExact: query.isExact)
  }

  private func own(_ tag: Tag, _ match: AttributeMatch) -> MatchCondition.Part? {
    if tag == Self.modalitiesInStudy && query.level == .study {
      let modality = MatchCondition.condition("c.sort_modality", match, SearchText.normalized)
      return ("EXISTS (SELECT 1 FROM series c WHERE c.parent = t.id AND \(modality.sql))", modality.arguments)
    }
    return part(tag, match, query.level, "t")
  }

  /// What it belongs to at a level fulfils a condition on `c`.
  private func above(_ level: ResourceLevel, _ sql: String) -> String {
    var keys = "SELECT c.id FROM \(IndexSchema.table(level)) c WHERE \(sql)"
    var current = level
    while let next = current.child, next < query.level {
      keys = "SELECT id FROM \(IndexSchema.table(next)) WHERE parent IN (\(keys))"
      current = next
    }
    return "t.parent IN (\(keys))"
  }

  /// Something below at a level fulfils a condition on `c`.
  private func below(_ level: ResourceLevel, _ sql: String) -> String {
    var tables = "\(IndexSchema.table(level)) c"
    var (current, name) = (level, "c")
    while let next = current.parent, next > query.level {
      let alias = "p\(next.rawValue)"
      tables += " JOIN \(IndexSchema.table(next)) \(alias) ON \(alias).id = \(name).parent"
      (current, name) = (next, alias)
    }
    return "EXISTS (SELECT 1 FROM \(tables) WHERE \(name).parent = t.id AND \(sql))"
  }

  private mutating func addLabels() {
    let level = query.level.rawValue
    let marks = repeatElement("?", count: query.labels.count).joined(separator: ", ")
    let labelled = "SELECT resource FROM label WHERE level = \(level)"
    switch query.labelsConstraint {
    case .all:
      for label in query.labels { condition.add("t.id IN (\(labelled) AND label = ?)", [label]) }
    case .any where !query.labels.isEmpty:
      condition.add("t.id IN (\(labelled) AND label IN (\(marks)))", query.labels)
    case .any: break
    // Without labels: whatever has none at all.
    case .none where query.labels.isEmpty:
      condition.add("NOT EXISTS (SELECT 1 FROM label WHERE level = \(level) AND resource = t.id)", [])
    case .none:
      condition.add(
        "NOT EXISTS (SELECT 1 FROM label WHERE level = \(level) AND resource = t.id AND label IN (\(marks)))",
        query.labels)
    }
  }

  private mutating func addMetadata() {
    for (key, match) in query.metadata.sorted(by: { $0.key < $1.key }) {
      let value = MatchCondition.condition(MetadataColumn.value(of: key, query.level), match) { $0 }
      condition.add(value)
    }
  }

  // MARK: Reading

  /// The keys of what matches, in the order asked for. Throws `StoreError.notFound` when the parent is gone.
  func keys(_ db: Database, since: Int, limit: Int?) throws -> [Int64] {
    let condition = try conditionWithParent(db)
    return try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT t.id FROM \(IndexSchema.table(query.level)) t \(condition.whereClause)
          ORDER BY \(ordering) LIMIT ? OFFSET ?
          """),
      arguments: condition.statementArguments + [limit ?? -1, since])
  }

  func count(_ db: Database) throws -> Int {
    let condition = try conditionWithParent(db)
    return try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT count(*) FROM \(IndexSchema.table(query.level)) t \(condition.whereClause)"),
      arguments: condition.statementArguments) ?? 0
  }

  private func conditionWithParent(_ db: Database) throws -> SQLCondition {
    guard let parent = query.parent else { return condition }
    var condition = condition
    let key = try ArchiveIndex.existingKey(db, parent)
    if parent.level == query.level {
      condition.add("t.id = ?", [key])
    } else {
      condition.add(above(parent.level, "c.id = ?"), [key])
    }
    return condition
  }

  private var ordering: String {
    let keys = query.order.map { order in
      let expression =
        switch order.key {
        case .tag(let tag): tagExpression(tag)
        case .metadata(let key): MetadataColumn.value(of: key, query.level)
        }
      return expression + (order.isDescending ? " DESC" : " ASC")
    }
    return (keys + ["t.id"]).joined(separator: ", ")
  }

  /// Its own tag, or that of what it belongs to; others order nothing.
  private func tagExpression(_ tag: Tag) -> String {
    var level: ResourceLevel? = query.level
    var (tables, name) = ("", "t")
    while let current = level {
      if MainDicomTags.builtIn(current).contains(tag) {
        let column = "\(name).\(tag.column)"
        return tables.isEmpty ? column : "(SELECT \(column) FROM \(tables))"
      }
      guard let parent = current.parent else { break }
      let alias = "o\(parent.rawValue)"
      let table = IndexSchema.table(parent)
      tables =
        tables.isEmpty
        ? "\(table) \(alias) WHERE \(alias).id = t.parent"
        : "\(table) \(alias) WHERE \(alias).id = (SELECT \(name).parent FROM \(tables))"
      (level, name) = (parent, alias)
    }
    return "NULL"
  }
}

/// Metadata of a resource `t` of a level as an expression: user-defined ones have a table, core ones are columns.
enum MetadataColumn {
  static func value(of key: MetadataKey, _ level: ResourceLevel) -> String {
    func source(_ column: String) -> String { "(SELECT \(column) FROM source WHERE source.id = t.source)" }
    func term(_ column: String) -> String { "(SELECT text FROM term WHERE term.id = t.\(column))" }
    let date =
      "strftime('%Y%m%dT%H%M%S', max(t.last_update, \(level == .instance ? "0" : "t.last_change")), 'unixepoch')"
    switch (key, level) {
    case (.lastUpdate, .patient), (.lastUpdate, .study), (.lastUpdate, .series), (.receptionDate, .instance):
      return date
    case (.remoteAET, .series), (.remoteAET, .instance): return source("remote_aet")
    case (.calledAET, .instance): return source("called_aet")
    case (.remoteIP, .instance): return source("remote_ip")
    case (.httpUsername, .instance): return source("username")
    case (.transferSyntax, .instance): return term("transfer_syntax")
    case (.sopClassUID, .instance): return term("sop_class")
    case (.mainDicomTagsSignature, _): return term("signature")
    case (.indexInSeries, .instance): return "CAST(t.index_in_series AS TEXT)"
    case (.pixelDataOffset, .instance): return "CAST(t.pixel_data_offset AS TEXT)"
    case (.pixelDataVR, .instance): return "t.pixel_data_vr"
    case (.expectedNumberOfInstances, .series): return "CAST(t.expected AS TEXT)"
    case (.origin, .instance):
      let names = InstanceOrigin.Mechanism.allCases.map { "WHEN \($0.rawValue) THEN '\($0.name)'" }
      return "(CASE \(source("mechanism")) \(names.joined(separator: " ")) END)"
    default:
      return """
        (SELECT value FROM metadata WHERE level = \(level.rawValue) AND resource = t.id AND key = \(key.rawValue))
        """
    }
  }
}
