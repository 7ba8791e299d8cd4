import DICOM
import NIOCore

/// The final answer to a request of ours.
public struct DIMSEReply: Equatable, Sendable {
  public var status: DIMSEStatus
  /// Error Comment (0000,0902).
  public var comment: String?
  /// Offending Element (0000,0901).
  public var offendingElements: [Tag]
}

/// The requestor's side of one association: sends requests and waits for their responses. Event loop only.
final class DIMSERequestor: AssociationUser {
  weak var provider: (any AssociationProvider)?

  private let proposed: [ProposedContext]
  private let establishedPromise: EventLoopPromise<[AcceptedContext]>
  private let endedPromise: EventLoopPromise<AssociationEnd>
  private var accepted: [UInt8: AcceptedContext] = [:]
  private var fragmenter = MessageFragmenter(peerMaximum: 0)
  private var assembler = MessageAssembler()
  private var lastMessageID: UInt16 = 0
  private var replies: [UInt16: EventLoopPromise<DIMSEReply>] = [:]
  private var end: AssociationEnd?

  init(request: AssociateRequest, eventLoop: any EventLoop) {
    proposed = request.contexts
    establishedPromise = eventLoop.makePromise()
    endedPromise = eventLoop.makePromise()
  }

  /// The accepted contexts, once the peer has agreed.
  var establishedFuture: EventLoopFuture<[AcceptedContext]> { establishedPromise.futureResult }
  var endedFuture: EventLoopFuture<AssociationEnd> { endedPromise.futureResult }

  /// Sends a request in a context; the future has its final response.
  func send(
    _ field: CommandField, context: AcceptedContext, dataSet: ByteBuffer?, instance: UID? = nil,
    eventLoop: any EventLoop
  ) -> EventLoopFuture<DIMSEReply> {
    if let end { return eventLoop.makeFailedFuture(NetError(end)) }
    lastMessageID &+= 1
    var command = CommandSet()
    command.set(.affectedSOPClass, context.abstractSyntax)
    command.set(.commandField, field.rawValue)
    command.set(.messageID, lastMessageID)
    if field == .cStoreRequest { command.set(.priority, 0) }
    command.set(.dataSetType, dataSet == nil ? CommandSet.noDataSet : 0)
    if let instance { command.set(.affectedSOPInstance, instance) }
    let promise = eventLoop.makePromise(of: DIMSEReply.self)
    replies[lastMessageID] = promise
    var pdus = ByteBuffer()
    fragmenter.write(command: command, contextID: context.id, to: &pdus)
    if let dataSet {
      fragmenter.write(dataSet, contextID: context.id, isCommand: false, endsMessagePart: true, to: &pdus)
    }
    provider?.sendData(pdus)
    return promise.futureResult
  }

  // MARK: AssociationUser

  func negotiate(_ request: AssociateRequest) -> NegotiationOutcome {
    .abort(ProtocolFault(.unexpectedPDU, "a request to a requestor"))
  }

  func established(_ accept: AssociateAccept, peerMaximumLength: UInt32) {
    fragmenter = MessageFragmenter(peerMaximum: peerMaximumLength)
    for answer in accept.contexts where answer.result == .acceptance {
      guard let context = proposed.first(where: { $0.id == answer.id }),
        let abstract = context.abstractSyntax,
        context.transferSyntaxes.contains(answer.transferSyntax)
      else { continue }
      accepted[answer.id] = AcceptedContext(
        id: answer.id, abstractSyntax: abstract, transferSyntax: TransferSyntax(answer.transferSyntax))
    }
    establishedPromise.succeed(accepted.values.sorted { $0.id < $1.id })
  }

  func received(_ piece: PDVPiece) throws(ProtocolFault) {
    guard accepted[piece.contextID] != nil else {
      throw ProtocolFault(.unexpectedParameter, "data in a context that was not accepted")
    }
    // Data sets of responses are for services to come; only the commands matter here.
    guard case .command(let command, _)? = try assembler.take(piece) else { return }
    guard let id = command.integer(.respondedMessageID), let status = command.status,
      let promise = replies[id]
    else { throw ProtocolFault(.unexpectedPDU, "a message that answers nothing") }
    if status.isPending { return }
    replies[id] = nil
    promise.succeed(
      DIMSEReply(
        status: status, comment: command.text(.errorComment),
        offendingElements: command.tags(.offendingElement)
      ))
  }

  func batchEnded() {}
  func writabilityChanged() {}
  func releaseRequested() { provider?.respondToRelease() }

  /// Idle between requests of ours is nobody's fault.
  var isBusy: Bool { replies.isEmpty && !accepted.isEmpty }

  func ended(_ end: AssociationEnd) {
    self.end = end
    establishedPromise.fail(NetError(end))
    for promise in replies.values { promise.fail(NetError(end)) }
    replies = [:]
    endedPromise.succeed(end)
  }
}

extension NetError {
  /// The end of an association as the requestor reports it.
  init(_ end: AssociationEnd) {
    switch end {
    case .released: self.init(.aborted, "The association has been released.")
    case .rejected(let reject): self.init(.rejected, "The peer rejected the association: \(reject).")
    case .abortedByPeer(let abort): self.init(.aborted, "The peer aborted the association: \(abort).")
    case .fault(let fault): self.init(.aborted, "The peer broke the protocol: \(fault).")
    case .abortedLocally(let why): self.init(.aborted, "The association was aborted here: \(why).")
    case .connectionLost: self.init(.aborted, "The connection was lost.")
    }
  }
}
