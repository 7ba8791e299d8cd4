import Dispatch
import Synchronization

/// Looks when the next resource becomes stable, and not before. Nothing runs while all are.
extension Committer {
  /// Something has arrived, or had before the start: then it may be due.
  func watchStability(mayBeDue: Bool = false) {
    let mustStart = isWatchingStability.withLock { isWatching in
      defer { isWatching = true }
      return !isWatching
    }
    if mustStart { scheduleStability(after: mayBeDue ? 0 : stableAge + 1) }
  }

  private func scheduleStability(after seconds: Int64) {
    stabilityQueue.asyncAfter(deadline: .now() + .seconds(Int(seconds))) { [weak self] in
      self?.settleStability()
    }
  }

  private func settleStability() {
    let (age, now) = (stableAge, Archive.now())
    let next = Mutex<Int64?>(nil)
    edit { db in
      // A resource's date is in whole seconds: only one more is at least the age.
      let changes = try StabilityOperations.settle(db, before: now - age, now: now)
      let oldest = try StabilityOperations.oldest(db)
      next.withLock { $0 = oldest }
      return EditEffects(changes: changes)
    } _: { error in
      if error?.code == .closed { return }
      if error != nil { return self.scheduleStability(after: age + 1) }
      if let oldest = next.withLock({ $0 }) {
        return self.scheduleStability(after: max(0, min(age, oldest + age - now) + 1))
      }
      self.isWatchingStability.withLock { $0 = false }
      // What arrived between the look and now.
      if (try? self.index.readNow { try StabilityOperations.oldest($0) }) ?? nil != nil {
        self.watchStability()
      }
    }
  }
}
