/// A `DataSetParser` for any transfer syntax: inflates first where the data set is deflated (PS3.5 A.5).
public struct DataSetStream<Sink: DataSetSink> {
  private var parser: DataSetParser<Sink>
  private let inflater: Inflater?

  /// - Parameters:
  ///   - offset: where the data set starts in its file, for offsets in headers and errors; a deflated one
  ///     counts from 0, since its bytes are nowhere in the file.
  ///   - end: where the file ends, if known.
  public init(
    sink: Sink, syntax: TransferSyntax, limits: ParserLimits = ParserLimits(), offset: Int = 0,
    end: Int? = nil
  ) {
    inflater = syntax.isDeflated ? Inflater(limits: limits) : nil
    parser = DataSetParser(
      sink: sink, syntax: syntax, limits: limits, offset: syntax.isDeflated ? 0 : offset,
      end: syntax.isDeflated ? nil : end)
  }

  public var sink: Sink { parser.sink }
  public var isStopped: Bool { parser.isStopped }

  /// Takes the next bytes of the data set.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(DataSetError) {
    guard let inflater else { return try parser.feed(bytes) }
    try inflater.inflate(bytes) { piece throws(DataSetError) in try parser.feed(piece) }
  }

  /// Bytes that come next and may be passed over with `skip` instead of being fed; 0 in a deflated data set.
  public var skippable: Int { inflater == nil ? parser.skippable : 0 }

  /// Takes `skippable` bytes as read.
  public mutating func skip() throws(DataSetError) { try parser.skip() }

  /// The data set is complete.
  public mutating func finish() throws(DataSetError) {
    if let inflater, !inflater.isFinished, !parser.isStopped {
      throw DataSetError(.truncated, offset: parser.offset)
    }
    try parser.finish()
  }
}
