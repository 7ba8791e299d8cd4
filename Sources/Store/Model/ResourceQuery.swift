import DICOM

/// What `/tools/find`, C-FIND and their like look for.
public struct ResourceQuery: Sendable {
  public enum LabelsConstraint: String, CaseIterable, Sendable {
    case all = "All"
    case any = "Any"
    case none = "None"
  }

  /// What the answers are ordered by.
  public struct Order: Equatable, Sendable {
    public enum Key: Equatable, Sendable {
      case tag(Tag)
      case metadata(MetadataKey)
    }

    public var key: Key
    public var isDescending: Bool

    public init(_ key: Key, isDescending: Bool = false) {
      self.key = key
      self.isDescending = isDescending
    }
  }

  public var level: ResourceLevel
  /// All must match. Tags of other levels concern what the resource belongs to, or something below it.
  public var tags: [Tag: AttributeMatch] = [:]
  /// Whether case and accents count in the values of tags.
  public var isExact = false
  public var labels: [String] = []
  public var labelsConstraint = LabelsConstraint.all
  public var metadata: [MetadataKey: AttributeMatch] = [:]
  /// Only what lies below it.
  public var parent: ResourceReference?
  public var order: [Order] = []
  /// Passes over so many of the answers, and gives so many at most.
  public var since = 0
  public var limit: Int?

  public init(level: ResourceLevel) { self.level = level }
}
