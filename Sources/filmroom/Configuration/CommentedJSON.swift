import Foundation

/// Orthanc's configuration files are JSON with the comments of C and C++.
enum CommentedJSON {
  /// The same text with blanks for comments, so that an error's line and column stay right.
  static func withoutComments(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    result.reserveCapacity(bytes.count)
    var position = 0
    var isInString = false
    while position < bytes.count {
      let byte = bytes[position]
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      if isInString {
        result.append(byte)
        if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
          result.append(next)
          position += 1
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        position += 1
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "/") {
        while position < bytes.count && bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        // One that is not closed stays, for the parser to stumble over.
        guard let end = endOfComment(bytes, from: position + 2) else {
          return String(decoding: result + bytes[position...], as: UTF8.self)
        }
        result += bytes[position..<end].map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        position = end
      } else {
        if byte == UInt8(ascii: "\"") { isInString = true }
        result.append(byte)
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "*") && bytes[position + 1] == UInt8(ascii: "/") {
        return position + 2
      }
      position += 1
    }
    return nil
  }

  /// `${NAME}` and `${NAME:-otherwise}` stand for environment variables, as in Orthanc. A variable that is not
  /// there is empty, and told with the byte of the result that it would have begun at.
  static func substitutingEnvironment(
    _ text: String, _ environment: [String: String], missing: (String, Int) -> Void = { _, _ in }
  ) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      result += rest[..<start.lowerBound]
      let expression = rest[start.upperBound..<end]
      let parts = expression.range(of: ":-")
      let name = String(parts.map { expression[..<$0.lowerBound] } ?? expression)
      let otherwise = parts.map { String(expression[$0.upperBound...]) } ?? ""
      if environment[name] == nil && parts == nil { missing(name, result.utf8.count) }
      result += environment[name] ?? otherwise
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
