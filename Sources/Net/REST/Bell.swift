import Synchronization

/// Tells who listens that something happened, not what: they look for themselves. Never waits for them.
public final class Bell: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var nextListener = 0
    var lastRing: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let pause: Duration

  /// - Parameter pause: for so long after a ring others are left out.
  public init(pause: Duration = .zero) { self.pause = pause }

  public func ring() {
    state.withLock { state in
      if state.listeners.isEmpty { return }
      if pause > .zero {
        let now = ContinuousClock.now
        if let last = state.lastRing, now - last < pause { return }
        state.lastRing = now
      }
      for listener in state.listeners.values { listener.yield() }
    }
  }

  /// Rings that nobody has heard yet are one.
  public func rings() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return state.nextListener
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
    }
    return stream
  }
}
