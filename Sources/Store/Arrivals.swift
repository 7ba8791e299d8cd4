import Dispatch
import Logging
import Synchronization

/// The way in: arriving instances are written into the journal, those that wait together with one sync, and
/// acknowledged; then they go to the committer, which indexes many of them at once.
///
/// What small instances one turn of an event loop brings is written at the end of the turn, on its thread, as long as
/// syncs are quick: waking another thread and being woken by it would cost more than the sync does.
final class Arrivals: Sendable {
  typealias Completion = IndexWork.IngestCompletion

  private struct Arrival: Sendable {
    var instance: PreparedInstance
    var overwrite: Bool
    /// Whether the answer waits until the instance is in the index, beside being durable.
    var waitsForIndex: Bool
    var completion: Completion
    /// Hears when one that did not wait is in the index, or was refused there.
    var indexed: Completion?
  }

  private struct Queue {
    var waiting: [Arrival] = []
    var isRunning = false
    var isClosed = false
    /// The last sync was over so soon that an event loop may wait for the next one.
    var isQuick = true
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
  /// Batches under way on any thread.
  private let running = DispatchGroup()
  /// A segment that has grown to so many times its size waits for the other one.
  private static let patience = 4
  /// A sync that takes longer than this, in nanoseconds, is not one for the thread of an event loop.
  private static let quickSync: UInt64 = 2_000_000

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
  ///
  /// - Parameters:
  ///   - atEndOfTurn: a place to write it, beside a thread of its own.
  ///   - indexed: hears when one whose completion did not wait for the index is in it.
  func take(
    _ instance: PreparedInstance, overwrite: Bool, waitsForIndex: Bool, atEndOfTurn: EndOfTurn?,
    indexed: Completion? = nil, _ completion: @escaping Completion
  ) {
    enum Start { case closed, running, here, onThread }
    let arrival = Arrival(
      instance: instance, overwrite: overwrite,
      waitsForIndex: waitsForIndex || !committer.gate.admit(size: instance.diskSize), completion: completion,
      indexed: indexed)
    let start = queue.withLock { queue -> Start in
      if queue.isClosed { return .closed }
      queue.waiting.append(arrival)
      if queue.isRunning { return .running }
      queue.isRunning = true
      running.enter()
      return queue.isQuick ? .here : .onThread
    }
    switch start {
    case .closed: fail([arrival], StoreError(.closed, "the archive is closing"))
    case .running: break
    case .here where atEndOfTurn != nil && hasRoom: atEndOfTurn? { self.runTurn() }
    case .here, .onThread: thread.async { self.drain() }
    }
  }

  /// Whether a batch would wait for nothing but its sync.
  private var hasRoom: Bool {
    committer.hasRoom && !journal.withLock { $0.isFull(times: Self.patience) }
  }

  /// One batch on the thread of an event loop. What came from other threads meanwhile has its own.
  private func runTurn() {
    let batch = takeBatch()
    if batch.isEmpty { return }
    run(batch, mayWait: false)
    let isDone = queue.withLock { queue in
      if queue.waiting.isEmpty { queue.isRunning = false }
      return !queue.isRunning
    }
    if isDone {
      running.leave()
    } else {
      thread.async { self.drain() }
    }
  }

  private func drain() {
    while true {
      let batch = takeBatch()
      if batch.isEmpty { return }
      run(batch, mayWait: true)
    }
  }

  /// What waits; when that is nothing, nobody runs any more.
  private func takeBatch() -> [Arrival] {
    let batch = queue.withLock { queue in
      defer { queue.waiting = [] }
      if queue.waiting.isEmpty { queue.isRunning = false }
      return queue.waiting
    }
    if batch.isEmpty { running.leave() }
    return batch
  }

  private func run(_ batch: [Arrival], mayWait: Bool) {
    // What was acknowledged before can't get where it belongs: nothing more is promised until it can.
    if mayWait, let error = committer.waitForRoom() { return fail(batch, error) }
    let sequences: Range<UInt64>
    do throws(StoreError) {
      sequences = try write(batch)
    } catch {
      return fail(batch, error)
    }
    for (arrival, sequence) in zip(batch, sequences) {
      committer.index(
        IndexWork.Ingest(
          instance: arrival.instance, sequence: sequence, overwrite: arrival.overwrite,
          isAwaited: arrival.waitsForIndex,
          completion: arrival.waitsForIndex ? arrival.completion : arrival.indexed))
      if !arrival.waitsForIndex {
        arrival.completion(.success(StoreResult(status: .stored, arrival.instance)))
      }
    }
    checkpointIfNeeded(mayWait: mayWait)
  }

  /// Writes instances into the journal, durably, and returns their numbers.
  private func write(_ batch: [Arrival]) throws(StoreError) -> Range<UInt64> {
    let start = DispatchTime.now().uptimeNanoseconds
    let sequences = try journal.withLock { journal throws(StoreError) in
      let first = journal.sequence + 1
      try journal.append(batch.count) { JournalEntry(batch[$0].instance).encode(to: &$1) }
      try journal.sync()
      return first..<first + UInt64(batch.count)
    }
    let isQuick = DispatchTime.now().uptimeNanoseconds - start < Self.quickSync
    queue.withLock { $0.isQuick = isQuick }
    return sequences
  }

  private func fail(_ arrivals: [Arrival], _ error: StoreError) {
    for arrival in arrivals {
      if !arrival.waitsForIndex { committer.gate.withdraw(size: arrival.instance.diskSize) }
      for file in arrival.instance.files { storage.remove(file.uuid) }
      arrival.completion(.failure(error))
    }
  }

  // MARK: Checkpoints

  /// A full segment of the journal is left, and what it holds is made durable in the background.
  private func checkpointIfNeeded(mayWait: Bool) {
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
    } else if isLate && mayWait {
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
    let files = try IngestJournal.records(in: storage.journal).flatMap { JournalEntry($0.body)?.files ?? [] }
    let known = try index.readNow { try JournalOperations.known($0, files: Set(files.map(\.uuid))) }
    for file in files where known.contains(file.uuid) {
      if let bytes = file.bytes { try storage.write(file.uuid, bytes) }
    }
    try index.emptyLog()
  }

  /// Finishes what waits, makes everything durable and empties the journal. When that fails the next start reads it.
  func close() {
    queue.withLock { $0.isClosed = true }
    running.wait()
    checkpoints.sync {}
    do throws(StoreError) {
      try syncEverything(isRetry: checkpoint.withLock { $0 == .failed })
      try journal.withLock { journal throws(StoreError) in try journal.clear() }
    } catch {
      logger.error("\(error.message); the journal is read at the next start")
    }
  }
}
