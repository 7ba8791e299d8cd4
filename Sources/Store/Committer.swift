import DICOM
import Dispatch
import GRDB
import Logging
import Synchronization

/// Runs every write of the index, one transaction for all that wait (group commit), on a thread of its own.
///
/// Acknowledged instances, which the journal has, may wait for a moment so that many share a transaction; edits,
/// and whoever asks to see everything, make it run at once.
final class Committer: Sendable {
  /// How long an acknowledged instance waits for others: shorter where somebody watches what arrives. Whoever
  /// reads waits for nothing in any case.
  private static let patience = DispatchTimeInterval.seconds(1)
  private static let watchedPatience = DispatchTimeInterval.milliseconds(100)
  private static let retryDelay = DispatchTimeInterval.milliseconds(500)

  let index: ArchiveIndex
  private let storage: StorageArea
  private let mainTags: MainDicomTags
  private let signatures: [ResourceLevel: String]
  let limits: StorageLimits
  /// Whether the limits hold yet: what a crash left in the journal comes in whatever they are.
  let isLimiting = Atomic(false)
  let gate: StorageGate
  private let events: EventHub
  private let health: StorageHealth
  private let logger: Logger
  private let queue = Mutex(IndexWorkQueue())
  /// Instances that have come to the index since the start.
  private let indexed = Atomic(0)
  private let thread = DispatchQueue(label: "filmroom.commit")
  private let janitor = DispatchQueue(label: "filmroom.janitor")
  let isSweeping = Mutex(false)
  /// Seconds (`StableAge`).
  let stableAge: Int64
  let isWatchingStability = Mutex(false)
  let stabilityQueue = DispatchQueue(label: "filmroom.stability")
  /// Only touched on `thread`.
  private let cache = Mutex(IngestCache())

  init(
    index: ArchiveIndex, storage: StorageArea, mainTags: MainDicomTags, limits: StorageLimits,
    stableAge: Int, events: EventHub, health: StorageHealth, logger: Logger
  ) {
    self.limits = limits
    self.stableAge = Int64(stableAge)
    gate = StorageGate(limits)
    self.index = index
    self.storage = storage
    self.mainTags = mainTags
    self.events = events
    self.health = health
    self.logger = logger
    signatures = Dictionary(
      uniqueKeysWithValues: ResourceLevel.allCases.map { ($0, mainTags.signature($0)) })
  }

  // MARK: What is asked of it

  /// Indexes an instance that the journal has.
  func index(_ ingest: IndexWork.Ingest) { enqueue(.ingest(ingest)) }

  /// Runs an edit in a transaction; nothing of it stays when it throws.
  func edit(_ body: @escaping @Sendable (Database) throws -> EditEffects) async throws(StoreError) {
    let failure: StoreError? = await withCheckedContinuation { continuation in
      edit(body) { continuation.resume(returning: $0) }
    }
    if let failure { throw failure }
  }

  /// The same; the completion comes on a thread of the archive.
  func edit(
    _ body: @escaping @Sendable (Database) throws -> EditEffects,
    _ completion: @escaping @Sendable (StoreError?) -> Void
  ) {
    if queue.withLock({ $0.isClosed }) {
      return completion(StoreError(.closed, "the archive is closing"))
    }
    enqueue(.edit(body, completion))
  }

  /// Runs a small edit for which nobody waits, which a power cut may undo: where instances gather it shares their
  /// transaction. It is told how many have come since it was asked for. The completion comes on a thread of the archive.
  func run(
    chore: @escaping @Sendable (Database, _ arrivals: Int) throws -> EditEffects,
    _ completion: @escaping @Sendable (StoreError?) -> Void = { _ in }
  ) {
    if queue.withLock({ $0.isClosed }) {
      return completion(StoreError(.closed, "the archive is closing"))
    }
    let before = indexed.load(ordering: .relaxed)
    enqueue(.chore({ try chore($0, $1 - before) }, completion))
  }

