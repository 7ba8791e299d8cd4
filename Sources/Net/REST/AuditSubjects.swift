import Store
import Synchronization

/// The resources that a request's body names, for its audit line: the first few, and how many.
final class AuditSubjects: Sendable {
  /// Those that are named in full.
  static let shown = 5

  private let state = Mutex((first: [ResourceReference](), count: 0))

  var all: ([ResourceReference], Int) { state.withLock { $0 } }

  func add(_ resources: [ResourceReference]) {
    state.withLock { state in
      state.first += resources.prefix(Self.shown - state.first.count)
      state.count += resources.count
    }
  }
}
