/// A data set as Orthanc's JSON shows it (`/instances/{id}/tags`): text for what is text or numbers, nothing for bytes
/// and for what is too long.
public struct DicomSummary: Equatable, Sendable {
  /// One element. Tags in ascending order, as in the file.
  public struct Element: Equatable, Sendable {
    public var tag: Tag
    public var name: String
    public var privateCreator: String?
    public var value: Value
  }

  public enum Value: Equatable, Sendable {
    case text(String)
    /// A text of more than `textLimit` bytes.
    case tooLong
    /// Bytes that are no text.
    case null
    case items([[Element]])
  }

  /// How it is written down.
  public enum Format: Equatable, Sendable {
    /// Name, type and value of each element by tag: `/tags`.
    case full
    /// The value by tag: `/tags?short`.
    case short
    /// The value by name: `/simplified-tags`.
    case simplified
  }

  public var elements: [Element]

  /// A longer text, in bytes of UTF-8, is left out.
  public static let textLimit = 256

  public init(elements: [Element]) { self.elements = elements }

  /// The JSON, as Orthanc lays it out.
  public func json(_ format: Format) -> String {
    var writer = SummaryWriter(format: format)
    writer.object(elements, indent: 0)
    return writer.text
  }
}

extension DicomSummary {
  /// Bytes read at once: values that are not shown are passed over and not read.
  private static let chunk = 64 * 1024

  /// The summary of a file, without its meta information. Damage behind some point gives what lies before it.
  ///
  /// - Parameters:
  ///   - size: of the file, in bytes.
  ///   - ignoredLength: elements whose text is shown however long it is.
  ///   - read: gives bytes of the file: at most so many from an offset; fewer only at its end.
  /// - Throws: `DataSetError` when the start is no DICOM; whatever `read` throws.
  public static func read(
    size: Int, ignoringLengthOf ignoredLength: Set<Tag> = [],
    _ read: (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) throws -> DicomSummary {
    let start = try read(0, min(size, FileHeader.sufficientLength))
    let header = try start.withUnsafeBytes { try FileHeader($0) }
    let syntax = header.transferSyntax
    var offset = min(header.dataSetOffset, size)
    var stream = DataSetStream(
      sink: SummaryReader(isBigEndian: syntax.isBigEndian, ignoredLength: ignoredLength), syntax: syntax,
      offset: offset)
    while offset < size && !stream.isStopped {
      let bytes = try read(offset, min(chunk, size - offset))
      if bytes.isEmpty { break }
      do {
        try bytes.withUnsafeBytes { try stream.feed($0) }
        offset += bytes.count + stream.skippable
        try stream.skip()
      } catch {
        // What could be read is shown.
        break
      }
    }
    var sink = stream.sink
    sink.close()
    return sink.summary
  }
}

/// Writes a summary in the layout that Orthanc's answers have: three blanks a level, members in the order of their
/// names.
private struct SummaryWriter {
  let format: DicomSummary.Format
  var text = ""

  mutating func object(_ elements: [DicomSummary.Element], indent: Int) {
    let members = members(elements)
    if members.isEmpty {
      text += "{}"
      return
    }
    open("{", indent)
    for (number, member) in members.enumerated() {
      if number > 0 { text += ",\n" }
      text += blanks(indent + 1) + JSONText.quoted(member.name) + " : "
      self.member(member.element, indent: indent + 1)
    }
    close("}", indent)
  }

  /// By tag each stands once; of several that have one name the last counts, as Orthanc has it.
  private func members(
    _ elements: [DicomSummary.Element]
  ) -> [(name: String, element: DicomSummary.Element)] {
    var byName: [String: DicomSummary.Element] = [:]
    for element in elements {
      byName[format == .simplified ? element.name : element.tag.orthancDescription] = element
    }
    return byName.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }.map {
      ($0.key, $0.value)
    }
  }

  private mutating func member(_ element: DicomSummary.Element, indent: Int) {
    if format != .full { return value(element.value, indent: indent) }
    open("\n" + blanks(indent) + "{", indent)
    field("Name", JSONText.quoted(element.name), indent)
    if let creator = element.privateCreator { field("PrivateCreator", JSONText.quoted(creator), indent) }
    let type =
      switch element.value {
      case .text: "String"
      case .tooLong: "TooLong"
      case .null: "Null"
      case .items: "Sequence"
      }
    field("Type", JSONText.quoted(type), indent)
    text += blanks(indent + 1) + "\"Value\" : "
    value(element.value, indent: indent + 1)
    close("}", indent)
  }

  private mutating func field(_ name: String, _ value: String, _ indent: Int) {
    text += blanks(indent + 1) + "\"\(name)\" : \(value),\n"
  }

  private mutating func value(_ value: DicomSummary.Value, indent: Int) {
    switch value {
    case .text(let value): text += JSONText.quoted(value)
    case .tooLong, .null: text += "null"
    case .items(let items):
      if items.isEmpty {
        text += "[]"
        return
      }
      open("\n" + blanks(indent) + "[", indent)
      for (number, item) in items.enumerated() {
        if number > 0 { text += ",\n" }
        text += blanks(indent + 1)
        object(item, indent: indent + 1)
      }
      close("]", indent)
    }
  }

  private mutating func open(_ bracket: String, _ indent: Int) { text += bracket + "\n" }

  private mutating func close(_ bracket: String, _ indent: Int) {
    text += "\n" + blanks(indent) + bracket
  }

  private func blanks(_ count: Int) -> String { String(repeating: "   ", count: count) }
}
