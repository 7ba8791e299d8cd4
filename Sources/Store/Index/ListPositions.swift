import Synchronization

/// What is known of where the rows of the lists that are looked at stand. To count from a list's start takes the
/// longer the further down one is; as long as nothing is written it is enough to count from the last window.
final class ListPositions: Sendable {
  struct Known: Equatable, Sendable {
    /// Rows of the whole list.
    var total: Int
    /// The first row of the last window, nil in an empty list, and how many come before it.
    var cursor: ListCursor?
    var index: Int
  }

  private struct Entry {
    var query: ListQuery
    var state: Int
    var known: Known
  }

  private static let limit = 16
  private let entries = Mutex<[Entry]>([])
  private let writes = Atomic<Int>(0)

  /// Odd while something is written, and another one after that. Ask before the snapshot is taken.
  var state: Int { writes.load(ordering: .sequentiallyConsistent) }

  func writeBegins() { writes.wrappingAdd(1, ordering: .sequentiallyConsistent) }
  func writeEnds() { writes.wrappingAdd(1, ordering: .sequentiallyConsistent) }

  /// What a window told in this state; nil while something is written.
  func known(of query: ListQuery, in state: Int) -> Known? {
    guard state.isMultiple(of: 2) else { return nil }
    return entries.withLock { $0.last { $0.query == query && $0.state == state }?.known }
  }

  /// Remembers where a window stands, unless something was written meanwhile.
  func note(_ known: Known, of query: ListQuery, in state: Int) {
    guard state.isMultiple(of: 2), state == self.state else { return }
    entries.withLock { entries in
      entries.removeAll { $0.query == query || $0.state != state }
      if entries.count >= Self.limit { entries.removeFirst() }
      entries.append(Entry(query: query, state: state, known: known))
    }
  }
}
