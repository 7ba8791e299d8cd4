import NIOCore

/// One request and its responses: the way back to the peer for an operation. Event loop only; calls after
/// the last response, or after the association has ended, do nothing.
final class DIMSEExchange {
  let request: DIMSERequest
  let peer: AssociationPeer
  let eventLoop: any EventLoop
  private weak var acceptor: DIMSEAcceptor?

  init(
    request: DIMSERequest, peer: AssociationPeer, eventLoop: any EventLoop, acceptor: DIMSEAcceptor
  ) {
    self.request = request
    self.peer = peer
    self.eventLoop = eventLoop
    self.acceptor = acceptor
  }

  /// False when the peer is slow to take responses: send no more until `DIMSEOperation.writable`.
  var isWritable: Bool { acceptor?.isWritable ?? false }

  /// Sends a response that is not the last.
  func send(_ outcome: DIMSEOutcome, dataSet: ByteBuffer? = nil) {
    acceptor?.respond(outcome, dataSet: dataSet, to: self)
  }

  /// Sends the last response.
  func finish(_ outcome: DIMSEOutcome) {
    acceptor?.respond(outcome, dataSet: nil, to: self)
    acceptor?.finished(self)
  }

  /// Stops (or goes on) taking the data set from the socket.
  var isHeld = false {
    didSet {
      if isHeld != oldValue { acceptor?.updateHold() }
    }
  }

  func note(_ activity: AssociationActivity) { acceptor?.note(activity) }

  /// Counts an instance that was answered.
  func countInstance(isStored: Bool, bytes: Int) { acceptor?.countInstance(isStored: isStored, bytes: bytes) }
}
