/// What an association is doing right now.
public enum AssociationActivity: Equatable, Sendable {
  /// Waiting for the peer's next request.
  case idle
  case echo
  /// A data set is arriving.
  case receiving
  /// The data set is complete; the archive is making it durable.
  case storing
}

/// One open association, as the explorer shows it.
public struct AssociationInfo: Equatable, Sendable, Identifiable {
  /// Counts up from 1 with each connection; never used again.
  public var id: Int
  /// As the peer sent it: may hold any printable character.
  public var callingAET: String
  public var calledAET: String
  /// The peer's IP address.
  public var peerAddress: String
  /// Seconds since 1970.
  public var since: Double
  public var instancesStored: Int
  public var instancesRefused: Int
  /// Bytes of data sets.
  public var bytesReceived: Int
  public var activity: AssociationActivity
}

/// The listener at a glance.
public struct ListenerStatus: Equatable, Sendable {
  public var aeTitle: String
  public var port: Int
  /// Oldest first.
  public var associations: [AssociationInfo]
  /// Since the start: instances acknowledged with success.
  public var instancesStored: Int
  /// Since the start: instances answered with a failure.
  public var instancesRefused: Int
  /// Since the start: bytes of data sets.
  public var bytesReceived: Int
}
