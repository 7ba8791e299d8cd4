import NIOCore
import Synchronization

/// Every connection of the listener: which ones are associations, what they have done, and how to end them.
final class AssociationRegistry: Sendable {
  private enum Phase { case waiting, associated, closing }

  private struct Connection {
    let channel: any Channel
    var phase = Phase.waiting
    var record: AssociationRecord?
    /// Ends the association; runs on its event loop. True: after the message under way.
    var end: (@Sendable (Bool) -> Void)?
  }

  private struct State {
    var connections: [Int: Connection] = [:]
    var associations = 0
    var lastID = 0
    var stored = 0
    var refused = 0
    var bytes = 0
    var isStopping = false
  }

  private let state = Mutex(State())
  private let maximumAssociations: Int

  init(maximumAssociations: Int) { self.maximumAssociations = maximumAssociations }

  /// Takes a new connection in and gives it its number; the oldest one that isn't an association is closed
  /// where there are too many of them.
  func connected(_ channel: any Channel) -> Int {
    let (id, surplus) = state.withLock { state -> (Int, (any Channel)?) in
      state.lastID += 1
      var surplus: (any Channel)?
      if state.connections.count - state.associations >= Limits.waitingConnections {
        let oldest = state.connections.filter { $0.value.phase != .associated }.min { $0.key < $1.key }
        surplus = oldest?.value.channel
      }
      if state.isStopping { surplus = channel }
      state.connections[state.lastID] = Connection(channel: channel)
      return (state.lastID, surplus)
    }
    surplus?.close(promise: nil)
    return id
  }

  func disconnected(_ id: Int) {
    state.withLock { state in
      if state.connections.removeValue(forKey: id)?.phase == .associated { state.associations -= 1 }
    }
  }

  /// Takes one of the places for associations; false when there is none.
  func reserve(_ id: Int) -> Bool {
    state.withLock { state in
      guard state.associations < maximumAssociations, !state.isStopping,
        state.connections[id]?.phase == .waiting
      else { return false }
      state.associations += 1
      state.connections[id]?.phase = .associated
      return true
    }
  }

  /// Fills a reserved place. What the association does is noted in what is returned.
  func established(
    _ info: AssociationInfo, end: @escaping @Sendable (Bool) -> Void
  ) -> AssociationRecord {
    let record = AssociationRecord(info)
    state.withLock { state in
      state.connections[info.id]?.record = record
      state.connections[info.id]?.end = end
    }
    return record
  }

  /// The association is over, or was not made after all; the connection may live on for a moment.
  func released(_ id: Int) {
    state.withLock { state in
      guard var connection = state.connections[id] else { return }
      if connection.phase == .associated { state.associations -= 1 }
      connection.phase = .closing
      connection.record = nil
      connection.end = nil
      state.connections[id] = connection
    }
  }

  /// An instance of some association was answered.
  func answered(isStored: Bool, bytes: Int) {
    state.withLock { state in
      if isStored { state.stored += 1 } else { state.refused += 1 }
      state.bytes += bytes
    }
  }

  func status(aeTitle: String, port: Int) -> ListenerStatus {
    state.withLock { state in
      ListenerStatus(
        aeTitle: aeTitle, port: port,
        associations: state.connections.values.compactMap(\.record?.info).sorted { $0.id < $1.id },
        instancesStored: state.stored, instancesRefused: state.refused, bytesReceived: state.bytes)
    }
  }

  func end(_ id: Int) {
    state.withLock { $0.connections[id]?.end }?(false)
  }

  /// No new associations from here on; those that stand end, at once or after the message under way.
  /// - Returns: a future of each connection's end.
  func endAll(afterMessage: Bool) -> [EventLoopFuture<Void>] {
    let connections = state.withLock { state in
      state.isStopping = true
      return Array(state.connections.values)
    }
    for connection in connections {
      if let end = connection.end {
        end(afterMessage)
      } else if connection.phase == .waiting || !afterMessage {
        connection.channel.close(promise: nil)
      }
    }
    return connections.map(\.channel.closeFuture)
  }
}
