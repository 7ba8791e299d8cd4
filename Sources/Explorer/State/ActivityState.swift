import DICOM
import Store

/// What happens, newest first: kept changes, and what is only told to who listens.
struct ActivityState: Sendable {
  enum Event: Equatable, Sendable {
    case change(Change)
    case job(JobEvent)
    case write(RemoteWrite)

    var date: Int64 {
      switch self {
      case .change(let change): change.date
      case .job(let event): event.date
      case .write(let write): write.date
      }
    }

    var change: Change? {
      guard case .change(let change) = self else { return nil }
      return change
    }

    var write: RemoteWrite? {
      guard case .write(let write) = self else { return nil }
      return write
    }

    /// Its number, when the archive keeps it.
    var sequence: Int64? { change.flatMap { $0.sequence > 0 ? $0.sequence : nil } }
  }

  /// One line: an event, or a run of instances that arrived, or of one request that was made, one after the other.
  struct Entry: Equatable, Sendable {
    var newest: Event
    var count: Int
  }

  /// Live events are kept up to here.
  static let limit = 2000
  static let page = 300

  private(set) var events: [Event] = []
  private(set) var entries: [Entry] = []
  var isLoaded = false
  var isAtEnd = false
  var isLoading = false
  /// The stream was too fast: some changes are missing.
  var isStale = false
  var failure: String?
  var cursor = 0
  var top = 0

  var current: Entry? { entries.indices.contains(cursor) ? entries[cursor] : nil }
  var oldestKept: Int64? { events.last { $0.sequence != nil }?.sequence }

  mutating func prepend(_ event: ArchiveEvent, visible: Int) {
    let jobs = event.jobs.filter { $0.kind != .updated }
    let new = event.changes.map { Event.change($0) } + jobs.map { .job($0) }
    if event.isTruncated && isLoaded { isStale = true }
    prepend(new, visible: visible)
  }

  mutating func prepend(_ writes: [RemoteWrite], visible: Int) {
    prepend(writes.map { .write($0) }, visible: visible)
  }

  private mutating func prepend(_ new: [Event], visible: Int) {
    if new.isEmpty { return }
    replace(with: Array((new.reversed() + events).prefix(Self.limit)), visible: visible)
  }

  /// Takes in the newest kept changes; those that were only told stand among them by their time.
  mutating func merge(_ page: [Change], visible: Int) {
    (isLoaded, isLoading, isStale) = (true, false, false)
    let known = Dictionary(
      events.compactMap { event in event.sequence.map { ($0, event) } },
      uniquingKeysWith: { first, _ in first })
    let newest = known.keys.max() ?? 0
    var kept = page.map { known[$0.sequence] ?? .change($0) }
    let oldest = page.last?.sequence ?? 0
    if page.count < Self.page {
      isAtEnd = true
    } else if oldest <= newest + 1 {
      kept += events.filter { ($0.sequence ?? .max) < oldest }
    } else {
      // What lies between is read when one scrolls there.
      isAtEnd = false
    }
    // Those that came while it was read.
    kept = events.filter { ($0.sequence ?? 0) > page.first?.sequence ?? 0 } + kept
    replace(with: woven(kept, events.filter { $0.sequence == nil }), visible: visible)
  }

  private func woven(_ kept: [Event], _ told: [Event]) -> [Event] {
    var merged: [Event] = []
    var rest = told[...]
    for event in kept {
      while let first = rest.first, first.date >= event.date {
        merged.append(first)
        rest.removeFirst()
      }
      merged.append(event)
    }
    return merged + rest
  }

  mutating func append(_ older: [Change]) {
    let known = oldestKept ?? .max
    events += older.filter { $0.sequence < known }.map { .change($0) }
    isLoading = false
    regroup()
  }

  /// What the archive keeps is to be read anew.
  mutating func forgetKept() {
    events.removeAll { $0.sequence != nil }
    regroup()
    isAtEnd = false
  }

  mutating func move(to index: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(index, entries.count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, entries.count - visible))
  }

  /// The cursor stays on its line, except at the top: there it follows what comes.
  private mutating func replace(with new: [Event], visible: Int) {
    let before = entries.count
    events = new
    regroup()
    if cursor > 0 {
      cursor += max(0, entries.count - before)
      if top > 0 { top += max(0, entries.count - before) }
    }
    move(to: cursor, visible: visible)
  }

  private mutating func regroup() {
    entries = []
    for event in events {
      if let place = place(for: event) {
        entries[place].count += 1
      } else {
        entries.append(Entry(newest: event, count: 1))
      }
    }
  }

  /// The line that an event joins. What is sent over REST comes by turns, instance and request: one line of the other
  /// kind may stand between.
  private func place(for event: Event) -> Int? {
    guard let last = entries.indices.last else { return nil }
    if event.joins(entries[last].newest) { return last }
    let isOtherKind = (event.write == nil) != (entries[last].newest.write == nil)
    return isOtherKind && last > 0 && event.joins(entries[last - 1].newest) ? last - 1 : nil
  }
}

extension ActivityState.Event {
  /// Whether both stand in one line.
  fileprivate func joins(_ other: Self) -> Bool {
    switch (self, other) {
    case (.change(let one), .change(let other)):
      one.type == .newInstance && other.type == .newInstance && one.source == other.source
        && one.group == other.group
    case (.write(let one), .write(let other)): one.isRepetition(of: other)
    default: false
    }
  }
}

/// The log's newest lines.
struct LogState: Sendable {
  static let limit = 1000

  private(set) var all: [LogLine] = []
  private(set) var lines: [LogLine] = []
  private(set) var filter = ""
  var cursor = 0
  var top = 0

  var current: LogLine? { lines.indices.contains(cursor) ? lines[cursor] : nil }

  /// At the last line the view follows what comes.
  mutating func take(_ new: [LogLine], visible: Int) {
    let follows = cursor >= lines.count - 1
    let dropped =
      lines.isEmpty ? 0 : max(0, new.firstIndex { $0 == all.last }.map { all.count - 1 - $0 } ?? 0)
    all = new
    select()
    move(to: follows ? lines.count - 1 : cursor - (filter.isEmpty ? dropped : 0), visible: visible)
  }

  mutating func setFilter(_ text: String, visible: Int) {
    filter = text
    select()
    move(to: lines.count - 1, visible: visible)
  }

  private mutating func select() {
    let wanted = filter.lowercased()
    lines = wanted.isEmpty ? all : all.filter { $0.message.lowercased().contains(wanted) }
  }

  mutating func move(to index: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(index, lines.count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, lines.count - visible))
  }
}

extension Change {
  /// The title without what differs from instance to instance: one line for those of one series.
  fileprivate var group: Substring {
    title.ranges(of: " · ").last.map { title[..<$0.lowerBound] } ?? title[...]
  }
}
