import DICOM
import Dispatch
import GRDB
import Synchronization

/// Runs every write of the index, one transaction for all that wait (group commit), on a thread of its own.
final class Committer: Sendable {
  /// What an edit did, beside its result.
  struct Effects {
    var changes: [Change] = []
    /// Files that go after the commit; they must have been doomed in the same transaction.
    var doomedFiles: [String] = []
    /// Rows went: what the ingest cache remembers may be wrong.
    var hasDeleted = false
  }

  typealias IngestCompletion = @Sendable (Result<StoreResult, StoreError>) -> Void

  private enum Work: Sendable {
    case ingest(PreparedInstance, overwrite: Bool, IngestCompletion)
    case edit(@Sendable (Database) throws -> Effects, @Sendable (StoreError?) -> Void)
  }

  private struct Queue {
    var waiting: [Work] = []
    var isRunning = false
    var isClosed = false
  }

  private let index: ArchiveIndex
  private let storage: StorageArea
  private let mainTags: MainDicomTags
  private let signatures: [ResourceLevel: String]
  private let events: EventHub
  private let queue = Mutex(Queue())
  private let thread = DispatchQueue(label: "filmroom.commit")
  private let janitor = DispatchQueue(label: "filmroom.janitor")
  /// Only touched on `thread`.
  private let cache = Mutex(IngestCache())

  init(index: ArchiveIndex, storage: StorageArea, mainTags: MainDicomTags, events: EventHub) {
    self.index = index
    self.storage = storage
    self.mainTags = mainTags
    self.events = events
    signatures = Dictionary(
      uniqueKeysWithValues: ResourceLevel.allCases.map { ($0, mainTags.signature($0)) })
  }

  /// Indexes an instance whose file is durable. The completion comes after the commit.
  func ingest(_ instance: PreparedInstance, overwrite: Bool, _ completion: @escaping IngestCompletion) {
    enqueue(.ingest(instance, overwrite: overwrite, completion)) { completion(.failure($0)) }
  }

  /// Runs an edit in a transaction; nothing of it stays when it throws.
  func edit(_ body: @escaping @Sendable (Database) throws -> Effects) async throws(StoreError) {
    let failure: StoreError? = await withCheckedContinuation { continuation in
      enqueue(.edit(body) { continuation.resume(returning: $0) }) { continuation.resume(returning: $0) }
    }
    if let failure { throw failure }
  }

  /// Finishes what waits and takes no more.
  func close() {
    queue.withLock { $0.isClosed = true }
    thread.sync {}
    janitor.sync {}
  }

  private func enqueue(_ work: Work, orFail fail: (StoreError) -> Void) {
    let (isClosed, mustStart) = queue.withLock { queue in
      if queue.isClosed { return (true, false) }
      queue.waiting.append(work)
      defer { queue.isRunning = true }
      return (false, !queue.isRunning)
    }
    if isClosed { return fail(StoreError(.closed, "the archive is closing")) }
    if mustStart { thread.async { self.drain() } }
  }

  private func drain() {
    while true {
      let batch = queue.withLock { queue in
        defer { queue.waiting = [] }
        if queue.waiting.isEmpty { queue.isRunning = false }
        return queue.waiting
      }
      if batch.isEmpty { return }
      if !run(batch) && batch.count > 1 {
        // Something in it can't be done: one at a time shows what.
        for work in batch { _ = run([work]) }
      }
    }
  }

  /// What became of one piece of work.
  private enum Outcome {
    case ingested(PreparedInstance, IngestOperations.Outcome, IngestCompletion)
    case edited(StoreError?, @Sendable (StoreError?) -> Void)
  }

  /// Runs a batch in one transaction. False when the transaction failed; then nobody has been answered, except
  /// in a batch of one.
  private func run(_ batch: [Work]) -> Bool {
    do {
      var outcomes: [Outcome] = []
      var effects = Effects()
      var totals = ArchiveTotals()
      try index.pool.write { db in
        outcomes = []
        effects = Effects()
        var ingest = IngestOperations(
          db, mainTags: mainTags, signatures: signatures, cache: cache.withLock { $0 })
        for work in batch { outcomes.append(try perform(work, db, &ingest, &effects)) }
        try ingest.finish()
        effects.changes = ingest.changes + effects.changes
        totals = try ArchiveIndex.totals(db)
        let remembered = effects.hasDeleted ? IngestCache() : ingest.cache
        cache.withLock { $0 = remembered }
      }
      answer(outcomes, effects, totals)
      return true
    } catch {
      cache.withLock { $0.clear() }
      if batch.count == 1 { fail(batch[0], ArchiveIndex.storeError(error, path: index.path)) }
      return false
    }
  }

  private func perform(
    _ work: Work, _ db: Database, _ ingest: inout IngestOperations, _ effects: inout Effects
  ) throws -> Outcome {
    switch work {
    case .ingest(let instance, let overwrite, let completion):
      return .ingested(instance, try ingest.ingest(instance, overwrite: overwrite), completion)
    case .edit(let body, let completion):
      // Counters of instances ingested before it in the batch must be there for the edit to see.
      try ingest.finish()
      do {
        var own = Effects()
        try db.inSavepoint {
          own = try body(db)
          return .commit
        }
        effects.changes += own.changes
        effects.doomedFiles += own.doomedFiles
        if own.hasDeleted {
          effects.hasDeleted = true
          ingest.forgetCache()
        }
        return .edited(nil, completion)
      } catch let error as StoreError {
        return .edited(error, completion)
      }
    }
  }

  /// After the commit: answers, then the files that are no longer needed.
  private func answer(_ outcomes: [Outcome], _ effects: Effects, _ totals: ArchiveTotals) {
    var doomed = effects.doomedFiles
    for outcome in outcomes {
      switch outcome {
      case .ingested(let instance, let result, let completion):
        completion(.success(StoreResult(status: Self.status(result), instance: instance.id(.instance))))
      case .edited(let error, let completion): completion(error)
      }
    }
    events.publish(effects.changes, totals: totals)
    for case .ingested(let instance, let result, _) in outcomes {
      switch result {
      case .stored: storage.forgetIncoming(instance.file.uuid)
      case .alreadyStored: storage.remove(instance.file.uuid)
      case .overwritten(let oldFile):
        storage.forgetIncoming(instance.file.uuid)
        doomed.append(oldFile)
      }
    }
    if !doomed.isEmpty { remove(doomed) }
  }

  private static func status(_ outcome: IngestOperations.Outcome) -> StoreResult.Status {
    switch outcome {
    case .stored: .stored
    case .alreadyStored: .alreadyStored
    case .overwritten: .overwritten
    }
  }

  private func fail(_ work: Work, _ error: StoreError) {
    switch work {
    case .ingest(let instance, _, let completion):
      storage.remove(instance.file.uuid)
      completion(.failure(error))
    case .edit(_, let completion): completion(error)
    }
  }

  /// Removes files in the background, then forgets that they had to go.
  func remove(_ files: [String]) {
    janitor.async { [storage] in
      for file in files { storage.remove(file) }
      self.enqueue(
        .edit(
          { db in
            try DeletionOperations.forgetDoomed(db, files)
            return Effects()
          }, { _ in }),
        // At the next start they are removed again, which does no harm.
        orFail: { _ in })
    }
  }
}
