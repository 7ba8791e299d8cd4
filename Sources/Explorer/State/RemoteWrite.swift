import DICOM
import Store

/// A write that somebody asked for over REST: who and what by public identifiers, never a value or a name.
public struct RemoteWrite: Equatable, Sendable {
  /// Grows from one to the next.
  public var number: Int
  /// Seconds since 1970, UTC.
  public var date: Int64
  /// Empty without authentication.
  public var user: String
  /// The client's address; empty for a program of this machine over the Unix socket.
  public var peer: String
  public var method: String
  public var uri: String
  public var status: Int
  /// What the URI names, where that is a resource.
  public var resource: ResourceReference?

  public init(
    number: Int, date: Int64, user: String, peer: String, method: String, uri: String, status: Int,
    resource: ResourceReference?
  ) {
    self.number = number
    self.date = date
    self.user = user
    self.peer = peer
    self.method = method
    self.uri = uri
    self.status = status
    self.resource = resource
  }

  /// Whether both are one line: the same request, made again.
  func isRepetition(of other: RemoteWrite) -> Bool {
    (user, peer, method, uri, status) == (other.user, other.peer, other.method, other.uri, other.status)
  }
}

/// The writes over REST since the start; only the newest are kept.
public protocol RemoteWriteSource: Sendable {
  /// Those behind a number, the oldest first.
  func writes(after number: Int) -> [RemoteWrite]
  /// Says that there are new ones; may skip.
  func updates() -> AsyncStream<Void>
}
