/// What waits for a hook and is not kept in the index: the oldest first, bounded.
struct HookQueue: Sendable {
  static let limit = 1000

  private var events: [HookEvent] = []
  /// Events for which there was no room, since it was last asked.
  private var lost = 0

  mutating func add(_ event: HookEvent) {
    if events.count < Self.limit { events.append(event) } else { lost += 1 }
  }

  mutating func lose(_ count: Int) { lost += count }

  mutating func next() -> HookEvent? { events.isEmpty ? nil : events.removeFirst() }

  mutating func takeLost() -> Int {
    defer { lost = 0 }
    return lost
  }
}
