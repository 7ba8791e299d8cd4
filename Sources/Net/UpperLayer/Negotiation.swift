import DICOM

/// What an acceptor is ready to agree to. Facts about the caller that need a look elsewhere (is it known, is
/// there room) are worked out before.
struct AcceptorPolicy: Sendable {
  var aeTitle: String
  var checkCalledAET = false
  var strictAETComparison = false
  /// Whether at least one service is open to this caller.
  var isCallerAllowed = true
  var hasRoom = true
  var maximumPDULength = 16384
  var transferSyntaxes = TransferSyntaxPolicy()
  /// Whether a service stands behind a SOP class.
  var supports: @Sendable (UID) -> Bool
}

/// Which transfer syntaxes are accepted, and which of several.
struct TransferSyntaxPolicy: Sendable {
  /// UIDs with `*` and `?`, as Orthanc's `AcceptedTransferSyntaxes`.
  var accepted: [String] = ["1.2.840.10008.1.*"]
  /// Chosen first where proposed and accepted, in this order; otherwise the proposer's own order counts.
  var preferred: [UID] = []

  func accepts(_ uid: UID) -> Bool {
    guard uid.isValid else { return false }
    return accepted.contains { TransferSyntaxPattern.matches(uid.value, pattern: $0) }
  }

  func choose(from proposed: [UID]) -> UID? {
    for uid in preferred where proposed.contains(uid) && accepts(uid) { return uid }
    return proposed.first(where: accepts)
  }
}

/// One accepted presentation context.
public struct AcceptedContext: Equatable, Sendable {
  public var id: UInt8
  public var abstractSyntax: UID
  public var transferSyntax: TransferSyntax
}

/// What became of a request for an association.
enum NegotiationOutcome: Equatable, Sendable {
  case accept(AssociateAccept, [AcceptedContext])
  case reject(AssociateReject)
  /// The request breaks the rules; there is no polite answer to it.
  case abort(ProtocolFault)
}

/// The acceptor's answer to an A-ASSOCIATE-RQ (PS3.8 §7.1, PS3.7 Annex D): a pure function.
enum Negotiation {
  static func answer(_ request: AssociateRequest, policy: AcceptorPolicy) -> NegotiationOutcome {
    if let fault = fault(of: request) { return .abort(fault) }
    if let reject = rejection(of: request, policy: policy) { return .reject(reject) }
    var accept = AssociateAccept(calledAET: request.calledAET, callingAET: request.callingAET)
    var accepted: [AcceptedContext] = []
    for context in request.contexts {
      let answer = answer(context, policy: policy)
      accept.contexts.append(answer)
      if answer.result == .acceptance, let abstractSyntax = context.abstractSyntax {
        accepted.append(
          AcceptedContext(
            id: context.id, abstractSyntax: abstractSyntax,
            transferSyntax: TransferSyntax(answer.transferSyntax)))
      }
    }
    accept.user = userInformation(for: request.user, accepted: accepted, policy: policy)
    return .accept(accept, accepted)
  }

  private static func fault(of request: AssociateRequest) -> ProtocolFault? {
    var seen: Set<UInt8> = []
    for context in request.contexts {
      guard context.id & 1 == 1 else {
        return ProtocolFault(.invalidParameterValue, "presentation context id \(context.id) is not odd")
      }
      guard seen.insert(context.id).inserted else {
        return ProtocolFault(.invalidParameterValue, "presentation context id \(context.id) appears twice")
      }
    }
    let maximum = request.user.maximumLength
    if maximum != 0, maximum < Limits.smallestPeerPDULength {
      return ProtocolFault(.invalidParameterValue, "a maximum PDU length of \(maximum) has no room for data")
    }
    return nil
  }

  private static func rejection(of request: AssociateRequest, policy: AcceptorPolicy) -> AssociateReject? {
    guard request.protocolVersion & 1 == 1 else { return .protocolVersionNotSupported }
    guard request.applicationContext == Implementation.applicationContext else {
      return .applicationContextNotSupported
    }
    guard AETitle.isValid(request.calledAET) else { return .calledAETNotRecognized }
    if policy.checkCalledAET,
      !AETitle.matches(request.calledAET, policy.aeTitle, strict: policy.strictAETComparison)
    {
      return .calledAETNotRecognized
    }
    guard AETitle.isValid(request.callingAET), policy.isCallerAllowed else { return .callingAETNotRecognized }
    return policy.hasRoom ? nil : .localLimitExceeded
  }

  private static func answer(_ context: ProposedContext, policy: AcceptorPolicy) -> ContextAnswer {
    func refuse(_ result: ContextAnswer.Result) -> ContextAnswer {
      // Not significant, but some requestors insist on finding a transfer syntax.
      let echoed = context.transferSyntaxes.first { $0.isValid } ?? TransferSyntax.implicitLittleEndian.uid
      return ContextAnswer(id: context.id, result: result, transferSyntax: echoed)
    }
    guard let abstractSyntax = context.abstractSyntax, abstractSyntax.isValid,
      policy.supports(abstractSyntax)
    else { return refuse(.abstractSyntaxNotSupported) }
    guard let chosen = policy.transferSyntaxes.choose(from: context.transferSyntaxes) else {
      return refuse(.transferSyntaxesNotSupported)
    }
    return ContextAnswer(id: context.id, result: .acceptance, transferSyntax: chosen)
  }

  private static func userInformation(
    for proposed: UserInformation, accepted: [AcceptedContext], policy: AcceptorPolicy
  ) -> UserInformation {
    var user = UserInformation()
    user.maximumLength = UInt32(policy.maximumPDULength)
    user.implementationClass = Implementation.classUID
    user.implementationVersion = Implementation.versionName
    if proposed.operationsWindow != nil {
      user.operationsWindow = OperationsWindow(invoked: 1, performed: 1)
    }
    // The requestor stays the service user: the services here are providers only.
    let classes = Set(accepted.map(\.abstractSyntax))
    user.roles = proposed.roles.prefix(Limits.presentationContexts).filter { classes.contains($0.sopClass) }
      .map { RoleSelection(sopClass: $0.sopClass, isUser: $0.isUser, isProvider: false) }
    return user
  }
}
