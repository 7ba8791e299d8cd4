/// Private elements that their makers or others have published, by private creator (PS3.5 §7.8.1).
public enum PrivateDictionary {
  public struct Entry: Equatable, Sendable {
    public var vr: VR
    public var vm: String
    /// Empty where only the representation is known.
    public var name: String
  }

  /// The entry of a private tag whose block belongs to this creator.
  public static func entry(for tag: Tag, creator: String) -> Entry? {
    guard tag.isPrivate, tag.element > 0xFF else { return nil }
    if let own = CustomDictionary.shared?.entry(for: tag, creator: creator) {
      return Entry(vr: own.vr, vm: own.vm, name: own.name)
    }
    let key = UInt32(tag.group) << 8 | UInt32(tag.element & 0xFF)
    guard let elements = index[creator], let start = elements[key] else { return nil }
    let table = GeneratedTables.privateElements
    let fields = GeneratedTables.fields(
      of: table, line: start..<GeneratedTables.lineEnd(of: table, from: start))
    guard let vr = fields[1].split(separator: ",").first.flatMap({ VR($0) }) else { return nil }
    return Entry(vr: vr, vm: fields[2], name: fields[3])
  }

  /// The same where the block may have no creator: the default one counts then.
  public static func entry(for tag: Tag, creator: String?) -> Entry? {
    if let creator { return entry(for: tag, creator: creator) }
    guard let custom = CustomDictionary.shared else { return nil }
    if let own = custom.entry(for: tag, creator: nil) { return Entry(vr: own.vr, vm: own.vm, name: own.name) }
    return custom.defaultCreator.flatMap { entry(for: tag, creator: $0) }
  }

  static func vr(of tag: Tag, creator: String?) -> VR? { entry(for: tag, creator: creator)?.vr }

  /// Nil where there is no name.
  static func name(of tag: Tag, creator: String?) -> String? {
    entry(for: tag, creator: creator).flatMap { $0.name.isEmpty ? nil : $0.name }
  }

  /// Start of an element's line, by creator, then by group and low byte of the element number.
  private static let index: [String: [UInt32: Int]] = {
    var index: [String: [UInt32: Int]] = [:]
    var creator = ""
    GeneratedTables.forEachLine(of: GeneratedTables.privateElements) { bytes, line in
      if bytes[line.lowerBound] == UInt8(ascii: "@") {
        creator = String(decoding: bytes[line.lowerBound + 2..<line.upperBound], as: UTF8.self)
        index[creator] = [:]
        return
      }
      var key: UInt32 = 0
      for position in line.lowerBound..<line.lowerBound + 6 {
        key = key << 4 | (GeneratedTables.hexDigit(bytes[position]) ?? 0)
      }
      index[creator, default: [:]][key] = line.lowerBound
    }
    return index
  }()
}
