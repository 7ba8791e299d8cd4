/// Reads JSON and says where it goes wrong: Foundation's reader gives no place, and lets the same key stand twice.
///
/// A comma behind the last member is allowed, as people leave it there and Orthanc takes it.
public struct JSONParser {
  public struct Fault: Error, Equatable {
    public var line: Int
    public var column: Int
    public var message: String
  }

  /// Where the value of an option stands: its path and its bytes.
  public struct Place: Equatable {
    public var option: String
    public var bytes: Range<Int>
  }

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private static let depthLimit = 64

  private var path: [String] = []
  private var places: [Place] = []

  public static func parse(_ text: String) throws(Fault) -> JSONValue {
    try parseWithPlaces(text).value
  }

  /// Reads the text and tells where each member of an object stands, inner ones before those around them.
  public static func parseWithPlaces(_ text: String) throws(Fault) -> (value: JSONValue, places: [Place]) {
    var parser = JSONParser(bytes: Array(text.utf8))
    let value = try parser.value()
    parser.skipBlanks()
    if parser.position < parser.bytes.count { throw parser.fault("nothing may come behind the end") }
    return (value, parser.places)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    // A byte order mark.
    if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      skipBlanks()
    }
  }

  private func fault(_ message: String, at place: Int? = nil) -> Fault {
    let place = place ?? position
    // Comments are blanks by now, but for one that never ends.
    let isComment = bytes[place...].starts(with: Array("/*".utf8))
    let message = isComment ? "the comment is not closed" : message
    let before = bytes[..<place]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return Fault(
      line: before.count { $0 == 0x0A } + 1,
      column: String(decoding: before[start...], as: UTF8.self).count + 1, message: message)
  }

  private mutating func value() throws(Fault) -> JSONValue {
    skipBlanks()
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw fault("nested too deep") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .text(try string())
    case nil: throw fault("a value is missing at the end")
    default: return try word()
    }
  }

  private mutating func object() throws(Fault) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    var starts: [String: Int] = [:]
    position += 1
    while true {
      skipBlanks()
      if next == UInt8(ascii: "}") { break }
      guard next == UInt8(ascii: "\"") else { throw fault("a name in double quotes or } is missing") }
      let start = position
      let name = try string()
      if let first = starts[name] {
        let line = fault("", at: first).line
        throw fault("\"\(name)\" is there twice, the first time in line \(line)", at: start)
      }
      starts[name] = start
      skipBlanks()
      guard next == UInt8(ascii: ":") else { throw fault("a : is missing behind \"\(name)\"") }
      position += 1
      path.append(name)
      let valueStart = position
      members[name] = try value()
      places.append(Place(option: path.joined(separator: "."), bytes: valueStart..<position))
      path.removeLast()
      if try !hasMore("}") { break }
    }
    position += 1
    return members
  }

  private mutating func array() throws(Fault) -> [JSONValue] {
    var items: [JSONValue] = []
    position += 1
    while true {
      skipBlanks()
      if next == UInt8(ascii: "]") { break }
      items.append(try value())
      if try !hasMore("]") { break }
    }
    position += 1
    return items
  }

  /// Behind a member: a comma, or the end, on which it stays.
  private mutating func hasMore(_ end: Unicode.Scalar) throws(Fault) -> Bool {
    skipBlanks()
    if next == UInt8(ascii: ",") {
      position += 1
      return true
    }
    if next == UInt8(ascii: end) { return false }
    throw fault("a comma or \(end) is missing")
  }

  /// What ends a word.
  private static let ends = Array(",]}: \t\r\n{[\"".utf8)

  private mutating func word() throws(Fault) -> JSONValue {
    let start = position
    while let byte = next, !Self.ends.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    default:
      if Self.isNumber(text), let number = Double(text), number.isFinite { return .number(number) }
      throw fault(
        text.isEmpty ? "a value is missing" : "\(text) is no value: \(Self.remedy(text))", at: start)
    }
  }

  private static func remedy(_ text: String) -> String {
    text.first?.isNumber == true
      ? "numbers are decimal, such as 104 or -2.5" : "texts stand in double quotes"
  }

  /// JSON's grammar of numbers: `Double` alone would take hexadecimal ones and leading zeros.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
      rest = rest.dropFirst(count)
      return count
    }
    func skip(_ any: String) -> Bool {
      guard let first = rest.first, any.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = skip("-")
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    if whole == 0 || startsWithZero && whole > 1 { return false }
    if skip("."), digits() == 0 { return false }
    if skip("eE") {
      _ = skip("+-")
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private mutating func string() throws(Fault) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escaped()
      case 0x0A: throw fault("the text is not closed in its line", at: start)
      default: text.append(byte)
      }
    }
    throw fault("the text is not closed", at: start)
  }

  private mutating func escaped() throws(Fault) -> [UInt8] {
    guard let byte = next else { throw fault("the text is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"):
      var code = try unit()
      if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: Array("\\u".utf8)) {
        position += 2
        code = 0x10000 + (code - 0xD800) << 10 + (try unit() &- 0xDC00) & 0x3FF
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half of a character") }
      return Array(String(Character(scalar)).utf8)
    default: throw fault("\\ stands before n, t, r, b, f, u, \", \\ or / only", at: position - 2)
    }
  }

  private mutating func unit() throws(Fault) -> UInt32 {
    let end = position + 4
    // The number's own reader would take a sign.
    guard end <= bytes.count, bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-"),
      let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits are missing") }
    position = end
    return code
  }
}
