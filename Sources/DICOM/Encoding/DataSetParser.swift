/// Walks a data set that comes in fragments of any size, without holding it (PS3.5 §7).
///
/// Every element header is visited; values are skipped or collected as the sink says. The parser never
/// recurses and never allocates by a length that the stream declares.
public struct DataSetParser<Sink: DataSetSink> {
  public var sink: Sink
  /// The sink wanted no more; further bytes are passed over.
  public private(set) var isStopped = false
  /// Bytes of the stream consumed so far.
  public private(set) var offset: Int

  private let limits: ParserLimits
  /// Where the stream must end, when that is known: lengths are checked against it at once.
  private let end: Int
  private var frames: [Frame] = []
  /// The innermost container.
  private var top: Frame
  /// Bytes of the present value that are still to come.
  private var valueLeft = 0
  private var current = ElementHeader(
    tag: Tag(rawValue: 0), vr: .UN, length: 0, offset: 0, valueOffset: 0, depth: 0)
  private var isCollecting = false
  private var collectLimit = 0
  private var collected: [UInt8] = []
  /// A header cut by the end of a fragment: its first bytes.
  private var carry: [UInt8] = []
  private var count = 0

  /// - Parameters:
  ///   - offset: where the stream starts, for the offsets in headers and errors.
  ///   - end: where it ends, if known.
  public init(
    sink: Sink, syntax: TransferSyntax, limits: ParserLimits = ParserLimits(), offset: Int = 0,
    end: Int? = nil
  ) {
    self.sink = sink
    self.limits = limits
    self.offset = offset
    self.end = end ?? Int.max
    top = Frame(
      kind: .dataSet, tag: Tag(rawValue: 0), end: end ?? Frame.undefined,
      layout: Layout(isImplicit: syntax.isImplicitVR, isBigEndian: syntax.isBigEndian))
    carry.reserveCapacity(12)
  }

  /// How element headers are written at some place.
  private struct Layout {
    var isImplicit: Bool
    var isBigEndian: Bool
  }

  private struct Frame {
    enum Kind { case dataSet, sequence, item, fragments }
    static var undefined: Int { Int.max }

    var kind: Kind
    var tag: Tag
    /// Offset behind its last byte; `undefined` when a delimiter ends it.
    var end: Int
    var layout: Layout
  }

  private struct RawHeader {
    var tag: Tag
    var vr: VR
    /// 0xFFFFFFFF: undefined.
    var length: UInt32
    var size: Int
  }

