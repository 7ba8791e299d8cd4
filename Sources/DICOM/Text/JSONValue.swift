/// A JSON value (RFC 8259).
public enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public static func number(_ value: Int) -> JSONValue { .number(Double(value)) }

  public static func number(_ value: Int64) -> JSONValue { .number(Double(value)) }

  public static func texts(_ values: some Sequence<String>) -> JSONValue { .array(values.map { .text($0) }) }

  /// A member of an object; nil where there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { return members[name] }
    return nil
  }

  /// As a message shows it.
  public var description: String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .number(let value): JSONWriter.number(value)
    case .text(let value): "\"\(value)\""
    case .array: "a list"
    case .object: "an object"
    }
  }
}
