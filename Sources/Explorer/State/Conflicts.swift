/// Changes that met those of other people: each is asked about, and nothing is done to any before all are answered.
struct Conflicts<Mine: Equatable & Sendable, Theirs: Equatable & Sendable>: Equatable, Sendable {
  struct Conflict: Equatable, Sendable {
    var mine: Mine
    /// What is there now; nil: somebody removed it.
    var theirs: Theirs?
  }

  enum Answer: Equatable, Sendable {
    /// There is another one to ask about.
    case next
    /// All are answered: these are to win over theirs, the others stay as they are.
    case settled(kept: [Conflict])
    /// None is to be touched.
    case back
    /// The key means nothing here.
    case unknown(help: String)
  }

  private let all: [Conflict]
  private var answered = 0
  private var kept: [Conflict] = []

  /// Nil when there is none.
  init?(_ conflicts: [Conflict]) {
    if conflicts.isEmpty { return nil }
    all = conflicts
  }

  var count: Int { all.count }
  /// From 1 up.
  var number: Int { answered + 1 }
  /// What is asked about.
  var current: Conflict { all[answered] }
  /// Whether others are left behind this one, for which the same answer can be given.
  var hasMore: Bool { number < count }

  mutating func answer(_ key: Key) -> Answer {
    switch key {
    case .character("k"): return take(1, keeping: true)
    case .character("t"): return take(1, keeping: false)
    case .character("K") where hasMore: return take(count - answered, keeping: true)
    case .character("T") where hasMore: return take(count - answered, keeping: false)
    case .escape: return .back
    default:
      return .unknown(
        help: hasMore
          ? "k or t answers this one, K or T all that are left, Esc changes nothing"
          : "k keeps yours, t takes theirs, Esc changes nothing")
    }
  }

  private mutating func take(_ number: Int, keeping: Bool) -> Answer {
    if keeping { kept += all[answered..<answered + number] }
    if answered + number == count { return .settled(kept: kept) }
    answered += number
    return .next
  }
}
