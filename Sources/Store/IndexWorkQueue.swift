/// What waits for the index, in its order, and whether it must wait longer.
struct IndexWorkQueue {
  private var waiting: [IndexWork] = []
  private var urgent = 0
  /// Instances that wait or are being indexed, and the bytes of their files that are in memory.
  private(set) var instances = 0
  private var bytes = 0
  /// So many of those that wait were there when the run began.
  private var due = 0
  var isRunning = false
  /// A run is due in a moment.
  var isScheduled = false
  var isClosed = false
  /// Why acknowledged instances can't be indexed now.
  var blockage: StoreError?

  /// So many instances, or bytes of them, are indexed without waiting for more: a burst that is shorter has the
  /// processor for itself.
  static let enough = 6144
  static let enoughBytes = 8 << 20
  /// So many hold up the senders: they are in memory.
  static let tooMany = 8192
  static let tooManyBytes = 16 << 20
  /// So many share a transaction at most: what is done needs no memory while the others are indexed.
  static let most = 2048

  var isEmpty: Bool { waiting.isEmpty }

  private var isEnough: Bool { instances >= Self.enough || bytes >= Self.enoughBytes }

  /// Whether nothing more may wait.
  var isFull: Bool { instances >= Self.tooMany || bytes >= Self.tooManyBytes }

  /// Whether somebody waits for what is in the queue.
  var isAwaited: Bool { urgent > 0 }

  /// Whether somebody waits, or more would not help. Chores wait for instances only where there are some.
  var mustRun: Bool {
    isAwaited || due > 0 || isEnough || instances == 0 && !waiting.isEmpty
  }

  mutating func append(_ work: IndexWork) {
    waiting.append(work)
    if work.isUrgent { urgent += 1 }
    if work.isIngest {
      instances += 1
      bytes += work.bytes
    }
  }

  /// The first of what waits. A run is not over until everything is done that was there when it began. While instances
  /// can't be indexed it is all that waits: edits and questions behind them are answered all the same.
  mutating func take() -> [IndexWork] {
    if due == 0 || blockage != nil { due = waiting.count }
    let taken = Array(waiting.prefix(blockage == nil ? min(due, Self.most) : due))
    waiting.removeFirst(taken.count)
    due -= taken.count
    urgent -= taken.count { $0.isUrgent }
    return taken
  }

  /// What was taken is done, but for what is left, which goes in front of what has come meanwhile: the order of the
  /// journal is kept.
  mutating func finish(_ batch: [IndexWork], left: [IndexWork]) {
    instances -= batch.count { $0.isIngest } - left.count
    bytes -= batch.reduce(0) { $0 + $1.bytes } - left.reduce(0) { $0 + $1.bytes }
    if left.isEmpty { return }
    waiting = left + waiting
    urgent += left.count { $0.isUrgent }
    due = 0
  }
}
