import DICOM

/// What a list is ordered by. A level sorts by what it has; see `SortKey.keys(for:)`.
public enum SortKey: String, CaseIterable, Sendable {
  case patientName, patientID, birthDate
  case studyDate, modality, description, accessionNumber
  case number, instances, diskSize, lastUpdate

  /// The keys that make sense at a level, the default first.
  public static func keys(for level: ResourceLevel) -> [SortKey] {
    switch level {
    case .patient: [.patientName, .patientID, .birthDate, .instances, .diskSize, .lastUpdate]
    case .study:
      [
        .studyDate, .patientName, .patientID, .modality, .description, .accessionNumber, .instances,
        .diskSize, .lastUpdate,
      ]
    case .series: [.number, .modality, .description, .instances, .diskSize, .lastUpdate]
    case .instance: [.number, .diskSize, .lastUpdate]
    }
  }

  /// Whether the biggest or newest comes first unless asked otherwise.
  public var isDescendingByDefault: Bool {
    switch self {
    case .studyDate, .instances, .diskSize, .lastUpdate: true
    case .patientName, .patientID, .birthDate, .modality, .description, .accessionNumber, .number: false
    }
  }
}

/// Which resources of a level a list shows, and in which order.
public struct ListQuery: Equatable, Sendable {
  public var level: ResourceLevel
  /// Only what lies below this resource, which must be of a level above.
  public var parent: ResourceReference?
  public var sort: SortKey
  public var isDescending: Bool
  public var filter: ListFilter

  public init(
    level: ResourceLevel, parent: ResourceReference? = nil, sort: SortKey? = nil,
    isDescending: Bool? = nil, filter: ListFilter = ListFilter()
  ) {
    self.level = level
    self.parent = parent
    let key = sort ?? SortKey.keys(for: level)[0]
    self.sort = key
    self.isDescending = isDescending ?? key.isDescendingByDefault
    self.filter = filter
  }
}

/// A place in a list's order: the value sorted by and the row's key. Opaque outside the store.
public struct ListCursor: Hashable, Sendable {
  /// Text keys as normalised text, numbers as such; nil sorts first.
  public enum Value: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case none
  }

  public var value: Value
  public var key: Int64

  public init(value: Value, key: Int64) {
    self.value = value
    self.key = key
  }
}

extension ListCursor {
  /// The ascending order of a list: missing values first, then by value, then by key.
  public func precedes(_ other: ListCursor) -> Bool {
    switch (value, other.value) {
    case (.none, .none): return key < other.key
    case (.none, _): return true
    case (_, .none): return false
    case (.number(let mine), .number(let theirs)): return (mine, key) < (theirs, other.key)
    case (.text(let mine), .text(let theirs)):
      return mine == theirs ? key < other.key : mine.utf8.lexicographicallyPrecedes(theirs.utf8)
    case (.number, .text): return true
    case (.text, .number): return false
    }
  }
}

/// Which part of a list is wanted.
public enum WindowAnchor: Equatable, Sendable {
  case start
  case end
  /// About half of the window lies before this place, the rest from it on; the row itself may be gone.
  case around(ListCursor)
  /// Like `around`, of the place so many rows further down the list than this one (negative: further up), or the
  /// list's end.
  case beyond(ListCursor, rows: Int)
  /// Like `around`, by identifier; the start when the resource is not in the list.
  case aroundResource(PublicID)
}

/// A part of a list, consistent in itself.
public struct ListWindow: Equatable, Sendable {
  public var rows: [ResourceRow]
  /// How many rows of the whole list come before the first one here.
  public var firstIndex: Int
  /// Rows of the whole list.
  public var total: Int

  public init(rows: [ResourceRow] = [], firstIndex: Int = 0, total: Int = 0) {
    self.rows = rows
    self.firstIndex = firstIndex
    self.total = total
  }
}
