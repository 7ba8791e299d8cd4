import Synchronization

/// Tells those who listen what was committed. A slow listener gets several commits as one event; past the limit
/// the event says that it is cut, so that the listener reads anew.
final class EventHub: Sendable {
  private struct Listener {
    var pending: ArchiveEvent?
    var wake: AsyncStream<Void>.Continuation
  }

  private let listeners = Mutex<[Int: Listener]>([:])
  private let nextNumber = Atomic<Int>(0)

  /// Everything that is published from now on.
  func events() -> AsyncStream<ArchiveEvent> {
    let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
    let (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    listeners.withLock { $0[number] = Listener(wake: wake) }
    wake.onTermination = { [weak self] _ in self?.remove(number) }
    return AsyncStream { continuation in
      let task = Task { [weak self] in
        for await _ in signals {
          guard let self else { break }
          if let event = self.take(number) { continuation.yield(event) }
        }
        continuation.finish()
      }
      continuation.onTermination = { [weak self] _ in
        task.cancel()
        self?.remove(number)
      }
    }
  }

  func publish(_ changes: [Change], jobs: [JobEvent] = [], totals: ArchiveTotals) {
    if changes.isEmpty && jobs.isEmpty { return }
    listeners.withLock { listeners in
      for number in listeners.keys {
        var merged =
          listeners[number]?.pending ?? ArchiveEvent(changes: [], isTruncated: false, totals: totals)
        let room = ArchiveEvent.changeLimit - merged.changes.count
        merged.changes += changes.prefix(room)
        merged.jobs += jobs.prefix(ArchiveEvent.changeLimit - merged.jobs.count)
        if changes.count > room { merged.isTruncated = true }
        merged.totals = totals
        listeners[number]?.pending = merged
        listeners[number]?.wake.yield()
      }
    }
  }

  /// Whether anybody listens.
  var isHeard: Bool { listeners.withLock { !$0.isEmpty } }

  func finish() {
    let all = listeners.withLock { listeners in
      defer { listeners = [:] }
      return listeners.values.map(\.wake)
    }
    for wake in all { wake.finish() }
  }

  private func take(_ number: Int) -> ArchiveEvent? {
    listeners.withLock { listeners in
      defer { listeners[number]?.pending = nil }
      return listeners[number]?.pending
    }
  }

  private func remove(_ number: Int) { listeners.withLock { $0[number] = nil } }
}
