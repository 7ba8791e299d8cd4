import Store

/// What to show and to say of attachments.
enum AttachmentText {
  /// So many bytes are shown in place, at most.
  static let limit = 64_000

  /// The beginning of an attachment as text; nil when it is none. JSON is laid out in lines.
  static func text(_ bytes: [UInt8], of info: AttachmentInfo) -> String? {
    let isWhole = bytes.count >= Int(info.uncompressedSize)
    guard let decoded = decoded(bytes, isWhole: isWhole, mimeType: info.mimeType) else { return nil }
    let isText = decoded.unicodeScalars.allSatisfy {
      $0.value >= 0x20 || "\t\n\r\u{C}\u{1B}".unicodeScalars.contains($0)
    }
    if !isText { return nil }
    if isJSON(decoded, info.mimeType) { return indented(decoded) }
    return decoded.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\t", with: "    ")
  }

  private static func decoded(_ bytes: [UInt8], isWhole: Bool, mimeType: String) -> String? {
    // The bound may have cut a character.
    for cut in 0...(isWhole ? 0 : min(3, bytes.count)) {
      if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
    }
    guard mimeType.hasPrefix("text/") else { return nil }
    var latin = String.UnicodeScalarView()
    latin.append(contentsOf: bytes.map { Unicode.Scalar($0) })
    return String(latin)
  }

  private static func isJSON(_ text: String, _ mimeType: String) -> Bool {
    if mimeType.contains("json") { return true }
    guard mimeType == UserAttachmentType.unknownMIMEType else { return false }
    return text.filter { !$0.isWhitespace }.prefix(2) == "{\""
  }

  /// One member a line. It need not be complete, nor right.
  static func indented(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    var (depth, isInString, isEscaped) = (0, false, false)
    func begin(_ shown: inout String.UnicodeScalarView) {
      shown.append("\n")
      shown.append(contentsOf: repeatElement(" ", count: 2 * min(depth, 20)))
    }
    for scalar in text.unicodeScalars {
      if isInString {
        shown.append(scalar)
        if isEscaped {
          isEscaped = false
        } else if scalar == "\\" {
          isEscaped = true
        } else if scalar == "\"" {
          isInString = false
        }
        continue
      }
      switch scalar {
      case "{", "[":
        shown.append(scalar)
        depth += 1
        begin(&shown)
      case "}", "]":
        depth = max(0, depth - 1)
        // What is empty stays on its line.
        let hasNothing = shown.last { $0 != " " && $0 != "\n" }.map { $0 == "{" || $0 == "[" } ?? false
        if hasNothing {
          while shown.last == " " || shown.last == "\n" { shown.removeLast() }
        } else {
          begin(&shown)
        }
        shown.append(scalar)
      case ",":
        shown.append(scalar)
        begin(&shown)
      case ":": shown.append(contentsOf: ": ".unicodeScalars)
      case " ", "\t", "\n", "\r": break
      default:
        isInString = scalar == "\""
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// A name for the file that an attachment is written to.
  static func fileName(_ info: AttachmentInfo) -> String {
    let name = PathText.safe(info.name)
    return name.contains(".") ? name : name + (extensions[info.mimeType].map { "." + $0 } ?? "")
  }

  private static let extensions = [
    "application/dicom": "dcm", "application/json": "json", "application/pdf": "pdf",
    "application/xml": "xml",
    "application/zip": "zip", "image/jpeg": "jpg", "image/png": "png", "image/svg+xml": "svg",
    "text/csv": "csv",
    "text/html": "html", "text/plain": "txt", "text/xml": "xml", "video/mp4": "mp4",
  ]

  static func size(_ info: AttachmentInfo) -> String { NumberText.size(info.uncompressedSize) }

  /// What a check found, as a sentence.
  static func verified(_ info: AttachmentInfo, _ fault: String?) -> String {
    if let fault { return "\(info.name) is not sound: \(fault)" }
    if info.md5 == nil {
      return "\(info.name) is there with its size; no MD5 was kept to compare its content with"
    }
    return "\(info.name) is sound: its content is what was stored"
  }
}

/// Paths that people type, and names for files.
enum PathText {
  /// A text without what some file systems don't take.
  static func safe(_ text: String) -> String {
    String(VisibleText.string(text).map { "/\\:*?\"<>|".contains($0) ? "_" : $0 }.prefix(60))
  }
}
