import Store

/// The Storage screen: reading it again, and around its cursor.
extension ExplorerState {
  var storage: StorageState {
    get {
      guard case .storage(let storage) = stacks[.storage]?.last else { return StorageState() }
      return storage
    }
    set { stacks[.storage] = [.storage(newValue)] }
  }

  /// Reads it again where it is; waits for an answer that is on its way.
  mutating func refreshStorage(delay: Int = 0) -> [Effect] {
    if storage.pending != nil {
      storage.isStale = true
      return []
    }
    let visible = storageLayout.listHeight
    let request = StorageRequest(
      number: makeNumber(), start: max(0, storage.top - visible), limit: visible * 3,
      delayMilliseconds: delay)
    storage.pending = request.number
    storage.isStale = false
    return [.loadStorage(request)]
  }

  /// Asks for the patients on the screen that are not read.
  mutating func readStorageAround() -> [Effect] {
    guard tab == .storage, storage.pending == nil, storage.lacksRows(visible: storageLayout.listHeight)
    else { return [] }
    return refreshStorage()
  }

  mutating func take(storage answer: Result<StorageUse, Failure>, for request: StorageRequest) -> [Effect] {
    guard storage.pending == request.number else { return [] }
    storage.pending = nil
    switch answer {
    case .failure(let failure): storage.failure = failure.text
    case .success(let use):
      storage.take(use, from: request.start, limit: request.limit)
      storage.move(to: storage.cursor, visible: storageLayout.listHeight)
    }
    guard tab == .storage else { return [] }
    if storage.isStale { return refreshStorage(delay: Self.refreshDelay) }
    // A place that this very request did not bring is not asked for again.
    let start = max(0, storage.top - storageLayout.listHeight)
    return storage.failure == nil && start != request.start ? readStorageAround() : []
  }

  /// Why nothing can be done with the patient under the cursor.
  var storageReason: String? {
    if storage.current != nil { return nil }
    return storage.use != nil && storage.total == 0
      ? "There is no patient" : "This row is still being read"
  }
}
