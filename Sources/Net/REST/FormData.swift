import Store

/// Files in a form (RFC 7578).
enum FormData {
  /// Headers of a part may take so many bytes.
  private static let headerLimit = 16 * 1024
  private static let chunk = 1 << 20

  /// What stands between the parts; nil for what is no form.
  static func boundary(_ contentType: String?) -> [UInt8]? {
    guard let contentType, contentType.lowercased().hasPrefix("multipart/") else { return nil }
    for parameter in contentType.split(separator: ";").dropFirst() {
      let parts = parameter.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ $0 != " " }).lowercased() == "boundary" else { continue }
      let value = parts[1].filter { $0 != "\"" && $0 != " " }
      return value.isEmpty ? nil : Array(("--" + value).utf8)
    }
    return nil
  }

  /// Where the contents of the parts lie in a body. Throws `RESTError` for what is no form.
  static func parts(of spool: BodySpool, boundary: [UInt8]) async throws -> [Range<Int>] {
    try await Blocking.run { () throws(StoreError) in try find(spool.part(0..<spool.size), boundary) }
  }

  private static func find(_ body: BodySpool.Part, _ boundary: [UInt8]) throws(StoreError) -> [Range<Int>] {
    var marks: [Int] = []
    var offset = 0
    while offset + boundary.count <= body.size {
      let bytes = try body.read(at: offset, count: chunk)
      var start = 0
      while let found = position(of: boundary, in: bytes, from: start) {
        marks.append(offset + found)
        start = found + boundary.count
      }
      if bytes.count < chunk { break }
      offset += max(1, max(bytes.count - boundary.count + 1, start))
    }
    var parts: [Range<Int>] = []
    for (mark, next) in zip(marks, marks.dropFirst()) {
      let start = mark + boundary.count
      let head = try body.read(at: start, count: min(headerLimit, next - start))
      guard let end = position(of: Array("\r\n\r\n".utf8), in: head, from: 0) else { continue }
      // A line break stands before each boundary.
      if start + end + 4 <= next - 2 { parts.append(start + end + 4..<next - 2) }
    }
    return parts
  }

  private static func position(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = needle.first, bytes.count >= needle.count else { return nil }
    var index = start
    while index + needle.count <= bytes.count {
      guard let candidate = bytes[index...(bytes.count - needle.count)].firstIndex(of: first) else {
        return nil
      }
      if bytes[candidate..<candidate + needle.count].elementsEqual(needle) { return candidate }
      index = candidate + 1
    }
    return nil
  }
}
