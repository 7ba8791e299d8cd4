import Synchronization

/// Decides at the door whether an instance may be acknowledged before it is indexed: only where there will be room.
/// Others wait for the index, which may refuse them.
final class StorageGate: Sendable {
  private struct State {
    /// As of the last commit.
    var totals = ArchiveTotals()
    /// What recycling can free, whoever is being received.
    var reserve: (size: Int64, patients: Int) = (0, 0)
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
      let excess = limits.excess(size: state.totals.diskSize + state.pendingSize + size)
      let surplus = limits.excess(patients: state.totals.patients + state.pending + 1)
      let canRecycle = limits.mode == .recycle
      guard excess == 0 || canRecycle && excess <= state.reserve.size,
        surplus == 0 || canRecycle && surplus <= state.reserve.patients
      else { return false }
      state.pendingSize += size
      state.pending += 1
      return true
    }
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
    _ totals: ArchiveTotals, _ reserve: (size: Int64, patients: Int), _ admitted: [Int64]
  ) {
    if !limits.isLimited { return }
    state.withLock { state in
      state.totals = totals
      state.reserve = reserve
      state.pendingSize -= admitted.reduce(0, +)
      state.pending -= admitted.count
    }
  }
}
