/// Application entity titles as they lie in a PDU: 16 bytes, padded (PS3.8 Table 9-11).
enum AETitle {
  static let length = 16

  /// The title without its padding, which is spaces, or NULs from some old peers.
  static func decode(_ bytes: some Sequence<UInt8>) -> String {
    var text = Array(bytes)
    while let last = text.last, last == 0x20 || last == 0 { text.removeLast() }
    return String(decoding: text.drop { $0 == 0x20 }, as: UTF8.self)
  }

  static func encode(_ title: String) -> [UInt8] {
    let bytes = Array(title.utf8.prefix(length))
    return bytes + Array(repeating: 0x20, count: length - bytes.count)
  }

  /// Not blank, and of the default character repertoire without controls (PS3.5 §6.2, AE).
  static func isValid(_ title: String) -> Bool {
    !title.isEmpty && title.utf8.count <= length && title.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// Equal as Orthanc compares: without regard to case unless strict.
  static func matches(_ left: String, _ right: String, strict: Bool) -> Bool {
    strict ? left == right : left.uppercased() == right.uppercased()
  }
}

extension String {
  /// For the log: control and non-ASCII characters as `\u{…}`, so that a peer can't write terminal escapes
  /// or line breaks into it.
  var escapedForLog: String { escapedForLog(upTo: 100) }

  /// The same, cut after so many characters.
  func escapedForLog(upTo limit: Int) -> String {
    var result = ""
    for scalar in unicodeScalars.prefix(limit) {
      if (0x20...0x7E).contains(scalar.value), scalar != "\\" {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return result
  }
}
