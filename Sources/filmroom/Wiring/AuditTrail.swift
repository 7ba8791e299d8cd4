import Explorer
import Foundation
import Net
import Synchronization

/// The newest writes over REST, and who was not let in, for the Activity screen. The log has all of them.
final class AuditTrail: RemoteWriteSource {
  private static let kept = 500
  /// Of those that were refused, so that they don't drive out the others.
  private static let keptRefused = 100

  private struct State {
    var writes: [RemoteWrite] = []
    var lastNumber = 0
    /// Numbers of those that were refused.
    var refused: [Int] = []
  }

  private let state = Mutex(State())
  private let bell = Bell()

  func append(_ record: AuditRecord) {
    state.withLock { state in
      state.lastNumber += 1
      state.writes.append(
        RemoteWrite(
          number: state.lastNumber, date: Int64(Date().timeIntervalSince1970), user: record.user,
          peer: record.peer, method: record.method, uri: Self.uri(record), status: record.status,
          resource: record.resource))
      if record.isRefused { state.refused.append(state.lastNumber) }
      if state.refused.count > Self.keptRefused {
        let oldest = state.refused.removeFirst()
        state.writes.removeAll { $0.number == oldest }
      }
      if state.writes.count > Self.kept * 2 { state.writes.removeFirst(Self.kept) }
    }
    bell.ring()
  }

  /// With the beginnings of the identifiers that the body names, and the requests that it stands for.
  private static func uri(_ record: AuditRecord) -> String {
    record.uri + record.subjects { String($0.id.description.prefix(8)) }
      + (record.others == 0 ? "" : " (and \(record.others) more)")
  }

  func writes(after number: Int) -> [RemoteWrite] {
    state.withLock { state in
      let first = state.writes.lastIndex { $0.number <= number }.map { $0 + 1 } ?? 0
      return Array(state.writes[first...].suffix(Self.kept))
    }
  }

  func updates() -> AsyncStream<Void> { bell.rings() }
}
