/// Writes JSON laid out over lines, as Orthanc's answers are: members in the order of their names' bytes, one a line.
public enum JSONWriter {
  /// - Parameters:
  ///   - indentation: what a level is indented by; Orthanc takes three blanks, and a tab for errors.
  ///   - firstLevel: how deep it stands in what it becomes a part of.
  public static func text(_ value: JSONValue, indentation: String = "   ", firstLevel: Int = 0) -> String {
    String(decoding: bytes(value, indentation: indentation, firstLevel: firstLevel), as: UTF8.self)
  }

  /// The same in UTF-8.
  public static func bytes(
    _ value: JSONValue, indentation: String = "   ", firstLevel: Int = 0
  ) -> [UInt8] {
    var writer = Layout(indentation: Array(indentation.utf8))
    writer.value(value, level: firstLevel)
    return writer.bytes
  }

  /// A whole number without a point, as far as such a number is exact.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private struct Layout {
    let indentation: [UInt8]
    var bytes: [UInt8] = []

    mutating func value(_ value: JSONValue, level: Int) {
      switch value {
      case .null: write("null")
      case .boolean(let value): write(value ? "true" : "false")
      case .number(let value): write(JSONWriter.number(value))
      case .text(let value): JSONText.append(quoted: value, to: &bytes)
      case .array(let items):
        if items.isEmpty { write("[]") } else { array(items, level: level) }
      case .object(let members):
        if members.isEmpty { write("{}") } else { object(members, level: level) }
      }
    }

    private mutating func write(_ text: String) { bytes += text.utf8 }

    private mutating func array(_ items: [JSONValue], level: Int) {
      write("[")
      for (number, item) in items.enumerated() {
        if number > 0 { write(",") }
        newLine(level + 1)
        value(item, level: level + 1)
      }
      newLine(level)
      write("]")
    }

    private mutating func object(_ members: [String: JSONValue], level: Int) {
      write("{")
      var isFirst = true
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (name, member) in sorted {
        if !isFirst { write(",") }
        isFirst = false
        newLine(level + 1)
        JSONText.append(quoted: name, to: &bytes)
        write(" : ")
        if member.hasMembers { newLine(level + 1) }
        value(member, level: level + 1)
      }
      newLine(level)
      write("}")
    }

    private mutating func newLine(_ level: Int) {
      bytes.append(UInt8(ascii: "\n"))
      for _ in 0..<level { bytes += indentation }
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
