import DICOM
import GRDB

/// Conditions joined by AND, with their arguments.
struct SQLCondition {
  private var parts: [String] = []
  private(set) var arguments: [DatabaseValue] = []

  var isEmpty: Bool { parts.isEmpty }
  var statementArguments: StatementArguments { StatementArguments(values: arguments) }
  var whereClause: String { parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND ") }

  mutating func add(_ sql: String, _ arguments: [any DatabaseValueConvertible]) {
    parts.append("(\(sql))")
    self.arguments += arguments.map(\.databaseValue)
  }

  mutating func add(_ other: (sql: String, arguments: [any DatabaseValueConvertible])) {
    add(other.sql, other.arguments)
  }
}

/// A term of a filter as SQL over a level's table `t`.
enum FilterCondition {
  typealias Part = (sql: String, arguments: [any DatabaseValueConvertible])

  static func of(_ term: ListFilter.Term, _ level: ResourceLevel) -> Part {
    let part = positive(term, level)
    return term.isNegated ? ("NOT coalesce(\(part.sql), 0)", part.arguments) : part
  }

  private static func positive(_ term: ListFilter.Term, _ level: ResourceLevel) -> Part {
    switch term.field {
    case .any: words(term.text, level)
    case .mod: modality(term.text.uppercased(), level)
    case .label:
      (
        """
        EXISTS (SELECT 1 FROM label WHERE level = \(level.rawValue) AND resource = t.id
          AND instr(lower(label), ?) = 1)
        """, [term.text.lowercased()]
      )
    case .aet:
      (
        "EXISTS (SELECT 1 FROM source WHERE source.id = t.source AND instr(upper(remote_aet), ?) = 1)",
        [term.text.uppercased()]
      )
    case .id: patientID(SearchText.normalized(term.text), level)
    case .date: date(term.text.filter { $0.isNumber || $0 == "-" }, level)
    case .protected: protected(term.text, level)
    }
  }

  /// Instances keep no text of their own for searching; their UID and number are it.
  private static func words(_ text: String, _ level: ResourceLevel) -> Part {
    let normalized = SearchText.normalized(text)
    if level != .instance { return ("instr(t.search, ?) > 0", [normalized]) }
    let (uid, number) = (Tag.sopInstanceUID.column, Tag.instanceNumber.column)
    return ("instr(t.\(uid), ?) > 0 OR t.\(number) = ?", [text, text])
  }

  private static func modality(_ text: String, _ level: ResourceLevel) -> Part {
    switch level {
    case .patient:
      ("EXISTS (SELECT 1 FROM study WHERE study.parent = t.id AND instr(study.modalities, ?) > 0)", [text])
    case .study: ("instr(t.modalities, ?) > 0", [text])
    case .series: ("instr(upper(t.\(Tag.modality.column)), ?) = 1", [text])
    case .instance:
      ("EXISTS (SELECT 1 FROM series WHERE series.id = t.parent AND sort_modality = ?)", [text])
    }
  }

  private static func patientID(_ text: String, _ level: ResourceLevel) -> Part {
    switch level {
    case .patient, .study: ("instr(t.sort_id, ?) > 0", [text])
    case .series:
      ("EXISTS (SELECT 1 FROM study WHERE study.id = t.parent AND instr(study.sort_id, ?) > 0)", [text])
    case .instance:
      (
        """
        EXISTS (SELECT 1 FROM series JOIN study ON study.id = series.parent WHERE series.id = t.parent
          AND instr(study.sort_id, ?) > 0)
        """, [text]
      )
    }
  }

  /// `2024`, `202403`, `20240302` as beginnings; `a-b` as a range with either end open. Dates may be written with
  /// hyphens (`2024-03-02`).
  private static func date(_ text: String, _ level: ResourceLevel) -> Part {
    let column = level == .series ? Tag.seriesDate.column : Tag.studyDate.column
    let plain = text.replacing(/(\d{4})-(\d{2})-(\d{2})/) { String($0.output.1 + $0.output.2 + $0.output.3) }
    let parts = plain.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let isRange = parts.count == 2 && parts.allSatisfy { $0.isEmpty || $0.count == 8 } && plain != "-"
    var comparison = "\(column) >= ? AND \(column) <= ?"
    // A date that is empty is in no range.
    var arguments = [
      isRange && !parts[0].isEmpty ? parts[0] : "0", isRange && !parts[1].isEmpty ? parts[1] : "99999999",
    ]
    if !isRange {
      comparison = "instr(\(column), ?) = 1"
      arguments = [parts.joined()]
    }
    switch level {
    case .study, .series: return (comparison, arguments)
    case .patient:
      return ("EXISTS (SELECT 1 FROM study WHERE study.parent = t.id AND \(comparison))", arguments)
    case .instance:
      return (
        """
        EXISTS (SELECT 1 FROM series JOIN study ON study.id = series.parent
          WHERE series.id = t.parent AND \(comparison))
        """, arguments
      )
    }
  }

  private static func protected(_ text: String, _ level: ResourceLevel) -> Part {
    let isWanted = !["no", "0", "false", "n"].contains(text.lowercased())
    switch level {
    case .patient: return ("t.is_protected = ?", [isWanted])
    case .study:
      return (
        "EXISTS (SELECT 1 FROM patient WHERE patient.id = t.parent AND is_protected = ?)", [isWanted]
      )
    // Below studies the parent shows it.
    case .series, .instance: return ("1", [])
    }
  }
}
