/// The tables that `Tools/generate-dictionary` writes: one line an entry, tabs between the fields.
enum GeneratedTables {
  /// Calls `body` with the fields of every line, as byte ranges of the table.
  static func forEachLine(
    of table: StaticString, _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void
  ) {
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
      if end > start { body(bytes, start..<end) }
      start = end + 1
    }
  }

  /// The fields of one line.
  static func fields(of table: StaticString, line: Range<Int>) -> [String] {
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    return bytes[line].split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The end of the line that starts here.
  static func lineEnd(of table: StaticString, from start: Int) -> Int {
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    return bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
