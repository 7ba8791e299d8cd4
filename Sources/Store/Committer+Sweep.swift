import Dispatch
import GRDB
import Synchronization

/// What patients leave behind that made room goes bit by bit, between other work.
extension Committer {
  private static let sweepRetryDelay = DispatchTimeInterval.seconds(5)

  /// Begins, unless it is under way.
  func sweep() {
    let mustStart = isSweeping.withLock { isSweeping in
      defer { isSweeping = true }
      return !isSweeping
    }
    if mustStart { sweepNext() }
  }

  private func sweepNext() {
    let hasMore = Mutex(true)
    run(
      chore: { db, arrivals in
        // More than come meanwhile, so that what is left behind does not grow.
        let swept = try EvictionOperations.sweep(db, rows: arrivals + EvictionOperations.slice)
        hasMore.withLock { $0 = swept.hasMore }
        return EditEffects(doomedFiles: swept.files)
      }) { error in
        if error == nil && hasMore.withLock({ $0 }) { return self.sweepNext() }
        self.isSweeping.withLock { $0 = false }
        // The next start goes on where this one could not.
        guard let error, error.code != .closed else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.sweepRetryDelay) { self.sweep() }
      }
  }

  /// Waits until nothing is left behind. Throws `StoreError`.
  func sweepNow() throws(StoreError) {
    let hasMore = Mutex(true)
    while hasMore.withLock({ $0 }) {
      try editNow { db in
        let swept = try EvictionOperations.sweep(db)
        hasMore.withLock { $0 = swept.hasMore }
        return EditEffects(doomedFiles: swept.files)
      }
    }
  }

  /// Runs an edit while the calling thread waits. Throws `StoreError`.
  func editNow(_ body: @escaping @Sendable (Database) throws -> EditEffects) throws(StoreError) {
    let done = DispatchSemaphore(value: 0)
    let failure = Mutex<StoreError?>(nil)
    edit(body) { error in
      failure.withLock { $0 = error }
      done.signal()
    }
    done.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// The archive is in order: from now on the limits hold (where they are lower than they were, patients go at once),
  /// and what was left to do goes on. Throws `StoreError`.
  func begin() throws(StoreError) {
    isLimiting.store(true, ordering: .relaxed)
    if limits.isLimited {
      // Nothing to write, but the commit recycles and tells the gate how things stand.
      try editNow { _ in EditEffects() }
    }
    if try index.readNow({ try EvictionOperations.isPending($0) }) { sweep() }
    if try index.readNow({ try StabilityOperations.oldest($0) }) != nil { watchStability(mayBeDue: true) }
  }
}
