import Synchronization

/// Whether instances can be stored now: what the last one that could not be stored met, and how much room is left.
final class StorageHealth: Sendable {
  private let problem = Mutex<StoreError?>(nil)

  /// Notes how storing an instance went. Errors that are about the instance, not the storage, change nothing.
  func note(_ result: Result<StoreResult, StoreError>) {
    switch result {
    case .success: problem.withLock { $0 = nil }
    case .failure(let error): note(error)
    }
  }

  func note(_ error: StoreError) {
    switch error.code {
    case .storageFull, .storageUnusable, .inputOutput: problem.withLock { $0 = error }
    case .storageInUse, .cannotUnderstand, .dataSetMismatch, .notFound, .badValue, .readOnly,
      .revisionConflict, .closed:
      break
    }
  }

  var current: StoreError? { problem.withLock { $0 } }
}
