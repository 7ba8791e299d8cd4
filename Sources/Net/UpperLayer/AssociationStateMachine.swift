/// The states of PS3.8 §9.2.1; the raw value is the number in the standard's `Sta`.
enum AssociationState: Int, CaseIterable, Sendable {
  case idle = 1
  /// Transport open, waiting for A-ASSOCIATE-RQ.
  case awaitingRequest = 2
  case awaitingLocalAnswer = 3
  case awaitingTransport = 4
  /// A-ASSOCIATE-RQ sent.
  case awaitingAnswer = 5
  case established = 6
  /// A-RELEASE-RQ sent.
  case awaitingReleaseReply = 7
  /// A-RELEASE-RQ received; our own user has yet to agree.
  case awaitingLocalRelease = 8
  /// Both asked for release at once, we are the requestor; our user has yet to agree.
  case collisionRequestorAwaitingLocal = 9
  case collisionAcceptorAwaitingReply = 10
  case collisionRequestorAwaitingReply = 11
  case collisionAcceptorAwaitingLocal = 12
  /// Everything is said; waiting for the peer to close the transport.
  case awaitingClose = 13
}

/// The events of PS3.8 Table 9-10; the raw value is the number in the standard's `Evt`.
enum AssociationEvent: Int, CaseIterable, Sendable {
  case associateRequestPrimitive = 1
  case transportConfirmed = 2
  case associateAcceptReceived = 3
  case associateRejectReceived = 4
  case transportIndication = 5
  case associateRequestReceived = 6
  case acceptPrimitive = 7
  case rejectPrimitive = 8
  case dataPrimitive = 9
  case dataReceived = 10
  case releaseRequestPrimitive = 11
  case releaseRequestReceived = 12
  case releaseReplyReceived = 13
  case releaseResponsePrimitive = 14
  case abortPrimitive = 15
  case abortReceived = 16
  case transportClosed = 17
  case timerExpired = 18
  case invalidPDUReceived = 19
}

/// The actions of PS3.8 Tables 9-6 to 9-9, under the standard's names.
enum AssociationAction: String, CaseIterable, Sendable {
  /// Open the transport.
  case ae1 = "AE-1"
  /// Send A-ASSOCIATE-RQ.
  case ae2 = "AE-2"
  /// Tell the user that the association is accepted.
  case ae3 = "AE-3"
  /// Tell the user that it is rejected; close the transport.
  case ae4 = "AE-4"
  /// Take the transport; start ARTIM.
  case ae5 = "AE-5"
  /// Stop ARTIM; if acceptable to the provider tell the user, otherwise send A-ASSOCIATE-RJ and start ARTIM.
  case ae6 = "AE-6"
  /// Send A-ASSOCIATE-AC.
  case ae7 = "AE-7"
  /// Send A-ASSOCIATE-RJ; start ARTIM.
  case ae8 = "AE-8"
  /// Send P-DATA-TF.
  case dt1 = "DT-1"
  /// Pass data on to the user.
  case dt2 = "DT-2"
  /// Send A-RELEASE-RQ.
  case ar1 = "AR-1"
  /// Tell the user that the peer wants to release.
  case ar2 = "AR-2"
  /// Tell the user that it is released; close the transport.
  case ar3 = "AR-3"
  /// Send A-RELEASE-RP; start ARTIM.
  case ar4 = "AR-4"
  /// Stop ARTIM.
  case ar5 = "AR-5"
  /// Pass data on to the user, after our own release request.
  case ar6 = "AR-6"
  /// Send P-DATA-TF, after the peer's release request.
  case ar7 = "AR-7"
  /// Release collision: tell the user.
  case ar8 = "AR-8"
  /// Send A-RELEASE-RP in a collision.
  case ar9 = "AR-9"
  /// Tell the user that it is released, in a collision.
  case ar10 = "AR-10"
  /// Send A-ABORT of the service user (or of nobody yet); start ARTIM.
  case aa1 = "AA-1"
  /// Stop ARTIM; close the transport.
  case aa2 = "AA-2"
  /// Tell the user that the peer aborted; close the transport.
  case aa3 = "AA-3"
  /// Tell the user that the transport went away.
  case aa4 = "AA-4"
  /// Stop ARTIM.
  case aa5 = "AA-5"
  /// Ignore the PDU.
  case aa6 = "AA-6"
  /// Send A-ABORT once more.
  case aa7 = "AA-7"
  /// Send A-ABORT of the service provider, tell the user, start ARTIM.
  case aa8 = "AA-8"
}

/// The upper layer's state machine (PS3.8 §9.2) as a value: an event goes in, the action to run comes out
/// and the state moves on. Nothing here knows of sockets or clocks.
struct AssociationStateMachine: Equatable, Sendable {
  enum Role: Sendable { case requestor, acceptor }

  let role: Role
  private(set) var state: AssociationState

