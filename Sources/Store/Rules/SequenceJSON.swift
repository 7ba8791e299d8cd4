import DICOM

/// Writes a sequence as JSON while it streams by: an array of items, each an object from `gggg,eeee` to text
/// or to the array of an inner sequence.
struct SequenceJSON {
  private var text = "["
  private let limit: Int
  /// Whether something stands before the next thing, for each open array or object.
  private var hasMembers = [false]
  private var isTooLong = false

  init(limit: Int) { self.limit = limit }

  /// An inner sequence is open: each level has its array and its object.
  var isNested: Bool { hasMembers.count > 1 }

  mutating func beginItem() { open("{") }
  mutating func endItem() { close("}") }
  mutating func endSequence() { close("]") }

  mutating func beginSequence(_ tag: Tag) {
    separate()
    append(JSONText.quoted(tag.orthancDescription) + ":[")
    hasMembers.append(false)
  }

  mutating func append(
    _ header: ElementHeader, _ bytes: [UInt8], characterSet: SpecificCharacterSet, isBigEndian: Bool
  ) {
    separate()
    let value = ValueText.render(
      bytes[...], vr: header.vr, characterSet: characterSet, isBigEndian: isBigEndian,
      limit: InstanceSummary.valueLimit)
    append(JSONText.quoted(header.tag.orthancDescription) + ":" + JSONText.quoted(value))
  }

  /// The whole array; nil when it grew past the limit.
  mutating func finished() -> String? {
    text += "]"
    return isTooLong ? nil : text
  }

  private mutating func open(_ bracket: String) {
    separate()
    append(bracket)
    hasMembers.append(false)
  }

  private mutating func close(_ bracket: String) {
    append(bracket)
    if hasMembers.count > 1 { hasMembers.removeLast() }
  }

  private mutating func separate() {
    if hasMembers[hasMembers.count - 1] { append(",") }
    hasMembers[hasMembers.count - 1] = true
  }

  private mutating func append(_ part: String) {
    if text.utf8.count + part.utf8.count > limit { isTooLong = true }
    if !isTooLong { text += part }
  }
}
