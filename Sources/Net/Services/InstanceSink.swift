import NIOCore
import NIOPosix
import Store
import Synchronization

/// Carries one data set, in order, from the event loop to the archive's `InstanceReceiver` on a thread pool.
///
/// One piece of work at a time is in the pool, and it takes everything that waits: a long instance gives its
/// thread back after each batch. An instance that is complete and small when it is first offered is handed over at
/// once: the archive keeps it in memory, and a thread for it would cost more than it does.
/// Whatever happens, the receiver sees exactly one `finish` or `discard`.
final class InstanceSink: Sendable {
  private enum Phase {
    case unopened
    case open(any InstanceReceiver)
    /// `finish` or `discard` was called, or nothing was ever opened.
    case over
  }

  private struct State {
    var waiting: [ByteBuffer] = []
    var waitingBytes = 0
    var isComplete = false
    var isAbandoned = false
    var isScheduled = false
    /// Too much waits; the event loop wants to hear when it has become less.
    var isCongested = false
    /// Owned by the work under way while there is one.
    var phase = Phase.unopened
  }

  private struct Batch {
    var bytes: [ByteBuffer]
    var isComplete: Bool
    var isAbandoned: Bool
  }

  private let state = Mutex(State())
  private let incoming: IncomingInstance
  private let store: any InstanceStore
  private let pool: NIOThreadPool
  private let unfinished: PendingWork
  private let atEndOfTurn: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let drained: @Sendable () -> Void
  private let ended: @Sendable (Result<StoreResult, StoreError>) -> Void

  /// - Parameters:
  ///   - unfinished: counts the calls of `finish` that have not completed.
  ///   - atEndOfTurn: runs something on the event loop, after what it has to do anyway.
  ///   - drained: after `offer` said that too much waits, it no longer does; called on a thread of the pool.
  ///   - ended: the archive's answer, or its refusal, which may come before the data set is complete; called
  ///     once, on any thread, unless abandoned before.
  init(
    _ incoming: IncomingInstance, store: any InstanceStore, pool: NIOThreadPool, unfinished: PendingWork,
    atEndOfTurn: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    drained: @escaping @Sendable () -> Void,
    ended: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void
  ) {
    self.incoming = incoming
    self.store = store
    self.pool = pool
    self.unfinished = unfinished
    self.atEndOfTurn = atEndOfTurn
    self.drained = drained
    self.ended = ended
  }

  /// Hands over the next bytes; with `isComplete` the last ones.
  ///
  /// - Returns: whether too much waits now; then hold back until `drained`.
  func offer(_ pieces: [ByteBuffer], isComplete: Bool) -> Bool {
    change { state in
      state.waiting += pieces
      state.waitingBytes += pieces.reduce(0) { $0 + $1.readableBytes }
      state.isComplete = isComplete
      state.isCongested = state.isCongested || state.waitingBytes > Limits.waitingBytes
    }
    return state.withLock(\.isCongested)
  }

  /// The rest will never come.
  func abandon() {
    change { state in
      state.isAbandoned = true
      state.waiting = []
      state.waitingBytes = 0
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let mustSchedule = state.withLock { state -> Bool in
      if !state.isScheduled, case .over = state.phase { return false }
      body(&state)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    guard mustSchedule else { return }
    if isSmall { work(atEndOfTurn: atEndOfTurn) } else { schedule() }
  }

  /// Whether everything is here, and so little of it that looking at it holds nobody up.
  private var isSmall: Bool {
    if incoming.transferSyntax.isDeflated { return false }
    return state.withLock { state in
      if case .unopened = state.phase, state.isComplete, !state.isAbandoned {
        return state.waitingBytes <= Limits.inlineInstance
      }
      return false
    }
  }

  private func schedule() {
    // Also runs (as cancelled) when the pool is shut down before its turn: then it only discards.
    pool.submit { [self] workState in
      if case .cancelled = workState { state.withLock { $0.isAbandoned = true } }
      // A thread of the pool may wait for a sync itself.
      work(atEndOfTurn: { $0() })
    }
  }

  /// Takes what waits to the archive. One at a time, on the pool or, for what is small, where it is offered.
  private func work(atEndOfTurn: EndOfTurn?) {
    var (batch, phase) = state.withLock { state in
      let batch = Batch(
        bytes: state.waiting, isComplete: state.isComplete, isAbandoned: state.isAbandoned)
      state.waiting = []
      state.isComplete = false
      return (batch, state.phase)
    }
    process(batch, &phase, atEndOfTurn)
    let written = batch.bytes.reduce(0) { $0 + $1.readableBytes }
    let (mustGoOn, isRelieved) = state.withLock { state -> (Bool, Bool) in
      state.phase = phase
      state.waitingBytes = max(0, state.waitingBytes - written)
      if case .over = phase {
        state.waiting = []
        state.waitingBytes = 0
        state.isScheduled = false
      } else {
        state.isScheduled = !state.waiting.isEmpty || state.isComplete || state.isAbandoned
      }
      let isRelieved = state.isCongested && state.waitingBytes <= Limits.waitingBytes / 2
      if isRelieved { state.isCongested = false }
      return (state.isScheduled, isRelieved)
    }
    if mustGoOn { schedule() }
    if isRelieved { drained() }
  }

  private func process(_ batch: Batch, _ phase: inout Phase, _ atEndOfTurn: EndOfTurn?) {
    if case .over = phase { return }
    if batch.isAbandoned {
      if case .open(let receiver) = phase { receiver.discard() }
      phase = .over
      return
    }
    do {
      let receiver: any InstanceReceiver
      if case .open(let opened) = phase {
        receiver = opened
      } else {
        receiver = try store.receive(incoming)
        phase = .open(receiver)
      }
      for bytes in batch.bytes { try bytes.withUnsafeReadableBytes(receiver.append) }
      if !batch.isComplete { try receiver.flush() }
      if batch.isComplete {
        phase = .over
        unfinished.begin()
        receiver.finish(atEndOfTurn: atEndOfTurn) { [unfinished, ended] result in
          ended(result)
          unfinished.end()
        }
      }
    } catch {
      if case .open(let receiver) = phase { receiver.discard() }
      phase = .over
      ended(.failure((error as? StoreError) ?? StoreError(.inputOutput, "The instance could not be stored.")))
    }
  }
}
