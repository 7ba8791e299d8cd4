/// The data dictionary of PS3.6 §6–8: what a tag is called and how its value is represented.
public enum DataDictionary {
  public struct Entry: Equatable, Sendable {
    public var tag: Tag
    /// The representation to assume in implicit VR; `alternatives` has every one that is allowed.
    public var vr: VR
    public var alternatives: [VR]
    /// Value multiplicity, as the standard writes it: `1`, `1-n`, `3`, `2-2n`.
    public var vm: String
    public var keyword: String
    public var name: String
    public var isRetired: Bool
  }

  /// The entry of a standard tag; repeating groups (`60xx`) included; nil for private and unknown tags.
  public static func entry(for tag: Tag) -> Entry? {
    if !tag.isPrivate, let own = CustomDictionary.shared?.entry(for: tag, creator: nil) {
      return Entry(
        tag: tag, vr: own.vr, alternatives: [own.vr], vm: own.vm, keyword: own.name, name: own.name,
        isRetired: false)
    }
    let table = StandardTable.shared
    guard let index = table.index(of: tag) else { return nil }
    return table.entry(at: index, tag: tag)
  }

  /// The representation of a tag in implicit VR (PS3.5 §6.2, A.1): UL for group lengths, LO for private
  /// creators, UN for what the dictionary doesn't know.
  public static func vr(of tag: Tag) -> VR {
    if tag.isPrivate { return tag.isPrivateCreator ? .LO : tag.isGroupLength ? .UL : .UN }
    if let own = CustomDictionary.shared?.entry(for: tag, creator: nil) { return own.vr }
    let table = StandardTable.shared
    if let index = table.index(of: tag) { return table.vr(at: index) }
    return tag.isGroupLength ? .UL : .UN
  }

  /// The tag of a keyword such as `PatientName`; nil when there is none. `RETIRED_` in front, as some
  /// configurations have it, is passed over.
  public static func tag(forKeyword keyword: String) -> Tag? {
    let name = keyword.hasPrefix("RETIRED_") ? String(keyword.dropFirst(8)) : keyword
    return CustomDictionary.shared?.tag(named: keyword) ?? StandardTable.shared.tagsByKeyword[name]
  }

  /// The name of a tag for a person: dictionary name, `Group Length`, `Private Creator` or `Unknown`.
  public static func name(of tag: Tag, privateCreator: String? = nil) -> String {
    if tag.isGroupLength { return "Group Length" }
    if tag.isPrivateCreator { return "Private Creator" }
    if tag.isPrivate {
      return PrivateDictionary.name(of: tag, creator: privateCreator) ?? "Private"
    }
    return entry(for: tag)?.name ?? "Unknown"
  }

  /// A tag from a keyword or from hexadecimal digits (`0010,0010`), as configurations and requests name it.
  public static func tag(named text: String) -> Tag? {
    Tag(hex: text) ?? tag(forKeyword: text)
  }
}

/// The generated table, indexed once: exact tags sorted, repeating ones by mask.
private final class StandardTable: Sendable {
  static let shared = StandardTable()

  private let tags: [UInt32]
  private let lines: [Int32]
  private let vrs: [UInt16]
  /// Value, mask, line and VR of entries with `x` in their tag.
  private let repeating: [(value: UInt32, mask: UInt32, line: Int32, vr: UInt16)]

  let tagsByKeyword: [String: Tag]

  /// Either a position in `tags`, or behind them one in `repeating`.
  typealias Index = Int

  private init() {
    var tags: [UInt32] = []
    var lines: [Int32] = []
    var vrs: [UInt16] = []
    var repeating: [(value: UInt32, mask: UInt32, line: Int32, vr: UInt16)] = []
    var keywords: [String: Tag] = [:]
    tags.reserveCapacity(6000)
    lines.reserveCapacity(6000)
    vrs.reserveCapacity(6000)
    keywords.reserveCapacity(6000)
    GeneratedTables.forEachLine(of: GeneratedTables.dataElements) { bytes, line in
      var value: UInt32 = 0
      var mask: UInt32 = 0
      for position in line.lowerBound..<line.lowerBound + 8 {
        let digit = GeneratedTables.hexDigit(bytes[position])
        value = value << 4 | (digit ?? 0)
        mask = mask << 4 | (digit == nil ? 0 : 0xF)
      }
      let vr = UInt16(bytes[line.lowerBound + 9]) | UInt16(bytes[line.lowerBound + 10]) << 8
      if mask == UInt32.max {
        tags.append(value)
        lines.append(Int32(line.lowerBound))
        vrs.append(vr)
      } else {
        repeating.append((value, mask, Int32(line.lowerBound), vr))
      }
      let fields = bytes[line].split(separator: 9, omittingEmptySubsequences: false)
      if fields.count > 4 && !fields[4].isEmpty {
        keywords[String(decoding: fields[4], as: UTF8.self)] = Tag(rawValue: value)
      }
    }
    self.tags = tags
    self.lines = lines
    self.vrs = vrs
    self.repeating = repeating
    tagsByKeyword = keywords
  }

  func index(of tag: Tag) -> Index? {
    let found: Int? = tags.withUnsafeBufferPointer { tags in
      var low = 0
      var high = tags.count
      while low < high {
        let middle = (low + high) / 2
        if tags[middle] < tag.rawValue { low = middle + 1 } else { high = middle }
      }
      return low < tags.count && tags[low] == tag.rawValue ? low : nil
    }
    if let found { return found }
    if tag.isGroupLength { return nil }
    return repeating.firstIndex { $0.value == tag.rawValue & $0.mask }.map { $0 + tags.count }
  }

  func vr(at index: Index) -> VR {
    VR(rawValue: index < tags.count ? vrs[index] : repeating[index - tags.count].vr)
  }

  func entry(at index: Index, tag: Tag) -> DataDictionary.Entry {
    let table = GeneratedTables.dataElements
    let start = Int(index < tags.count ? lines[index] : repeating[index - tags.count].line)
    let line = start..<GeneratedTables.lineEnd(of: table, from: start)
    let fields = GeneratedTables.fields(of: table, line: line)
    return DataDictionary.Entry(
      tag: tag, vr: vr(at: index), alternatives: fields[1].split(separator: ",").compactMap { VR($0) },
      vm: fields[2], keyword: fields[4], name: fields[5], isRetired: fields[3] == "R")
  }
}
