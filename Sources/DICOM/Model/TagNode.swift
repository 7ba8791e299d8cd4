/// One data element as a person reads it: what the tag tree of the explorer shows.
public struct TagNode: Equatable, Sendable {
  public var tag: Tag
  public var vr: VR
  /// Name from the dictionary, `Private Creator`, `Group Length` or `Unknown`.
  public var name: String
  /// Owner of a private element, where its block has one.
  public var privateCreator: String?
  /// The value as text, multiple values joined by a backslash; binary values as numbers while they are
  /// few, else empty (`length` says how much there is). Limited to `TagNode.previewLength` characters.
  public var value: String
  /// Length of the value in bytes as the file has it; nil when undefined.
  public var length: Int?
  /// Offset of the element's header in the file, in bytes.
  public var offset: Int
  /// Where the value lies in the file, for a hexadecimal view; empty for sequences.
  public var valueRange: Range<Int>
  /// The items of a sequence in order; for encapsulated pixel data empty (`value` counts the fragments).
  public var items: [[TagNode]]

  /// A longer value is cut at so many characters, with `…` behind it.
  public static let previewLength = 1024

  public init(
    tag: Tag, vr: VR, name: String, privateCreator: String? = nil, value: String = "", length: Int? = nil,
    offset: Int = 0, valueRange: Range<Int> = 0..<0, items: [[TagNode]] = []
  ) {
    self.tag = tag
    self.vr = vr
    self.name = name
    self.privateCreator = privateCreator
    self.value = value
    self.length = length
    self.offset = offset
    self.valueRange = valueRange
    self.items = items
  }
}
