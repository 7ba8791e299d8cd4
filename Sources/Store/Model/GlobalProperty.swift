/// The number of a value that belongs to the archive as a whole (Orthanc's global properties).
public struct GlobalProperty: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The modalities, where `DicomModalitiesInDatabase` is on: a JSON object by name.
  public static let modalities = GlobalProperty(rawValue: 20)
  /// The peers, where `OrthancPeersInDatabase` is on: a JSON object by name, passwords included.
  public static let peers = GlobalProperty(rawValue: 21)

  /// Numbers that plugins and people may use.
  public static let userDefined = 1024...Int(Int32.max)

  /// Whether others than the archive itself may write it. The numbers between are versions and counters of Orthanc's
  /// own database.
  public var isWritable: Bool {
    self == .modalities || self == .peers || Self.userDefined.contains(rawValue)
  }

  /// What it is, or who is known to use it; the number where nobody knows.
  public var name: String {
    switch self {
    case .modalities: "modalities"
    case .peers: "peers"
    default: NumberRegistry.name(ofGlobalProperty: self) ?? String(rawValue)
    }
  }

  public static func < (left: GlobalProperty, right: GlobalProperty) -> Bool {
    left.rawValue < right.rawValue
  }
}
