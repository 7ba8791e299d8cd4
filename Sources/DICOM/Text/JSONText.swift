/// Strings as JSON has them (RFC 8259 §7).
public enum JSONText {
  /// A string in quotes.
  public static func quoted(_ text: String) -> String {
    // Most have nothing that must be escaped.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      return "\"" + text + "\""
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// An object of strings, keys sorted.
  public static func object(_ members: [String: String]) -> String {
    let parts = members.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
    return "{" + parts.joined(separator: ",") + "}"
  }
}
