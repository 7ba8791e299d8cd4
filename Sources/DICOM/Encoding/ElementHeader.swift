/// The header of a data element as it was met in a stream (PS3.5 §7.1).
public struct ElementHeader: Equatable, Sendable {
  public var tag: Tag
  /// From the stream in explicit VR, from the dictionary in implicit VR.
  public var vr: VR
  /// Bytes of the value; nil when undefined (PS3.5 §7.1.1).
  public var length: Int?
  /// Where the header starts and where the value starts, in bytes from the start of the stream.
  public var offset: Int
  public var valueOffset: Int
  /// How many sequences it lies in.
  public var depth: Int

  public init(tag: Tag, vr: VR, length: Int?, offset: Int, valueOffset: Int, depth: Int) {
    self.tag = tag
    self.vr = vr
    self.length = length
    self.offset = offset
    self.valueOffset = valueOffset
    self.depth = depth
  }
}

/// What the parser does with the value of an element.
public enum ElementAction: Equatable, Sendable {
  /// Walk over it without looking.
  case skip
  /// Gather its first bytes, at most so many, and hand them over with `value(_:bytes:)`.
  case collect(limit: Int)
  /// Parse no further: the element is not wanted and neither is what follows.
  case stop
}

/// Hears what a `DataSetParser` meets, in the order of the stream.
public protocol DataSetSink {
  /// The representation of a private element whose header has none, from its creator; nil where that is not known.
  mutating func representation(_ header: ElementHeader) -> VR?
  /// An element that is no sequence, fragments or delimiter; says what to do with its value.
  mutating func element(_ header: ElementHeader) -> ElementAction
  /// The bytes that `collect` asked for, which are only valid during the call.
  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer)
  /// A sequence starts; false stops the parser.
  mutating func sequenceBegan(_ header: ElementHeader) -> Bool
  mutating func itemBegan(_ header: ElementHeader)
  mutating func itemEnded()
  mutating func sequenceEnded()
  /// Encapsulated pixel data start; false stops the parser.
  mutating func fragmentsBegan(_ header: ElementHeader) -> Bool
  /// One fragment; the first is the Basic Offset Table (PS3.5 A.4).
  mutating func fragment(_ header: ElementHeader)
  mutating func fragmentsEnded()
}

extension DataSetSink {
  public mutating func representation(_ header: ElementHeader) -> VR? { nil }
  public mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {}
  public mutating func sequenceBegan(_ header: ElementHeader) -> Bool { true }
  public mutating func itemBegan(_ header: ElementHeader) {}
  public mutating func itemEnded() {}
  public mutating func sequenceEnded() {}
  public mutating func fragmentsBegan(_ header: ElementHeader) -> Bool { true }
  public mutating func fragment(_ header: ElementHeader) {}
  public mutating func fragmentsEnded() {}
}
