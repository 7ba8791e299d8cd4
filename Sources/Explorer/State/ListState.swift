import DICOM
import Store

/// One list on the screen: a window of rows around the cursor, and what the person did in it.
struct ListState: Sendable {
  /// Tells lists apart when an answer comes late.
  let id: Int
  var query: ListQuery
  var filterText = ""
  /// The row that was opened to come here; nil at the top.
  var parent: ResourceRow?
  var window = ListWindow()
  var isLoaded = false
  /// Place of the cursor in the whole list, and the row there once it is read.
  var cursor = 0
  var cursorRow: ResourceRow?
  /// Place in the whole list of the first row on the screen.
  var top = 0
  var marks: [PublicID: ResourceRow] = [:]
  /// Where `v` was pressed first.
  var rangeStart: PublicID?
  /// Arrived since the person looked.
  var arrivals: Set<PublicID> = []
  /// The request whose answer is awaited.
  var pending: WindowRequest?
  /// Something changed that the window doesn't show yet.
  var isStale = false
  var failure: String?

  init(id: Int, query: ListQuery, parent: ResourceRow? = nil) {
    self.id = id
    self.query = query
    self.parent = parent
  }

  var level: ResourceLevel { query.level }
  var total: Int { window.total }

  /// The row at a place of the whole list; nil when it is not read.
  func row(at index: Int) -> ResourceRow? {
    let offset = index - window.firstIndex
    return window.rows.indices.contains(offset) ? window.rows[offset] : nil
  }

  /// The place of a resource in the whole list, if it is in the window.
  func index(of id: PublicID) -> Int? {
    window.rows.firstIndex { $0.id == id }.map { $0 + window.firstIndex }
  }

  /// What an action applies to: the marked rows in the list's order, else the one under the cursor.
  var targets: [ResourceRow] {
    guard !marks.isEmpty else { return [cursorRow].compactMap { $0 } }
    let rows = marks.values.sorted { $0.cursor.precedes($1.cursor) }
    return query.isDescending ? rows.reversed() : rows
  }

  /// Puts the cursor somewhere and keeps it on the screen.
  mutating func move(to index: Int, visible: Int) {
    if let row = cursorRow, index != cursor { arrivals.remove(row.id) }
    cursor = max(0, min(index, total - 1))
    cursorRow = row(at: cursor)
    clampTop(visible: visible)
  }

  mutating func scroll(by rows: Int, visible: Int) {
    top = max(0, min(top + rows, total - visible))
    move(to: min(max(cursor, top), top + visible - 1), visible: visible)
  }

  mutating func clampTop(visible: Int) {
    let visible = max(1, visible)
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, total - visible))
  }
}

/// Why a window is asked for, hence where the cursor goes once it is there.
enum WindowPurpose: Equatable, Sendable {
  /// The cursor stays on its resource.
  case keep
  /// The resource is gone: the cursor stays at its place.
  case keepPlace
  /// On the resource if the list still has it, else at the start.
  case keepOrStart
  case start, end
  /// To a resource.
  case jump(PublicID)
}

struct WindowRequest: Equatable, Sendable {
  var number: Int
  var list: Int
  var query: ListQuery
  var anchor: WindowAnchor
  var limit: Int
  var purpose: WindowPurpose
  /// Waits before asking, so that a flood of arrivals is read a few times a second only.
  var delayMilliseconds = 0
}

extension ListState {
  /// How many rows to read around the cursor: those that the screen lacks first, for the sake of whoever waits for
  /// them, then more.
  static func limit(visible: Int, isAwaited: Bool, _ anchor: WindowAnchor) -> Int {
    guard isAwaited else { return max(120, visible * 5) }
    return anchor == .start || anchor == .end ? visible + 1 : 2 * visible + 2
  }

  /// Whether rows of the screen are being read.
  func awaitsRows(visible: Int) -> Bool { pending != nil && lacksRows(visible: visible) }

  private func lacksRows(visible: Int) -> Bool {
    if !isLoaded { return true }
    let read = window.firstIndex..<(window.firstIndex + window.rows.count)
    return top < read.lowerBound || min(total, top + visible) > read.upperBound
  }

  /// Whether a person waits for what is read for this purpose.
  func isAwaited(_ purpose: WindowPurpose, visible: Int) -> Bool {
    switch purpose {
    case .keep, .keepPlace: lacksRows(visible: visible)
    case .keepOrStart, .start, .end, .jump: true
    }
  }

  /// Takes an answer in; returns what must be asked next, if anything.
  mutating func take(_ answer: ListWindow, for request: WindowRequest, visible: Int) -> WindowPurpose? {
    let before = cursor
    let hadRow = cursorRow
    window = answer
    isLoaded = true
    failure = nil
    switch request.purpose {
    case .start: cursor = 0
    case .end: cursor = max(0, total - 1)
    case .jump(let id): cursor = index(of: id) ?? cursor
    case .keepOrStart: cursor = hadRow.flatMap { index(of: $0.id) } ?? 0
    case .keepPlace: cursor = hadRow.map { index(of: $0.id) ?? place(of: $0.cursor) } ?? cursor
    case .keep:
      if let row = hadRow {
        guard let index = index(of: row.id) else { return .keepPlace }
        cursor = index
      }
    }
    if top > 0 { top += cursor - before }
    cursor = max(0, min(cursor, total - 1))
    cursorRow = row(at: cursor)
    clampTop(visible: visible)
    refreshMarks()
    return nil
  }

  /// Whether the window has been read in the list's order, and by its filter.
  var showsItsQuery: Bool {
    guard isLoaded, failure == nil else { return false }
    switch pending?.purpose {
    case nil, .keep, .keepPlace: return true
    case .start, .end, .keepOrStart, .jump: return false
    }
  }

  /// Turns the order round: the rows that are read only change their places. The cursor stays on its row.
  mutating func reverse(visible: Int) {
    query.isDescending.toggle()
    window.firstIndex = total - window.firstIndex - window.rows.count
    window.rows.reverse()
    let before = cursor
    cursor = max(0, total - 1 - cursor)
    if top > 0 { top += cursor - before }
    clampTop(visible: visible)
  }

  /// Marked rows show what they are now.
  private mutating func refreshMarks() {
    guard !marks.isEmpty else { return }
    for row in window.rows where marks[row.id] != nil { marks[row.id] = row }
  }

  /// Where a row with this key stands or would stand.
  private func place(of key: ListCursor) -> Int {
    let before = window.rows.prefix { row in
      query.isDescending ? key.precedes(row.cursor) : row.cursor.precedes(key)
    }
    return window.firstIndex + before.count
  }

  /// What to read next so that the screen and one more on each side is there; nil when it is.
  func missingAnchor(visible: Int) -> WindowAnchor? {
    guard isLoaded, total > 0 else { return nil }
    let wanted = max(0, top - visible)..<min(total, top + 2 * visible)
    let read = window.firstIndex..<(window.firstIndex + window.rows.count)
    if wanted.lowerBound >= read.lowerBound && wanted.upperBound <= read.upperBound { return nil }
    if let row = cursorRow { return .around(row.cursor) }
    guard let first = window.rows.first, let last = window.rows.last else { return .start }
    // Straight to where the cursor is, however far it has gone meanwhile.
    if cursor < read.lowerBound {
      let way = read.lowerBound - cursor
      return way > cursor ? .start : .beyond(first.cursor, rows: -way)
    }
    let way = cursor - (read.upperBound - 1)
    return way > total - cursor ? .end : .beyond(last.cursor, rows: way)
  }
}
