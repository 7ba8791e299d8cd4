import DICOM
import Store

/// The changes as they come, newest first.
struct ActivityState: Sendable {
  /// One line: a change, or a run of instances that arrived one after the other.
  struct Entry: Equatable, Sendable {
    var newest: Change
    var count: Int
  }

  /// Live changes are kept up to here.
  static let limit = 2000
  static let page = 300

  private(set) var changes: [Change] = []
  private(set) var entries: [Entry] = []
  var isLoaded = false
  var isAtEnd = false
  var isLoading = false
  var failure: String?
  var cursor = 0
  var top = 0

  var current: Entry? { entries.indices.contains(cursor) ? entries[cursor] : nil }
  var oldestKept: Int64? { changes.last { $0.sequence > 0 }?.sequence }

  mutating func prepend(_ new: [Change], visible: Int) {
    let before = entries.count
    changes = Array((new.reversed() + changes).prefix(Self.limit))
    regroup()
    // The cursor stays on its line, except at the top: there it follows what comes.
    if cursor > 0 {
      cursor += max(0, entries.count - before)
      if top > 0 { top += max(0, entries.count - before) }
    }
    move(to: cursor, visible: visible)
  }

  mutating func append(_ older: [Change]) {
    let known = oldestKept ?? .max
    changes += older.filter { $0.sequence < known }
    isLoaded = true
    isLoading = false
    regroup()
  }

  mutating func reset() {
    changes = []
    entries = []
    isAtEnd = false
  }

  mutating func move(to index: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(index, entries.count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, entries.count - visible))
  }

  private mutating func regroup() {
    entries = []
    for change in changes {
      if change.type == .newInstance, let last = entries.last, last.newest.type == .newInstance,
        last.newest.source == change.source, last.newest.group == change.group
      {
        entries[entries.count - 1].count += 1
      } else {
        entries.append(Entry(newest: change, count: 1))
      }
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
