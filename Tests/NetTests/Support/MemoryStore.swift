import DICOM
import Store
import Synchronization
import Testing

/// An archive that keeps data sets in memory and can be told to fail or to wait.
final class MemoryStore: InstanceStore {
  struct Instance: Sendable {
    var incoming: IncomingInstance
    var bytes: [UInt8]
  }

  struct State: Sendable {
    var instances: [Instance] = []
    var opened = 0
    var discarded = 0
    /// Bytes of receivers that are open.
    var buffered = 0
    var openError: StoreError?
    /// Thrown by `append` once so many bytes have come.
    var appendError: (after: Int, error: StoreError)?
    var finishError: StoreError?
    /// While true, `append` blocks.
    var isStuck = false
  }

  let state = Mutex(State())

  var snapshot: State { state.withLock { $0 } }

  func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

  func receive(_ incoming: IncomingInstance) throws -> any InstanceReceiver {
    let error = state.withLock { state in
      state.opened += 1
      return state.openError
    }
    if let error { throw error }
    return Receiver(store: self, incoming: incoming)
  }

  private final class Receiver: InstanceReceiver {
    private let store: MemoryStore
    private let incoming: IncomingInstance
    private let mine = Mutex((bytes: [UInt8](), isOver: false))

    init(store: MemoryStore, incoming: IncomingInstance) {
      self.store = store
      self.incoming = incoming
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
      waitUntil("the store is free again") { !store.snapshot.isStuck }
      let count = mine.withLock { mine in
        precondition(!mine.isOver, "append after the end")
        mine.bytes += bytes
        return mine.bytes.count
      }
      store.set { $0.buffered += bytes.count }
      if let failure = store.snapshot.appendError, count > failure.after { throw failure.error }
    }

    func flush() {}

    func finish(
      atEndOfTurn: EndOfTurn?, _ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void
    ) {
      let bytes = end()
      if let error = store.snapshot.finishError {
        store.set { $0.buffered -= bytes.count }
        return completion(.failure(error))
      }
      store.set {
        $0.instances.append(Instance(incoming: incoming, bytes: bytes))
        $0.buffered -= bytes.count
      }
      completion(.success(StoreResult(status: .stored, identifiers: [incoming.sopInstance.value])))
    }

    func discard() {
      let bytes = end()
      store.set {
        $0.discarded += 1
        $0.buffered -= bytes.count
      }
    }

    private func end() -> [UInt8] {
      mine.withLock { mine in
        precondition(!mine.isOver, "a second end")
        mine.isOver = true
        return mine.bytes
      }
    }
  }
}
