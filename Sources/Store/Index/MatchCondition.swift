import DICOM
import GRDB

/// A match of an attribute as SQL.
enum MatchCondition {
  typealias Part = FilterCondition.Part

  /// SQL function: text as it is compared when people search.
  static let normalize = "search_text"

  /// On a level's table under some name. Nil for a tag that the index doesn't keep for the level.
  static func of(
    _ tag: Tag, _ match: AttributeMatch, _ level: ResourceLevel, table: String, tags: MainDicomTags,
    isExact: Bool
  ) -> Part? {
    let isBuiltIn = MainDicomTags.builtIn(level).contains(tag)
    guard isBuiltIn || tags.extra[level]?.contains(tag) == true else { return nil }
    let raw =
      isBuiltIn ? "\(table).\(tag.column)" : "json_extract(\(table).extra, '$.\"\(tag.orthancDescription)\"')"
    if DataDictionary.vr(of: tag) == .UI { return condition(raw, match) { $0 } }
    guard let sorted = sortColumn(tag, level) else {
      return isExact
        ? condition(raw, match) { $0 } : condition("\(normalize)(\(raw))", match, SearchText.normalized)
    }
    // What people see is narrowed by the column that has an index, then compared as it is.
    var indexed = condition("\(table).\(sorted)", match, SearchText.normalized)
    if case .wildcard(let pattern) = match, Wildcard.prefix(of: pattern).isEmpty {
      // Every value has to be looked at: in the index they lie closer together than in the rows.
      let inner = condition(sorted, match, SearchText.normalized)
      indexed = (
        "\(table).id IN (SELECT id FROM \(IndexSchema.table(level)) WHERE \(inner.sql))", inner.arguments
      )
    }
    if !isExact { return indexed }
    let exact = condition(raw, match) { $0 }
    return ("\(indexed.sql) AND \(exact.sql)", indexed.arguments + exact.arguments)
  }

  /// Columns with normalised text and an index.
  private static func sortColumn(_ tag: Tag, _ level: ResourceLevel) -> String? {
    switch (tag, level) {
    case (.patientName, .patient), (.patientName, .study): "sort_name"
    case (.patientID, .patient), (.patientID, .study): "sort_id"
    case (.patientBirthDate, .patient): "sort_birth"
    case (.studyDate, .study): "sort_date"
    case (.studyDescription, .study), (.seriesDescription, .series): "sort_description"
    case (.accessionNumber, .study): "sort_accession"
    case (.modality, .series): "sort_modality"
    default: nil
    }
  }

  /// - Parameter normal: brings a wanted text into the form that the column has.
  static func condition(_ column: String, _ match: AttributeMatch, _ normal: (String) -> String) -> Part {
    switch match {
    case .universal: return ("1", [])
    case .single(let text): return ("\(column) = ?", [normal(text)])
    case .list(let texts):
      let marks = repeatElement("?", count: texts.count).joined(separator: ", ")
      return ("\(column) IN (\(marks))", texts.map(normal))
    case .range(let from, let to):
      var parts = ["\(column) >= ?"]
      // A date that is missing is in no range.
      var arguments: [any DatabaseValueConvertible] = [from.isEmpty ? "0" : normal(from)]
      if !to.isEmpty {
        // `1200` as an end takes `120059.5` in.
        parts.append("\(column) < ?")
        arguments.append(normal(to) + "\u{10FFFF}")
      }
      return ("(" + parts.joined(separator: " AND ") + ")", arguments)
    case .wildcard(let pattern):
      let pattern = normal(pattern)
      let glob = ("\(column) GLOB ?", [pattern.replacing("[", with: "[[]")])
      let prefix = Wildcard.prefix(of: pattern)
      if prefix.isEmpty { return glob }
      return (
        "(\(column) >= ? AND \(column) < ? AND \(glob.0))", [prefix, prefix + "\u{10FFFF}"] + glob.1
      )
    }
  }
}
