/// Writes JSON laid out over lines, as Orthanc's answers are: members in the order of their names' bytes, one a line.
public enum JSONWriter {
  /// - Parameters:
  ///   - indentation: what a level is indented by; Orthanc takes three blanks, and a tab for errors.
  ///   - firstLevel: how deep it stands in what it becomes a part of.
  public static func text(_ value: JSONValue, indentation: String = "   ", firstLevel: Int = 0) -> String {
    var writer = Layout(indentation: indentation)
    writer.value(value, level: firstLevel)
    return writer.text
  }

  /// A whole number without a point, as far as such a number is exact.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private struct Layout {
    let indentation: String
    var text = ""

    mutating func value(_ value: JSONValue, level: Int) {
      switch value {
      case .null: text += "null"
      case .boolean(let value): text += value ? "true" : "false"
      case .number(let value): text += JSONWriter.number(value)
      case .text(let value): text += JSONText.quoted(value)
      case .array(let items):
        if items.isEmpty { text += "[]" } else { array(items, level: level) }
      case .object(let members):
        if members.isEmpty { text += "{}" } else { object(members, level: level) }
      }
    }

    private mutating func array(_ items: [JSONValue], level: Int) {
      text += "["
      for (number, item) in items.enumerated() {
        if number > 0 { text += "," }
        newLine(level + 1)
        value(item, level: level + 1)
      }
      newLine(level)
      text += "]"
    }

    private mutating func object(_ members: [String: JSONValue], level: Int) {
      text += "{"
      var isFirst = true
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (name, member) in sorted {
        if !isFirst { text += "," }
        isFirst = false
        newLine(level + 1)
        text += JSONText.quoted(name) + " : "
        if member.hasMembers { newLine(level + 1) }
        value(member, level: level + 1)
      }
      newLine(level)
      text += "}"
    }

    private mutating func newLine(_ level: Int) {
      text += "\n"
      for _ in 0..<level { text += indentation }
    }
  }
}

extension JSONValue {
  fileprivate var hasMembers: Bool {
    switch self {
    case .array(let items): !items.isEmpty
    case .object(let members): !members.isEmpty
    case .null, .boolean, .number, .text: false
    }
  }
}