  /// Waits until everything that was acknowledged by now can be read. Whoever reads asks for it first.
  func settle() async {
    if queue.withLock({ $0.instances == 0 && !$0.isRunning }) { return }
    await withCheckedContinuation { continuation in
      enqueue(.settle({ _ in continuation.resume() }))
    }
  }

  /// The same on the calling thread. Returns why it can't be.
  @discardableResult
  func settleNow() -> StoreError? {
    if queue.withLock({ $0.instances == 0 && !$0.isRunning && $0.blockage == nil }) { return nil }
    let done = DispatchSemaphore(value: 0)
    let failure = Mutex<StoreError?>(nil)
    enqueue(
      .settle({ error in
        failure.withLock { $0 = error }
        done.signal()
      }))
    done.wait()
    return failure.withLock { $0 }
  }

  /// Whether `waitForRoom` would return at once, without an error.
  var hasRoom: Bool { queue.withLock { !$0.isFull && $0.blockage == nil } }

  /// Waits while too many instances wait in memory. Returns why nothing more can be taken.
  func waitForRoom() -> StoreError? {
    let (isFull, blockage) = queue.withLock { ($0.isFull, $0.blockage) }
    if let blockage { return blockage }
    return isFull ? settleNow() : nil
  }

  /// Finishes what waits and takes no more.
  func close() {
    settleNow()
    queue.withLock { $0.isClosed = true }
    thread.sync {}
    janitor.sync {}
    thread.sync {}
  }

  // MARK: Running

  private func enqueue(_ work: IndexWork) {
    enum Start { case no, now, soon }
    let isPressing = gate.isPressing
    let start = queue.withLock { queue -> Start in
      queue.append(work)
      if queue.isRunning { return .no }
      if queue.mustRun || isPressing {
        queue.isRunning = true
        return .now
      }
      if queue.isScheduled { return .no }
      queue.isScheduled = true
      return .soon
    }
    switch start {
    case .no: break
    case .now: thread.async { self.drain() }
    case .soon: schedule(after: patience)
    }
  }

  private var patience: DispatchTimeInterval { events.isHeard ? Self.watchedPatience : Self.patience }

  private func schedule(after delay: DispatchTimeInterval) {
    thread.asyncAfter(deadline: .now() + delay) {
      let mustRun = self.queue.withLock { queue in
        queue.isScheduled = false
        if queue.isRunning || queue.isEmpty { return false }
        queue.isRunning = true
        return true
      }
      if mustRun { self.drain() }
    }
  }

  private func drain() {
    while true {
      let batch = queue.withLock { $0.take() }
      let left = batch.isEmpty ? [] : run(batch)
      let isPressing = gate.isPressing
      let isDone = queue.withLock { queue in
        queue.finish(batch, left: left)
        if !left.isEmpty {
          if queue.isAwaited { return false }
          queue.isRunning = false
          // Once closed, the next start takes it from the journal.
          queue.isScheduled = !queue.isClosed
          return true
        }
        // Those that nobody waits for may gather.
        let isIdle = queue.isEmpty || !queue.mustRun && !isPressing
        if isIdle {
          queue.isRunning = false
          queue.isScheduled = !queue.isEmpty
        }
        return isIdle
      }
      if isDone {
        if queue.withLock({ $0.isScheduled }) {
          schedule(after: left.isEmpty ? patience : Self.retryDelay)
        }
        return
      }
    }
  }

  /// Runs a batch; what was acknowledged and can't be indexed now is returned, to be tried again.
  private func run(_ batch: [IndexWork]) -> [IndexWork] {
    var left: [IndexWork] = []
    var failure: StoreError?
    let works = batch.filter { !$0.isSettling }
    if !works.isEmpty, case .failure(let error) = commit(works) {
      if works.count == 1 {
        failure = settleFailure(of: works[0], error, &left)
      } else {
        // Something in it can't be done: one at a time shows what. Behind one that must wait, all must.
        for work in works {
          if !left.isEmpty, work.isIngest {
            left.append(work)
          } else if case .failure(let error) = commit([work]) {
            failure = settleFailure(of: work, error, &left) ?? failure
          }
        }
      }
    }
    let blockage = left.isEmpty ? nil : failure
    queue.withLock { $0.blockage = blockage }
    for case .settle(let completion) in batch { completion(blockage) }
    return left
  }

