/// One data element (PS3.5 §7.1). Its value is a range of the bytes that it was read from, so that reading
/// copies nothing and writing gives back what was there.
public struct DataElement: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    /// The value's bytes as they lie in the stream, padding included.
    case value(ArraySlice<UInt8>)
    case items([DataSet])
    /// Encapsulated pixel data: the Basic Offset Table, then the fragments (PS3.5 A.4).
    case fragments([ArraySlice<UInt8>])
  }

  public var tag: Tag
  public var vr: VR
  public var content: Content

  public init(_ tag: Tag, _ vr: VR, _ content: Content) {
    self.tag = tag
    self.vr = vr
    self.content = content
  }

  /// An element with plain bytes; odd ones are padded (PS3.5 §6.2).
  public init(_ tag: Tag, _ vr: VR, bytes: [UInt8]) {
    var bytes = bytes
    if bytes.count % 2 == 1 { bytes.append(vr.isText && vr != .UI ? 0x20 : 0) }
    self.init(tag, vr, .value(bytes[...]))
  }

  /// An element with text in UTF-8 (ASCII for the representations that know no character set).
  public init(_ tag: Tag, _ vr: VR, text: String) { self.init(tag, vr, bytes: Array(text.utf8)) }

  /// Little-endian sixteen-bit numbers.
  public init(_ tag: Tag, _ vr: VR = .US, numbers: [UInt16]) {
    self.init(
      tag, vr, bytes: numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
  }

  /// The bytes of a plain value; empty for sequences and fragments.
  public var bytes: ArraySlice<UInt8> {
    if case .value(let bytes) = content { return bytes }
    return []
  }

  /// The items of a sequence; empty for anything else.
  public var items: [DataSet] {
    if case .items(let items) = content { return items }
    return []
  }
}
