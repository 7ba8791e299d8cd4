/// One thing that a repair did, would do, or can't do.
public struct RepairStep: Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, CaseIterable {
    /// The index could not be used and was moved aside: a new one is made from the files.
    case indexReplaced
    /// A row that belonged to nothing, removed.
    case rowRemoved
    /// A file that no row knew, taken into the index.
    case fileAdopted
    /// A file that took the place of a missing or damaged one of the same instance.
    case fileRestored
    /// A file that was moved aside.
    case fileSetAside
    /// A counter, set right.
    case countMended
    /// An image whose file is missing, and no other has it.
    case imageLost
    /// An image whose file is damaged, and no other has it whole.
    case imageDamaged
    /// Anything else that is still wrong.
    case notMended

    /// Whether nothing is wrong there any more.
    public var isMended: Bool { self != .imageLost && self != .imageDamaged && self != .notMended }
  }

  public var kind: Kind
  /// The file, or the resource.
  public var subject: String
  public var detail: String
  /// What else the report keeps: labels and metadata of rows that are removed. Not for a log or a screen.
  var keepsake = ""

  public var description: String {
    let words =
      switch kind {
      case .indexReplaced: "index made anew"
      case .rowRemoved: "row removed"
      case .fileAdopted: "taken in"
      case .fileRestored: "brought back"
      case .fileSetAside: "moved aside"
      case .countMended: "counted anew"
      case .imageLost: "LOST"
      case .imageDamaged: "DAMAGED"
      case .notMended: "still wrong"
      }
    return "\(words): \(subject)" + (detail.isEmpty ? "" : ": \(detail)")
  }
}

/// How a repair is to be done.
public struct RepairOptions: Equatable, Sendable {
  /// Whether every file is read and its MD5 compared.
  public var deep: Bool
  /// Whether it only tells what it would do.
  public var isDryRun: Bool

  public init(deep: Bool = false, isDryRun: Bool = false) {
    self.deep = deep
    self.isDryRun = isDryRun
  }
}

/// How far a repair has come.
public struct RepairProgress: Equatable, Sendable {
  public enum Phase: Sendable { case checkingAttachments, readingFiles }

  public var phase: Phase
  public var done: Int
  public var total: Int
}

/// How a repair ended.
public struct RepairOutcome: Equatable, Sendable {
  /// Whether nothing is at fault any more; for a dry run, whether nothing was.
  public var isSound: Bool
  /// Attachments that were checked.
  public var attachments: Int
  /// The file that says everything that was done; nil when nothing was.
  public var report: String?
}