  /// Indexes what a crash left in the journal, in its order, while the calling thread waits. Throws `StoreError` where
  /// something can't be written: then that and everything behind it is as it was, for the next start.
  func replay(_ batch: [IndexWork]) throws(StoreError) {
    let failure: StoreError? = thread.sync {
      if case .success = commit(batch) { return nil }
      for work in batch {
        guard case .failure(let error) = commit([work]), case .ingest(let ingest) = work else { continue }
        if error.mayPass { return error }
        complain(ingest.instance, error)
      }
      return nil
    }
    if let failure { throw failure }
  }

  private func complain(_ instance: PreparedInstance, _ error: StoreError) {
    logger.critical(
      "an acknowledged instance can't be indexed (\(error.message)); its file stays as \(storage.path(of: instance.file.uuid))"
    )
  }

  /// One piece of work has failed on its own.
  private func settleFailure(of work: IndexWork, _ error: StoreError, _ left: inout [IndexWork])
    -> StoreError?
  {
    switch work {
    case .edit(_, let completion), .chore(_, let completion): completion(error)
    case .settle: break
    case .ingest(let ingest) where ingest.isAwaited:
      remove(ingest.instance)
      ingest.completion?(.failure(error))
    case .ingest(let ingest):
      if error.mayPass {
        // It was acknowledged: the journal has it, and it is tried again until it works.
        health.note(error)
        left.append(work)
        return error
      }
      gate.withdraw(size: ingest.instance.diskSize)
      complain(ingest.instance, error)
      ingest.completion?(.failure(error))
    }
    return nil
  }

  /// What became of one piece of work.
  private enum Outcome {
    case ingested(PreparedInstance, IngestOperations.Outcome, IndexWork.IngestCompletion?)
    case edited(StoreError?, @Sendable (StoreError?) -> Void)
  }

  /// Runs some work in one transaction and answers; when it fails nobody has been answered.
  private func commit(_ batch: [IndexWork]) -> Result<Void, StoreError> {
    do {
      let limits = isLimiting.load(ordering: .relaxed) ? limits : StorageLimits()
      var outcomes: [Outcome] = []
      var effects = EditEffects()
      var totals = ArchiveTotals()
      var floor = StorageGate.Floor()
      var hasEvicted = false
      for case .ingest(let ingest) in batch {
        for file in ingest.instance.files {
          if let bytes = file.bytes { try storage.write(file.uuid, bytes) }
        }
      }
      let arrivals = batch.count { $0.isIngest }
      // What the journal has need not be synced here; an edit is only here.
      try index.write(isDurable: batch.contains { $0.isEdit }) { db in
        outcomes = []
        effects = EditEffects()
        var ingest = try IngestOperations(
          db, mainTags: mainTags, signatures: signatures, cache: cache.withLock { $0 }, limits: limits,
          hasTitles: events.isHeard)
        if batch.contains(where: { $0.isEdit }) { try ingest.recycle(date: Archive.now()) }
        let indexed = indexed.load(ordering: .relaxed) + arrivals
        for work in batch {
          if let outcome = try perform(work, db, &ingest, &effects, indexed: indexed) {
            outcomes.append(outcome)
          }
        }
        try ingest.finish()
        if let last = batch.compactMap(\.sequence).max() { try JournalOperations.setApplied(db, last) }
        effects.changes = ingest.changes + effects.changes
        effects.doomedFiles += ingest.doomedFiles
        hasEvicted = ingest.hasEvicted
        totals = try ArchiveIndex.totals(db)
        if limits.isLimited { floor = try RecyclingOperations.floor(db) }
        let remembered = ingest.cache
        cache.withLock { $0 = remembered }
      }
      indexed.add(arrivals, ordering: .relaxed)
      gate.committed(totals, floor, batch.compactMap(\.admittedSize))
      answer(outcomes, effects, totals)
      if hasEvicted { sweep() }
      if arrivals > 0 { watchStability() }
      return .success(())
    } catch {
      cache.withLock { $0.clear() }
      return .failure(ArchiveIndex.storeError(error, path: index.path))
    }
  }

