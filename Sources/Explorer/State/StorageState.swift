import DICOM
import Store

/// How full the archive is, and a window of its patients around the cursor: those that go, next first, then those
/// that are protected.
struct StorageState: Sendable {
  private(set) var use: StorageUse?
  /// The place of the first row that was read.
  private(set) var start = 0
  private(set) var rows: [ResourceRow] = []
  private(set) var cursor = 0
  private(set) var top = 0
  var failure: String?
  /// The number of the request whose answer is awaited.
  var pending: Int?
  /// Something changed that isn't read yet.
  var isStale = false

  /// How many patients stand in the order, before the protected ones.
  var orderCount: Int { use.map { max(0, $0.totals.patients - $0.protectedPatients) } ?? 0 }
  var total: Int { use.map { max(0, $0.totals.patients) } ?? 0 }
  var current: ResourceRow? { row(at: cursor) }

  /// The patient at a place; nil when it is not read.
  func row(at place: Int) -> ResourceRow? {
    rows.indices.contains(place - start) ? rows[place - start] : nil
  }

  mutating func move(to place: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(place, total - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, total - visible))
  }

  /// The cursor stays on its patient; on its place when the patient is gone or has changed sides, so that one after
  /// the other can be protected.
  mutating func take(_ read: StorageUse, from start: Int, limit: Int) {
    let (before, held) = (cursor, current)
    use = read
    failure = nil
    self.start = start
    // As many as make a window without a gap.
    let inOrder = read.order.prefix(limit)
    let behind = start + inOrder.count >= orderCount ? limit - inOrder.count : 0
    rows = Array(inOrder) + read.protected.prefix(behind)
    let place = rows.firstIndex { $0.id == held?.id && $0.isProtected == held?.isProtected }
    cursor = place.map { $0 + start } ?? cursor
    if top > 0 { top += cursor - before }
  }

  /// Whether the screen shows places that are not read.
  func lacksRows(visible: Int) -> Bool {
    guard use != nil else { return false }
    return top < start || min(total, top + visible) > start + rows.count
  }
}

/// Which patients to read: what the screen shows, a screen before and a screen behind.
struct StorageRequest: Equatable, Sendable {
  var number: Int
  var start: Int
  var limit: Int
  /// Waits before asking, so that a flood of arrivals is read a few times a second only.
  var delayMilliseconds = 0
}
