extension DataSet {
  /// Reads a whole data set that lies in memory. Throws `DataSetError`.
  public init(reading bytes: [UInt8], syntax: TransferSyntax, limits: ParserLimits = ParserLimits())
    throws(DataSetError)
  {
    var content = bytes
    if syntax.isDeflated {
      let inflater = Inflater(limits: limits)
      var inflated: [UInt8] = []
      try bytes.span.withUnsafeBytes { buffer throws(DataSetError) in
        try inflater.inflate(buffer) { piece throws(DataSetError) in inflated.append(contentsOf: piece) }
      }
      if !inflater.isFinished { throw DataSetError(.truncated, offset: inflated.count) }
      content = inflated
    }
    let plain = syntax.isDeflated ? TransferSyntax.explicitLittleEndian : syntax
    var parser = DataSetParser(
      sink: Builder(bytes: content, isBigEndian: syntax.isBigEndian), syntax: plain, limits: limits,
      end: content.count)
    try content.span.withUnsafeBytes { buffer throws(DataSetError) in
      try parser.feed(buffer)
      try parser.finish()
    }
    self = parser.sink.root
  }

  /// Gathers elements as ranges of the bytes.
  private struct Builder: DataSetSink {
    let bytes: [UInt8]
    let isBigEndian: Bool
    /// The open data sets, the root first, and the headers of the sequences between them.
    var open: [DataSet]
    var sequences: [(header: ElementHeader, items: [DataSet])] = []
    var fragments: [ArraySlice<UInt8>] = []
    var fragmentsHeader: ElementHeader?

    init(bytes: [UInt8], isBigEndian: Bool) {
      self.bytes = bytes
      self.isBigEndian = isBigEndian
      open = [DataSet(isBigEndian: isBigEndian)]
    }

    var root: DataSet { open[0] }

    mutating func append(_ header: ElementHeader, _ content: DataElement.Content) {
      open[open.count - 1].elements.append(DataElement(header.tag, header.vr, content))
    }

    private func range(_ header: ElementHeader) -> ArraySlice<UInt8> {
      bytes[header.valueOffset..<header.valueOffset + (header.length ?? 0)]
    }

    mutating func element(_ header: ElementHeader) -> ElementAction {
      append(header, .value(range(header)))
      return .skip
    }

    mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
      sequences.append((header, []))
      return true
    }

    mutating func itemBegan(_ header: ElementHeader) { open.append(DataSet(isBigEndian: isBigEndian)) }

    mutating func itemEnded() {
      let item = open.removeLast()
      sequences[sequences.count - 1].items.append(item)
    }

    mutating func sequenceEnded() {
      let (header, items) = sequences.removeLast()
      append(header, .items(items))
    }

    mutating func fragmentsBegan(_ header: ElementHeader) -> Bool {
      fragmentsHeader = header
      fragments = []
      return true
    }

    mutating func fragment(_ header: ElementHeader) { fragments.append(range(header)) }

    mutating func fragmentsEnded() {
      if let header = fragmentsHeader { append(header, .fragments(fragments)) }
      fragments = []
    }
  }
}
