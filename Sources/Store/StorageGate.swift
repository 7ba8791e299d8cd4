import Synchronization

/// Decides at the door whether an instance may be acknowledged before it is indexed: only where there will be room.
/// Others wait for the index, which may refuse them.
final class StorageGate: Sendable {
  /// What can't be let go for an arriving instance: the protected patients, and the one that it belongs to, which is at
  /// most as large as the largest.
  struct Floor {
    var protectedSize: Int64 = 0
    var protectedPatients = 0
    var largestPatient: Int64 = 0
  }

  private struct State {
    /// As of the last commit.
    var totals = ArchiveTotals()
    var floor = Floor()
    /// Acknowledged since, and not committed.
    var pendingSize: Int64 = 0
    var pending = 0
  }

  private let limits: StorageLimits
  private let state = Mutex(State())

  init(_ limits: StorageLimits) { self.limits = limits }

  /// Lets an instance in, if it may come in at once. It may be of a new patient.
  func admit(size: Int64) -> Bool {
    if !limits.isLimited { return true }
    return state.withLock { state in
      let least = least(state)
      guard limits.excess(size: least.diskSize + state.pendingSize + size) == 0,
        limits.excess(patients: least.patients + 1) == 0
      else { return false }
      state.pendingSize += size
      state.pending += 1
      return true
    }
  }

  /// Whether those that were let in take up half of the room that there is for them: unless they are indexed now, those
  /// that come next will have to wait.
  var isPressing: Bool {
    if !limits.isLimited { return false }
    return state.withLock { state in
      let least = least(state)
      return limits.excess(size: least.diskSize + 2 * state.pendingSize) > 0
        || limits.mode == .reject && limits.excess(patients: least.patients + state.pending) > 0
    }
  }

  /// What will surely be there when those that were let in are indexed; in `Recycle` they make room of what others have.
  private func least(_ state: State) -> ArchiveTotals {
    limits.mode == .recycle
      ? ArchiveTotals(
        patients: state.floor.protectedPatients,
        diskSize: state.floor.protectedSize + state.floor.largestPatient)
      : ArchiveTotals(patients: state.totals.patients + state.pending, diskSize: state.totals.diskSize)
  }

  /// An instance that was let in is not stored.
  func withdraw(size: Int64) {
    if !limits.isLimited { return }
    state.withLock { state in
      state.pendingSize -= size
      state.pending -= 1
    }
  }

  /// What the index holds now, with instances of these sizes that had been admitted.
  func committed(
    _ totals: ArchiveTotals, _ floor: Floor, _ admitted: [Int64]
  ) {
    if !limits.isLimited { return }
    state.withLock { state in
      state.totals = totals
      state.floor = floor
      state.pendingSize -= admitted.reduce(0, +)
      state.pending -= admitted.count
    }
  }
}
