import Synchronization

/// Elements that a site adds to the dictionaries (Orthanc's option `Dictionary`), private ones by creator. It is
/// registered once, before anything is read.
public final class CustomDictionary: Sendable {
  public struct Entry: Equatable, Sendable {
    /// Of a private element: the block does not count.
    public var tag: Tag
    public var vr: VR
    public var vm: String
    public var name: String
    /// Nil for a private element of any creator that no other entry knows.
    public var privateCreator: String?

    public init(tag: Tag, vr: VR, vm: String, name: String, privateCreator: String? = nil) {
      self.tag = tag
      self.vr = vr
      self.vm = vm
      self.name = name
      self.privateCreator = privateCreator
    }
  }

  private struct Key: Hashable {
    var tag: UInt32
    var creator: String?
  }

  private let entries: [Key: Entry]
  private let tagsByName: [String: Tag]
  /// `DefaultPrivateCreator`: whose a private element is where its block has no creator.
  let defaultCreator: String?

  public init(_ entries: [Entry], defaultPrivateCreator: String? = nil) {
    self.entries = Dictionary(
      entries.map { (Key(tag: Self.place($0.tag), creator: $0.privateCreator), $0) },
      uniquingKeysWith: { $1 })
    tagsByName = Dictionary(
      entries.filter { !$0.tag.isPrivate }.map { ($0.name, $0.tag) }, uniquingKeysWith: { $1 })
    defaultCreator = defaultPrivateCreator.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A private element stands in any block: only the low byte counts.
  private static func place(_ tag: Tag) -> UInt32 {
    tag.isPrivate ? tag.rawValue & 0xFFFF_00FF : tag.rawValue
  }

  /// Of a private tag whose block has no creator, `DefaultPrivateCreator` is asked for.
  public func entry(for tag: Tag, creator: String?) -> Entry? {
    if !tag.isPrivate { return entries[Key(tag: tag.rawValue, creator: nil)] }
    guard tag.element > 0xFF else { return nil }
    return entries[Key(tag: Self.place(tag), creator: creator ?? defaultCreator)]
      ?? entries[Key(tag: Self.place(tag), creator: nil)]
  }

  /// The tag of a name that this dictionary gives to a standard or a site's own element of an even group.
  public func tag(named name: String) -> Tag? { tagsByName[name] }

  private static let registered = AtomicLazyReference<CustomDictionary>()

  /// Makes this one count for the rest of the process. Only the first does.
  public static func register(_ dictionary: CustomDictionary) {
    _ = registered.storeIfNil(dictionary)
  }

  static var shared: CustomDictionary? { registered.load() }
}