  init(role: Role, state: AssociationState = .idle) {
    self.role = role
    self.state = state
  }

  /// Takes an event in.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - isAcceptable: for `associateRequestReceived` alone, whether the provider itself can take the request.
  /// - Returns: what to do; nil for an event that the table leaves blank in this state, which changes nothing.
  mutating func handle(_ event: AssociationEvent, isAcceptable: Bool = true) -> AssociationAction? {
    guard let action = Self.action(for: event, in: state) else { return nil }
    state = nextState(after: action, isAcceptable: isAcceptable)
    return action
  }

  private func nextState(after action: AssociationAction, isAcceptable: Bool) -> AssociationState {
    switch action {
    case .ae1: .awaitingTransport
    case .ae2: .awaitingAnswer
    case .ae3, .ae7, .dt1, .dt2: .established
    case .ae5: .awaitingRequest
    case .ae6: isAcceptable ? .awaitingLocalAnswer : .awaitingClose
    case .ar1, .ar6: .awaitingReleaseReply
    case .ar2, .ar7: .awaitingLocalRelease
    case .ar8: role == .requestor ? .collisionRequestorAwaitingLocal : .collisionAcceptorAwaitingReply
    case .ar9: .collisionRequestorAwaitingReply
    case .ar10: .collisionAcceptorAwaitingLocal
    case .ae4, .ar3, .ar5, .aa2, .aa3, .aa4, .aa5: .idle
    case .ae8, .ar4, .aa1, .aa6, .aa7, .aa8: .awaitingClose
    }
  }

  /// One row of Table 9-10 per event.
  private static func action(for event: AssociationEvent, in state: AssociationState) -> AssociationAction? {
    switch event {
    case .associateRequestPrimitive: state == .idle ? .ae1 : nil
    case .transportConfirmed: state == .awaitingTransport ? .ae2 : nil
    case .associateAcceptReceived: state == .awaitingAnswer ? .ae3 : unexpectedPDU(in: state)
    case .associateRejectReceived: state == .awaitingAnswer ? .ae4 : unexpectedPDU(in: state)
    case .transportIndication: state == .idle ? .ae5 : nil
    case .associateRequestReceived:
      switch state {
      case .awaitingRequest: .ae6
      case .awaitingClose: .aa7
      default: unexpectedPDU(in: state)
      }
    case .acceptPrimitive: state == .awaitingLocalAnswer ? .ae7 : nil
    case .rejectPrimitive: state == .awaitingLocalAnswer ? .ae8 : nil
    case .dataPrimitive:
      switch state {
      case .established: .dt1
      case .awaitingLocalRelease: .ar7
      default: nil
      }
    case .dataReceived:
      switch state {
      case .established: .dt2
      case .awaitingReleaseReply: .ar6
      default: unexpectedPDU(in: state)
      }
    case .releaseRequestPrimitive: state == .established ? .ar1 : nil
    case .releaseRequestReceived:
      switch state {
      case .established: .ar2
      case .awaitingReleaseReply: .ar8
      default: unexpectedPDU(in: state)
      }
    case .releaseReplyReceived:
      switch state {
      case .awaitingReleaseReply, .collisionRequestorAwaitingReply: .ar3
      case .collisionAcceptorAwaitingReply: .ar10
      default: unexpectedPDU(in: state)
      }
    case .releaseResponsePrimitive:
      switch state {
      case .awaitingLocalRelease, .collisionAcceptorAwaitingLocal: .ar4
      case .collisionRequestorAwaitingLocal: .ar9
      default: nil
      }
    case .abortPrimitive: abortAction(in: state)
    case .abortReceived: abortReceivedAction(in: state)
    case .transportClosed: transportClosedAction(in: state)
    case .timerExpired: state == .awaitingRequest || state == .awaitingClose ? .aa2 : nil
    case .invalidPDUReceived: state == .awaitingClose ? .aa7 : unexpectedPDU(in: state)
    }
  }

  /// What a PDU leads to that has no business in this state.
  private static func unexpectedPDU(in state: AssociationState) -> AssociationAction? {
    switch state {
    case .idle, .awaitingTransport: nil
    case .awaitingRequest: .aa1
    case .awaitingClose: .aa6
    default: .aa8
    }
  }

  private static func abortAction(in state: AssociationState) -> AssociationAction? {
    switch state {
    case .idle, .awaitingRequest, .awaitingClose: nil
    case .awaitingTransport: .aa2
    default: .aa1
    }
  }

  private static func abortReceivedAction(in state: AssociationState) -> AssociationAction? {
    switch state {
    case .idle, .awaitingTransport: nil
    case .awaitingRequest, .awaitingClose: .aa2
    default: .aa3
    }
  }

  private static func transportClosedAction(in state: AssociationState) -> AssociationAction? {
    switch state {
    case .idle: nil
    case .awaitingRequest: .aa5
    case .awaitingClose: .ar5
    default: .aa4
    }
  }
}
