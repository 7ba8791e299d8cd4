/// Why bytes are no data set: what was wrong, where in the stream and inside which sequences.
public struct DataSetError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    /// The stream ends inside an element, an item or a sequence.
    case truncated
    /// A value is longer than what is left of the item, the sequence or the file.
    case lengthExceedsContainer(length: Int, left: Int)
    /// Something other than an item where items must be, or the other way round.
    case unexpectedTag(Tag)
    /// An item or a fragment of a kind of length that is not allowed there.
    case undefinedLength
    case nestedTooDeep(limit: Int)
    case tooManyElements(limit: Int)
    /// A deflated data set that is damaged, or grows past the limit.
    case damagedDeflate
    case inflatesTooMuch(limit: Int)
    /// No DICOM file and nothing that looks like a data set.
    case notDICOM
    case missingTransferSyntax
  }

  public var reason: Reason
  /// Bytes from the start of the stream (of the inflated one in a deflated data set).
  public var offset: Int
  /// Sequences and the element, from the outside in.
  public var path: [Tag]

  public init(_ reason: Reason, offset: Int = 0, path: [Tag] = []) {
    self.reason = reason
    self.offset = offset
    self.path = path
  }

  public var description: String {
    let place = path.isEmpty ? "" : " in " + path.map(\.description).joined(separator: " › ")
    return "\(sentence)\(place) at byte \(offset)"
  }

  private var sentence: String {
    switch reason {
    case .truncated: "the data set ends too early"
    case .lengthExceedsContainer(let length, let left):
      "a value of \(length) bytes where \(left) are left"
    case .unexpectedTag(let tag): "unexpected \(tag)"
    case .undefinedLength: "undefined length where a length is needed"
    case .nestedTooDeep(let limit): "sequences nested deeper than \(limit)"
    case .tooManyElements(let limit): "more than \(limit) data elements"
    case .damagedDeflate: "damaged deflated data"
    case .inflatesTooMuch(let limit): "deflated data that grow past \(limit) bytes"
    case .notDICOM: "not a DICOM file"
    case .missingTransferSyntax: "file meta information without a transfer syntax"
    }
  }
}

/// Bounds on what a stream may make the parser do.
public struct ParserLimits: Sendable {
  /// Sequences inside sequences. DCMTK reads 64.
  public var depth = 128
  /// Elements, items and fragments together.
  public var elements = 20_000_000
  /// Bytes that a deflated data set may grow to.
  public var inflatedBytes = 4 << 30
  /// How much bigger than the deflated bytes: zlib's own limit is 1032, images stay far below.
  public var inflationRatio = 200

  public init() {}
}
