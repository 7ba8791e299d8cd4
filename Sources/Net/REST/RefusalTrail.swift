import Synchronization

/// Refused requests: how often one is told, so that a flood of them fills no log. One line an address and second, with how
/// many it stands for.
struct RefusalLimit {
  /// Addresses that have lines of their own at a time; what else comes shares one.
  static let addresses = 16
  static let window = Duration.seconds(1)

  private struct Entry {
    var start: ContinuousClock.Instant
    /// The last one that was not told, which stands for all of them.
    var last: AuditRecord?
    var count = 0
  }

  private var entries: [String: Entry] = [:]

  var isEmpty: Bool { entries.isEmpty }

  /// What is to be told now; nil where it waits for the end of the second.
  mutating func take(_ record: AuditRecord, at now: ContinuousClock.Instant) -> AuditRecord? {
    let isKnown = entries[record.peer] != nil || entries.count < Self.addresses
    let key = isKnown ? record.peer : "others"
    guard var entry = entries[key] else {
      entries[key] = Entry(start: now)
      return record
    }
    entry.last = record
    entry.count += 1
    entries[key] = entry
    return nil
  }

  /// What was left out of the seconds that are over, a line an address.
  mutating func told(at now: ContinuousClock.Instant) -> [AuditRecord] {
    var records: [AuditRecord] = []
    for (key, entry) in entries where now - entry.start >= Self.window {
      guard var record = entry.last else {
        entries[key] = nil
        continue
      }
      record.others = entry.count - 1
      records.append(record)
      // The line counts for the second that begins.
      entries[key] = Entry(start: now)
    }
    return records
  }
}

/// Tells of requests that were not let in.
final class RefusalTrail: Sendable {
  private struct State {
    var limit = RefusalLimit()
    var isWatching = false
  }

  private let state = Mutex(State())
  private let tell: @Sendable (AuditRecord) -> Void

  init(_ tell: @escaping @Sendable (AuditRecord) -> Void) { self.tell = tell }

  func note(_ record: AuditRecord) {
    let (line, mustWatch) = state.withLock { state in
      let line = state.limit.take(record, at: .now)
      defer { state.isWatching = true }
      return (line, !state.isWatching)
    }
    if let line { tell(line) }
    if mustWatch { Task { await self.watch() } }
  }

  /// Until nothing is refused for a second.
  private func watch() async {
    var isOver = false
    while !isOver {
      try? await Task.sleep(for: RefusalLimit.window)
      let lines = state.withLock { state in
        let lines = state.limit.told(at: .now)
        isOver = state.limit.isEmpty
        if isOver { state.isWatching = false }
        return lines
      }
      for line in lines { tell(line) }
    }
  }
}
