import Dispatch
import Logging
import Synchronization

/// The way in: arriving instances are written into the journal, those that wait together with one sync, and
/// acknowledged; then they go to the committer, which indexes many of them at once.
final class Arrivals: Sendable {
  typealias Completion = Committer.IngestCompletion

  private struct Arrival: Sendable {
    var instance: PreparedInstance
    var overwrite: Bool
    /// Whether the answer waits until the instance is in the index, beside being durable.
    var waitsForIndex: Bool
    var completion: Completion
  }

  private struct Queue {
    var waiting: [Arrival] = []
    var isRunning = false
    var isClosed = false
  }

  private enum Checkpoint { case none, running, done, failed }

  private let journal: Mutex<IngestJournal>
  private let storage: StorageArea
  private let index: ArchiveIndex
  private let committer: Committer
  private let logger: Logger
  private let queue = Mutex(Queue())
  private let thread = DispatchQueue(label: "filmroom.journal")
  private let checkpoints = DispatchQueue(label: "filmroom.checkpoint")
  private let checkpoint = Mutex(Checkpoint.none)
  /// A segment that has grown to so many times its size waits for the other one.
  private static let patience = 4

  init(
    _ journal: consuming sending IngestJournal, storage: StorageArea, index: ArchiveIndex,
    committer: Committer,
    logger: Logger
  ) {
    self.journal = Mutex(journal)
    self.storage = storage
    self.index = index
    self.committer = committer
    self.logger = logger
  }

  /// Takes an instance whose file is durable, or small. The completion comes when it is durable for good.
  func take(
    _ instance: PreparedInstance, overwrite: Bool, waitsForIndex: Bool, _ completion: @escaping Completion
  ) {
    let arrival = Arrival(
      instance: instance, overwrite: overwrite, waitsForIndex: waitsForIndex, completion: completion)
    let (isClosed, mustStart) = queue.withLock { queue in
      if queue.isClosed { return (true, false) }
      queue.waiting.append(arrival)
      defer { queue.isRunning = true }
      return (false, !queue.isRunning)
    }
    if isClosed {
      fail([arrival], StoreError(.closed, "the archive is closing"))
    } else if mustStart {
      thread.async { self.drain() }
    }
  }

  private func drain() {
    while true {
      let batch = queue.withLock { queue in
        defer { queue.waiting = [] }
        if queue.waiting.isEmpty { queue.isRunning = false }
        return queue.waiting
      }
      if batch.isEmpty { return }
      run(batch)
    }
  }

  private func run(_ batch: [Arrival]) {
    // What was acknowledged before can't get where it belongs: nothing more is promised until it can.
    if let error = committer.waitForRoom() { return fail(batch, error) }
    let sequences: Range<UInt64>
    do throws(StoreError) {
      let bodies = batch.map { JournalEntry($0.instance).encoded() }
      sequences = try journal.withLock { journal throws(StoreError) in
        let first = journal.sequence + 1
        try journal.append(bodies)
        try journal.sync()
        return first..<first + UInt64(bodies.count)
      }
    } catch {
      return fail(batch, error)
    }
    for (arrival, sequence) in zip(batch, sequences) {
      committer.index(
        arrival.instance, sequence: sequence, overwrite: arrival.overwrite,
        arrival.waitsForIndex ? arrival.completion : nil)
      if !arrival.waitsForIndex {
        arrival.completion(.success(StoreResult(status: .stored, instance: arrival.instance.id(.instance))))
      }
    }
    checkpointIfNeeded()
  }

  private func fail(_ arrivals: [Arrival], _ error: StoreError) {
    for arrival in arrivals {
      storage.remove(arrival.instance.file.uuid)
      arrival.completion(.failure(error))
    }
  }

  // MARK: Checkpoints

  /// A full segment of the journal is left, and what it holds is made durable in the background.
  private func checkpointIfNeeded() {
    switch checkpoint.withLock({ $0 }) {
    case .done:
      journal.withLock { $0.otherIsFree() }
      checkpoint.withLock { $0 = .none }
    case .failed: startCheckpoint(isRetry: true)
    case .none, .running: break
    }
    let (isFull, isLate, isBusy) = journal.withLock {
      ($0.isFull(times: 1), $0.isFull(times: Self.patience), $0.isOtherBusy)
    }
    if isFull && !isBusy {
      journal.withLock { $0.switchSegments() }
      startCheckpoint()
    } else if isLate {
      // The disk does not keep up: the senders wait.
      checkpoints.sync {}
    }
  }

  private func startCheckpoint(isRetry: Bool = false) {
    checkpoint.withLock { $0 = .running }
    checkpoints.async { [self] in
      do throws(StoreError) {
        try syncEverything(isRetry: isRetry)
        checkpoint.withLock { $0 = .done }
      } catch {
        logger.error("\(error.message); the journal grows until it works again")
        checkpoint.withLock { $0 = .failed }
      }
    }
  }

  private func syncEverything(isRetry: Bool) throws(StoreError) {
    if let error = committer.settleNow() { throw error }
    // After a failed sync the system takes for written what may not be: another sync alone would promise too much.
    if isRetry { try writeAgain() }
    try storage.syncAll()
    try index.syncLog()
  }

  /// Writes the small files of the journal anew, and the index's log into the index.
  private func writeAgain() throws(StoreError) {
    let files = try IngestJournal.records(in: storage.journal).compactMap { JournalEntry($0.body)?.file }
    let known = try index.readNow { try JournalOperations.known($0, files: Set(files.map(\.uuid))) }
    for file in files where known.contains(file.uuid) {
      if let bytes = file.bytes { try storage.write(file.uuid, bytes) }
    }
    try index.emptyLog()
  }

  /// Finishes what waits, makes everything durable and empties the journal. When that fails the next start reads it.
  func close() {
    queue.withLock { $0.isClosed = true }
    thread.sync {}
    checkpoints.sync {}
    do throws(StoreError) {
      try syncEverything(isRetry: checkpoint.withLock { $0 == .failed })
      try journal.withLock { journal throws(StoreError) in try journal.clear() }
    } catch {
      logger.error("\(error.message); the journal is read at the next start")
    }
  }
}
