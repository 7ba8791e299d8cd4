import NIOCore

/// How an association came to its end.
enum AssociationEnd: Equatable, Sendable {
  case released
  case rejected(AssociateReject)
  case abortedByPeer(AbortPDU)
  /// We aborted because of what the peer sent.
  case fault(ProtocolFault)
  /// We aborted, or gave up waiting, for a reason of our own.
  case abortedLocally(String)
  /// The transport went away.
  case connectionLost
}

/// The service user above the upper layer: what to do with an association. All calls come on the event loop.
protocol AssociationUser: AnyObject {
  /// Acceptor only: answers a request. Called once at most.
  func negotiate(_ request: AssociateRequest) -> NegotiationOutcome

  /// The association stands. The acceptor has sent `accept`, or the requestor received it.
  func established(_ accept: AssociateAccept, peerMaximumLength: UInt32)

  /// A piece of a presentation data value. A fault thrown aborts the association.
  func received(_ piece: PDVPiece) throws(ProtocolFault)

  /// What the socket had is used up for now.
  func batchEnded()

  /// The peer wants to release; answer with `respondToRelease` when ready.
  func releaseRequested()

  /// The peer takes data again (or no longer).
  func writabilityChanged()

  /// Whether it is our turn, so that a silent peer is no reason to give up.
  var isBusy: Bool { get }

  /// The association has ended, or was never made. Called exactly once.
  func ended(_ end: AssociationEnd)
}

/// What the user above may ask of the upper layer. Event loop only.
protocol AssociationProvider: AnyObject {
  /// Sends encoded P-DATA-TF PDUs.
  func sendData(_ pdus: ByteBuffer)
  var isWritable: Bool { get }
  func requestRelease()
  func respondToRelease()
  /// A-ABORT of the service user.
  func abort(_ why: String)
  /// Stops (or goes on) reading from the socket and handing out pieces.
  var isHeld: Bool { get set }
}