  /// Takes the next bytes. Throws at the first byte that can't be right.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(DataSetError) {
    var position = 0
    while !isStopped {
      if valueLeft > 0 {
        let part = min(valueLeft, bytes.count - position)
        if part == 0 { return }
        if isCollecting { collect(UnsafeRawBufferPointer(rebasing: bytes[position..<position + part])) }
        position += part
        offset += part
        valueLeft -= part
        if valueLeft > 0 { return }
        try valueEnded()
      } else if let header = nextHeader(bytes, &position) {
        try begin(header, value: bytes, at: position)
      } else {
        return
      }
    }
  }

  /// Bytes that come next and that nobody wants to see: who reads from a file may pass over them with `skip`.
  public var skippable: Int { isCollecting || isStopped ? 0 : valueLeft }

  /// Takes `skippable` bytes as read.
  public mutating func skip() throws(DataSetError) {
    guard skippable > 0 else { return }
    offset += valueLeft
    valueLeft = 0
    try valueEnded()
  }

  /// The stream is complete: throws when something is still open.
  public mutating func finish() throws(DataSetError) {
    if isStopped { return }
    let isOpen = valueLeft > 0 || !carry.isEmpty || !frames.isEmpty
    if isOpen { throw failure(.truncated, at: valueLeft > 0 ? current.tag : nil) }
  }

  // MARK: Headers

  /// The next header, from the carried bytes and the new ones; nil when it is not complete yet.
  private mutating func nextHeader(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> RawHeader? {
    if carry.isEmpty {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      if let header = Self.header(rest, in: top) {
        position += header.size
        return header
      }
      carry.append(contentsOf: rest)
      position = bytes.count
      return nil
    }
    // At most twelve bytes: byte by byte is quick enough where fragments meet.
    while position < bytes.count {
      carry.append(bytes[position])
      position += 1
      if carry.count >= 8, let header = carry.withUnsafeBytes({ Self.header($0, in: top) }) {
        carry.removeAll(keepingCapacity: true)
        return header
      }
    }
    return nil
  }

  @inline(__always)
  private static func header(_ bytes: UnsafeRawBufferPointer, in frame: Frame) -> RawHeader? {
    guard bytes.count >= 8 else { return nil }
    let layout = frame.layout
    let group = load16(bytes, 0, layout)
    let tag = Tag(group, load16(bytes, 2, layout))
    // Items and delimiters have no VR, whatever the transfer syntax (PS3.5 §7.5).
    if group == 0xFFFE || frame.kind == .sequence || frame.kind == .fragments {
      return RawHeader(tag: tag, vr: .UN, length: load32(bytes, 4, layout), size: 8)
    }
    let first = bytes[4]
    let second = bytes[5]
    // Some writers slip an implicit element into an explicit data set: no letters, no VR.
    if layout.isImplicit || !isLetter(first) || !isLetter(second) {
      return RawHeader(tag: tag, vr: DataDictionary.vr(of: tag), length: load32(bytes, 4, layout), size: 8)
    }
    let vr = VR(rawValue: UInt16(first) | UInt16(second) << 8)
    if vr.hasLongLength || !vr.isShort {
      guard bytes.count >= 12 else { return nil }
      return RawHeader(tag: tag, vr: vr, length: load32(bytes, 8, layout), size: 12)
    }
    return RawHeader(tag: tag, vr: vr, length: UInt32(load16(bytes, 6, layout)), size: 8)
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

  @inline(__always)
  private static func load16(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ layout: Layout) -> UInt16 {
    let value = bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)
    return layout.isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
  }

  @inline(__always)
  private static func load32(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ layout: Layout) -> UInt32 {
    let value = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
    return layout.isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }

  // MARK: Elements

  private mutating func begin(
    _ raw: RawHeader, value: UnsafeRawBufferPointer, at position: Int
  ) throws(DataSetError) {
    count += 1
    if count > limits.elements { throw failure(.tooManyElements(limit: limits.elements), at: raw.tag) }
    let isUndefined = raw.length == UInt32.max
    let start = offset
    offset += raw.size
    let containerEnd = min(top.end, end)
    if containerEnd != Int.max {
      let left = containerEnd - offset
      let length = isUndefined ? 0 : Int(raw.length)
      if length > left { throw exceeded(length, left, at: raw.tag, from: start) }
    }
    current = ElementHeader(
      tag: raw.tag, vr: raw.vr, length: isUndefined ? nil : Int(raw.length), offset: start,
      valueOffset: offset, depth: depth)
    switch top.kind {
    case .dataSet, .item:
      if raw.tag.group == 0xFFFE { try delimiter() } else { try element() }
    case .sequence: try itemOrDelimiter()
    case .fragments: try fragmentOrDelimiter()
    }
  }

  private mutating func element() throws(DataSetError) {
    // Only who follows creators can tell what a private element without a VR is.
    if current.vr == .UN, top.layout.isImplicit, current.tag.isPrivate,
      let vr = sink.representation(current)
    {
      current.vr = vr
    }
    let isSequence =
      current.vr == .SQ || (current.length == nil && !Self.isEncapsulated(current))
    if isSequence {
      guard sink.sequenceBegan(current) else { return isStopped = true }
      // CP-246: the content of UN with undefined length is implicit little endian.
      let layout =
        current.vr == .UN && !top.layout.isImplicit
        ? Layout(isImplicit: true, isBigEndian: false) : top.layout
      try push(.sequence, layout: layout)
      return try leaveFinished()
    }
    guard let length = current.length else {
      guard sink.fragmentsBegan(current) else { return isStopped = true }
      return try push(.fragments, layout: top.layout)
    }
    switch sink.element(current) {
    case .skip: isCollecting = false
    case .collect(let limit):
      isCollecting = true
      collectLimit = limit
      collected.removeAll(keepingCapacity: true)
    case .stop: return isStopped = true
    }
    valueLeft = length
    if length == 0 { try valueEnded() }
  }

  /// Pixel data, and other bytes or words, of undefined length come as fragments; anything else of
  /// undefined length is a sequence.
  private static func isEncapsulated(_ header: ElementHeader) -> Bool {
    header.tag == Tag(0x7FE0, 0x0010) || header.vr == .OB || header.vr == .OW
  }

  private mutating func collect(_ bytes: UnsafeRawBufferPointer) {
    let room = collectLimit - collected.count
    if room > 0 { collected.append(contentsOf: bytes.prefix(room)) }
  }

  private mutating func valueEnded() throws(DataSetError) {
    if isCollecting {
      isCollecting = false
      collected.withUnsafeBytes { sink.value(current, bytes: $0) }
    }
    try leaveFinished()
  }

  // MARK: Sequences, items and fragments

  private mutating func push(_ kind: Frame.Kind, layout: Layout) throws(DataSetError) {
    if depth >= limits.depth { throw failure(.nestedTooDeep(limit: limits.depth), at: current.tag) }
    frames.append(top)
    top = Frame(
      kind: kind, tag: current.tag, end: current.length.map { offset + $0 } ?? Frame.undefined, layout: layout
    )
  }

  private mutating func itemOrDelimiter() throws(DataSetError) {
    switch current.tag {
    case .item:
      sink.itemBegan(current)
      // Each item is a frame of its own beside its sequence's: they count as one level.
      frames.append(top)
      top = Frame(
        kind: .item, tag: current.tag, end: current.length.map { offset + $0 } ?? Frame.undefined,
        layout: top.layout)
      try leaveFinished()
    case .sequenceDelimitation where top.end == Frame.undefined:
      pop()
      try leaveFinished()
    default: throw failure(.unexpectedTag(current.tag), offset: current.offset)
    }
  }

  private mutating func fragmentOrDelimiter() throws(DataSetError) {
    switch current.tag {
    case .item:
      guard let length = current.length else { throw failure(.undefinedLength, offset: current.offset) }
      sink.fragment(current)
      valueLeft = length
    case .sequenceDelimitation:
      pop()
      try leaveFinished()
    default: throw failure(.unexpectedTag(current.tag), offset: current.offset)
    }
  }

  /// A delimiter among elements ends the item that it lies in. A stray one with no item to end is passed
  /// over at the top level, where old writers leave it behind pixel data.
  private mutating func delimiter() throws(DataSetError) {
    if current.tag == .itemDelimitation, top.kind == .item, top.end == Frame.undefined {
      pop()
      return try leaveFinished()
    }
    let isStray = top.kind == .dataSet && current.tag != .item && current.length == 0
    if !isStray { throw failure(.unexpectedTag(current.tag), offset: current.offset) }
  }

  /// Leaves every container that ends exactly here.
  private mutating func leaveFinished() throws(DataSetError) {
    while !frames.isEmpty && offset >= top.end {
      if offset > top.end { throw exceeded(offset - top.end, 0, at: top.tag, from: offset) }
      pop()
    }
  }

  private mutating func pop() {
    switch top.kind {
    case .item: sink.itemEnded()
    case .sequence: sink.sequenceEnded()
    case .fragments: sink.fragmentsEnded()
    case .dataSet: break
    }
    if let parent = frames.popLast() { top = parent }
  }

  /// Sequences that are open; an item is no level of its own.
  private var depth: Int { top.kind == .item ? frames.count / 2 : (frames.count + 1) / 2 }

  // MARK: Errors

  private func exceeded(_ length: Int, _ left: Int, at tag: Tag, from offset: Int) -> DataSetError {
    let isEndOfStream = end != Int.max && end <= top.end
    return failure(
      isEndOfStream ? .truncated : .lengthExceedsContainer(length: length, left: max(0, left)), at: tag,
      offset: offset)
  }

  private func failure(_ reason: DataSetError.Reason, at tag: Tag? = nil, offset: Int? = nil) -> DataSetError
  {
    var path = (frames.dropFirst() + [top]).filter { $0.kind == .sequence || $0.kind == .fragments }.map(
      \.tag)
    // A hostile stream nests as deep as it may; an error message need not.
    if path.count > 8 { path = Array(path.prefix(8)) }
    // An item has no name of its own: what it belongs to stands in the path.
    if let tag, path.isEmpty || tag.group != 0xFFFE { path.append(tag) }
    return DataSetError(reason, offset: offset ?? self.offset, path: path)
  }
}

extension Tag {
  public static let item = Tag(0xFFFE, 0xE000)
  public static let itemDelimitation = Tag(0xFFFE, 0xE00D)
  public static let sequenceDelimitation = Tag(0xFFFE, 0xE0DD)
}
