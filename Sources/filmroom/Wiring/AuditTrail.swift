import Explorer
import Foundation
import Net
import Synchronization

/// The newest writes over REST, for the Activity screen. The log has all of them.
final class AuditTrail: RemoteWriteSource {
  private static let kept = 500

  private struct State {
    var writes: [RemoteWrite] = []
    var lastNumber = 0
  }

  private let state = Mutex(State())
  private let bell = Bell()

  func append(_ record: AuditRecord) {
    state.withLock { state in
      state.lastNumber += 1
      state.writes.append(
        RemoteWrite(
          number: state.lastNumber, date: Int64(Date().timeIntervalSince1970), user: record.user,
          peer: record.peer, method: record.method, uri: record.uri, status: record.status,
          resource: record.resource))
      if state.writes.count > Self.kept * 2 { state.writes.removeFirst(Self.kept) }
    }
    bell.ring()
  }

  func writes(after number: Int) -> [RemoteWrite] {
    state.withLock { state in
      let first = state.writes.lastIndex { $0.number <= number }.map { $0 + 1 } ?? 0
      return Array(state.writes[first...].suffix(Self.kept))
    }
  }

  func updates() -> AsyncStream<Void> { bell.rings() }
}