  private func perform(
    _ work: IndexWork, _ db: Database, _ ingest: inout IngestOperations, _ effects: inout EditEffects,
    indexed: Int
  ) throws -> Outcome? {
    switch work {
    case .settle: return nil
    case .ingest(let work):
      let outcome = try ingest.ingest(
        work.instance, overwrite: work.overwrite, mayRefuse: work.isAwaited)
      return .ingested(work.instance, outcome, work.completion)
    case .edit(let body, let completion):
      return .edited(try edit(db, &ingest, &effects, body), completion)
    case .chore(let body, let completion):
      return .edited(try edit(db, &ingest, &effects) { try body($0, indexed) }, completion)
    }
  }

  /// Runs an edit within a transaction. Returns why it can't be; then nothing of it stays.
  private func edit(
    _ db: Database, _ ingest: inout IngestOperations, _ effects: inout EditEffects,
    _ body: (Database) throws -> EditEffects
  ) throws -> StoreError? {
    // Counters of instances ingested before it in the batch must be there for the edit to see.
    try ingest.finish()
    do {
      var own = EditEffects()
      try db.inSavepoint {
        own = try body(db)
        return .commit
      }
      try ingest.refreshTotals()
      effects.changes += own.changes
      effects.doomedFiles += own.doomedFiles
      if own.hasDeleted { ingest.forgetCache() }
      return nil
    } catch let error as StoreError {
      return error
    }
  }

  /// After the commit: answers, then the files that are no longer needed.
  private func answer(_ outcomes: [Outcome], _ effects: EditEffects, _ totals: ArchiveTotals) {
    var doomed = effects.doomedFiles
    for outcome in outcomes {
      switch outcome {
      case .ingested(_, .refused(let error), let completion): completion?(.failure(error))
      case .ingested(let instance, let result, let completion):
        completion?(.success(StoreResult(status: Self.status(result), instance)))
      case .edited(let error, let completion): completion(error)
      }
    }
    events.publish(effects.changes, totals: totals)
    for case .ingested(let instance, let result, _) in outcomes {
      switch result {
      case .stored: endArrival(instance)
      case .alreadyStored, .refused: remove(instance)
      case .overwritten(let oldFiles):
        endArrival(instance)
        doomed += oldFiles
      }
    }
    if !doomed.isEmpty { remove(doomed) }
  }

  private func remove(_ instance: PreparedInstance) {
    for file in instance.files { storage.remove(file.uuid) }
  }

  private func endArrival(_ instance: PreparedInstance) {
    if instance.file.bytes == nil { storage.endArrival(instance.file.uuid) }
  }

  private static func status(_ outcome: IngestOperations.Outcome) -> StoreResult.Status {
    switch outcome {
    case .stored: .stored
    case .alreadyStored, .refused: .alreadyStored
    case .overwritten: .overwritten
    }
  }

  /// Removes files in the background, then forgets that they had to go.
  private func remove(_ files: [String]) {
    janitor.async { [storage, index] in
      // Rows that a power cut brings back must find their files.
      guard (try? index.syncLog()) != nil else { return }
      for file in files { storage.remove(file) }
      // At the next start they are removed again, which does no harm.
      self.run(chore: { db, _ in
        try DeletionOperations.forgetDoomed(db, files)
        return EditEffects()
      })
    }
  }
}

extension StoreError {
  /// Whether it is the storage's fault, which may be mended, and not that of what was to be stored.
  fileprivate var mayPass: Bool {
    switch code {
    case .storageFull, .storageUnusable, .inputOutput, .closed: true
    case .storageInUse, .cannotUnderstand, .dataSetMismatch, .notFound, .badValue, .readOnly,
      .revisionConflict:
      false
    }
  }
}
