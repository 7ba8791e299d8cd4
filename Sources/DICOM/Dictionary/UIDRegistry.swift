/// The UID registry of PS3.6 Annex A.
public enum UIDRegistry {
  public struct Entry: Equatable, Sendable {
    public var uid: UID
    public var name: String
    public var keyword: String
    public var kind: String
    public var isRetired: Bool
  }

  /// What a registered UID stands for; nil for private ones.
  public static func entry(for uid: UID) -> Entry? { entries[uid] }

  /// The registered name, else the UID itself.
  public static func name(of uid: UID) -> String { entries[uid]?.name ?? uid.value }

  /// Every registered entry of a kind, for instance `SOP Class` or `Transfer Syntax`.
  public static func entries(ofKind kind: String) -> [Entry] {
    entries.values.filter { $0.kind == kind }.sorted { $0.uid.value < $1.uid.value }
  }

  private static let entries: [UID: Entry] = {
    var entries: [UID: Entry] = [:]
    let table = GeneratedTables.uids
    GeneratedTables.forEachLine(of: table) { _, line in
      let fields = GeneratedTables.fields(of: table, line: line)
      let uid = UID(fields[0])
      entries[uid] = Entry(
        uid: uid, name: fields[4], keyword: fields[3], kind: fields[1], isRetired: fields[2] == "R")
    }
    return entries
  }()
}
