/// A data set as Orthanc's JSON shows it (`/instances/{id}/tags`): text for what is text or numbers, nothing for bytes
/// and for what is too long.
public struct DicomSummary: Equatable, Sendable {
  /// One element. Tags in ascending order, as in the file.
  public struct Element: Equatable, Sendable {
    public var tag: Tag
    public var name: String
    public var privateCreator: String?
    public var value: Value

    public init(tag: Tag, name: String, privateCreator: String? = nil, value: Value) {
      self.tag = tag
      self.name = name
      self.privateCreator = privateCreator
      self.value = value
    }
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

  /// The JSON.
  public func value(_ format: Format) -> JSONValue { SummaryValues(format: format).object(elements) }

  /// The JSON, as Orthanc lays it out.
  public func json(_ format: Format) -> String { JSONWriter.text(value(format)) }
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

extension DicomSummary {
  /// The summary of file meta information (PS3.10 §7.1), as far as it can be read.
  public static func ofMeta(_ bytes: ArraySlice<UInt8>) -> DicomSummary {
    var stream = DataSetStream(
      sink: SummaryReader(isBigEndian: false, ignoredLength: []), syntax: .explicitLittleEndian, offset: 0)
    try? bytes.withUnsafeBytes { try stream.feed($0) }
    var sink = stream.sink
    sink.close()
    return sink.summary
  }
}

/// A summary as JSON.
private struct SummaryValues {
  let format: DicomSummary.Format

  /// By tag each stands once; of several that have one name the last counts, as Orthanc has it.
  func object(_ elements: [DicomSummary.Element]) -> JSONValue {
    var members: [String: JSONValue] = [:]
    members.reserveCapacity(elements.count)
    for element in elements {
      members[format == .simplified ? element.name : element.tag.orthancDescription] = member(element)
    }
    return .object(members)
  }

  private func member(_ element: DicomSummary.Element) -> JSONValue {
    if format != .full { return value(element.value) }
    let type =
      switch element.value {
      case .text: "String"
      case .tooLong: "TooLong"
      case .null: "Null"
      case .items: "Sequence"
      }
    var members: [String: JSONValue] = [
      "Name": .text(element.name), "Type": .text(type), "Value": value(element.value),
    ]
    if let creator = element.privateCreator { members["PrivateCreator"] = .text(creator) }
    return .object(members)
  }

  private func value(_ value: DicomSummary.Value) -> JSONValue {
    switch value {
    case .text(let value): .text(value)
    case .tooLong, .null: .null
    case .items(let items): .array(items.map { object($0) })
    }
  }
}
