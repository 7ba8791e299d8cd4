import Synchronization

/// Instances that were handed in and acknowledged, and are not in the index yet.
final class UnindexedInstances: Sendable {
  private let ids = Mutex<Set<PublicID>>([])

  func insert(_ id: PublicID) { ids.withLock { _ = $0.insert(id) } }

  func remove(_ id: PublicID) { ids.withLock { _ = $0.remove(id) } }

  func contains(_ id: PublicID) -> Bool { ids.withLock { $0.contains(id) } }
}
