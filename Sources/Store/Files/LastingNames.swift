import Dispatch
import Synchronization

/// Names for the files that come next, made ahead: an empty file each, whose name in `incoming` and final name are durable.
/// Who receives a large file has nothing to sync but the file; two folders synced for each took as long as writing it.
final class LastingNames: Sendable {
  private struct State {
    var ready: [String] = []
    var isMaking = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let making = DispatchGroup()
  private static let threads = DispatchQueue(label: "filmroom.names", attributes: .concurrent)

  /// So many are made at a time, when fewer than half as many are left.
  static let count = 16

  /// A name that nobody else gets. Blocks only where none is ready. Throws `StoreError` when none can be made.
  func take(in storage: StorageArea) throws(StoreError) -> String {
    while let uuid = takeReady(storage) {
      if storage.isReady(uuid) { return uuid }
      // Somebody has cleared one of its names away, as an empty file.
      storage.removeMadeAhead(uuid)
    }
    return try storage.makeLastingNames(1)[0]
  }

  private func takeReady(_ storage: StorageArea) -> String? {
    let (uuid, mustMake) = state.withLock { state in
      let uuid = state.ready.popLast()
      let mustMake = state.ready.count < Self.count / 2 && !state.isMaking && !state.isClosed
      if mustMake {
        state.isMaking = true
        making.enter()
      }
      return (uuid, mustMake)
    }
    if mustMake { Self.threads.async { self.make(in: storage) } }
    return uuid
  }

  private func make(in storage: StorageArea) {
    // Where it fails, whoever needs a name hears why.
    let names = (try? storage.makeLastingNames(Self.count)) ?? []
    // Some file systems say of a file nothing by which it could be known again.
    let areKnown = names.allSatisfy(storage.isReady)
    if !areKnown { storage.removeUnfinished(names) }
    state.withLock { state in
      if areKnown { state.ready = names + state.ready } else { state.isClosed = true }
      state.isMaking = false
    }
    making.leave()
  }

  /// Takes a name back that was not used.
  func giveBack(_ uuid: String, in storage: StorageArea) {
    let isKept = state.withLock { state in
      if !state.isClosed { state.ready.append(uuid) }
      return !state.isClosed
    }
    if !isKept { storage.removeUnfinished([uuid]) }
  }

  /// Takes the names away that nobody took, and makes no more ahead.
  func close(in storage: StorageArea) {
    state.withLock { $0.isClosed = true }
    waitUntilMade()
    let names = state.withLock { state in
      defer { state.ready = [] }
      return state.ready
    }
    storage.removeUnfinished(names.filter(storage.isReady))
    names.forEach(storage.removeMadeAhead)
  }

  /// Waits while names are being made.
  func waitUntilMade() { making.wait() }
}
