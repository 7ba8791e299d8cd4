import DICOM
import Logging
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What all associations of a listener share.
struct ListenerEnvironment: Sendable {
  var configuration: DICOMListenerConfiguration
  var access: AccessControl
  var services: ServiceRegistry
  var rules: ReceptionRules
  var registry: AssociationRegistry
  var logger: Logger
}

/// The acceptor's side of one association: negotiates, puts requests together, and lets services answer them
/// one after the other, in the order they came. Event loop only.
final class DIMSEAcceptor: AssociationUser {
  private struct Current {
    let exchange: DIMSEExchange
    let operation: any DIMSEOperation
    var isRequestComplete = false
  }

  weak var provider: (any AssociationProvider)?

  private let environment: ListenerEnvironment
  private let eventLoop: any EventLoop
  private var peer: AssociationPeer
  private var record: AssociationRecord?
  private var contexts: [UInt8: AcceptedContext] = [:]
  private var assembler = MessageAssembler()
  private var fragmenter = MessageFragmenter(peerMaximum: 0)
  private var current: Current?
  /// Requests behind the current one. Only the last may have a data set, which then stays in the socket.
  private var waiting = CircularBuffer<DIMSERequest>()
  private var isAdvancing = false
  private var isReleasing = false
  private var isStopping = false
  private var isOver = false

  init(id: Int, address: String, environment: ListenerEnvironment, eventLoop: any EventLoop) {
    self.environment = environment
    self.eventLoop = eventLoop
    peer = AssociationPeer(id: id, callingAET: "", calledAET: "", address: address)
  }

  private var logger: Logger { environment.logger }

  // MARK: association

  func negotiate(_ request: AssociateRequest) -> NegotiationOutcome {
    peer.callingAET = request.callingAET
    peer.calledAET = request.calledAET
    let configuration = environment.configuration
    let services = environment.services
    var policy = AcceptorPolicy(aeTitle: configuration.aeTitle) { services.service(for: $0) != nil }
    policy.checkCalledAET = configuration.checkCalledAET
    policy.strictAETComparison = configuration.strictAETComparison
    let access = environment.access.policy
    policy.isCallerAllowed = services.rights.contains {
      access.allows($0, callingAET: request.callingAET, address: peer.address)
    }
    policy.maximumPDULength = configuration.maximumPDULength
    policy.transferSyntaxes = TransferSyntaxPolicy(
      accepted: environment.rules.patterns, preferred: configuration.preferredTransferSyntaxes)
    policy.hasRoom = environment.registry.reserve(peer.id)
    let outcome = Negotiation.answer(request, policy: policy)
    if case .accept(_, let accepted) = outcome {
      for context in accepted { contexts[context.id] = context }
    } else {
      environment.registry.released(peer.id)
    }
    return outcome
  }

  func established(_ accept: AssociateAccept, peerMaximumLength: UInt32) {
    fragmenter = MessageFragmenter(peerMaximum: peerMaximumLength)
    let info = AssociationInfo(
      id: peer.id, callingAET: peer.callingAET, calledAET: peer.calledAET, peerAddress: peer.address,
      since: secondsSince1970(), instancesStored: 0, instancesRefused: 0, bytesReceived: 0, activity: .idle)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    record = environment.registry.established(info) { [eventLoop] afterMessage in
      eventLoop.execute { bound.value.end(afterMessage: afterMessage) }
    }
    logger.info(
      "Association \(peer.id) with \(peer.logName) accepted: \(contexts.count) of \(accept.contexts.count) contexts"
    )
  }

  private func secondsSince1970() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  private func end(afterMessage: Bool) {
    isStopping = true
    if !afterMessage || current == nil { provider?.abort("stopped here") }
  }

  func releaseRequested() {
    isReleasing = true
    if let current, !current.isRequestComplete { drop(current) }
    advance()
  }

  private func drop(_ current: Current) {
    self.current = nil
    waiting.removeAll()
    current.operation.abandoned()
  }

  func ended(_ end: AssociationEnd) {
    isOver = true
    if let current { drop(current) }
    environment.registry.released(peer.id)
    switch end {
    case .released: logger.info("Association \(peer.id) with \(peer.logName) released")
    case .rejected(let reject):
      let why = reject == .callingAETNotRecognized ? accessNote : ""
      logger.warning("Association from \(peer.logName) rejected: \(why)\(reject)")
    case .abortedByPeer(let abort): logger.info("\(peer.logName) aborted association \(peer.id): \(abort)")
    case .fault(let fault): logger.warning("Association \(peer.id) with \(peer.logName) aborted: \(fault)")
    case .abortedLocally(let why):
      logger.info("Association \(peer.id) with \(peer.logName) aborted: \(why)")
    case .connectionLost:
      // Before an association stands this is any port scan.
      if contexts.isEmpty {
        logger.debug("Connection \(peer.id) from \(peer.address) closed")
      } else {
        logger.warning("Association \(peer.id) with \(peer.logName) lost its connection")
      }
    }
  }

  /// What a log says before the reason when access was refused to a modality that isn't where it should be.
  private var accessNote: String {
    environment.access.policy.isAwayFromHome(callingAET: peer.callingAET, address: peer.address)
      ? "it calls from \(peer.address), which is not its host: " : ""
  }

  // MARK: requests

  var isBusy: Bool { (current?.isRequestComplete ?? false) || (provider?.isHeld ?? false) }

  func received(_ piece: PDVPiece) throws(ProtocolFault) {
    guard let context = contexts[piece.contextID] else {
      throw ProtocolFault(.unexpectedParameter, "data in a context that was not accepted")
    }
    switch try assembler.take(piece) {
    case nil: break
    case .command(let command, _): try take(command, in: context)
    case .dataSet(let bytes, let isLast):
      current?.operation.received(bytes)
      if isLast { requestEnded() }
    }
  }

  private func requestEnded() {
    current?.isRequestComplete = true
    current?.operation.requestEnded()
  }

  private func take(_ command: CommandSet, in context: AcceptedContext) throws(ProtocolFault) {
    guard let field = command.field, !field.isResponse else {
      throw ProtocolFault(.unexpectedPDU, "a response to nothing")
    }
    if field == .cCancelRequest {
      guard !command.hasDataSet else {
        throw ProtocolFault(.invalidParameterValue, "a C-CANCEL with a data set")
      }
      if let current, command.integer(.respondedMessageID) == current.exchange.request.messageID {
        current.operation.cancelled()
      }
      return
    }
    guard let messageID = command.integer(.messageID) else {
      throw ProtocolFault(.invalidParameterValue, "a request without a message id")
    }
    waiting.append(
      DIMSERequest(
        field: field, messageID: messageID, context: context, command: command,
        hasDataSet: command.hasDataSet))
    advance()
  }

  /// Begins the next request, if it is its turn, until one has to wait for something.
  private func advance() {
    guard !isAdvancing, !isOver else { return }
    isAdvancing = true
    while current == nil, !isStopping, isWritable, let request = waiting.popFirst() { begin(request) }
    isAdvancing = false
    if current == nil {
      if isStopping {
        provider?.abort("stopped here")
      } else if isReleasing, waiting.isEmpty {
        provider?.respondToRelease()
      }
    }
    updateHold()
  }

  private func begin(_ request: DIMSERequest) {
    let exchange = DIMSEExchange(request: request, peer: peer, eventLoop: eventLoop, acceptor: self)
    current = Current(exchange: exchange, operation: operation(for: request, exchange))
    if !request.hasDataSet { requestEnded() }
  }

  private func operation(for request: DIMSERequest, _ exchange: DIMSEExchange) -> any DIMSEOperation {
    func refuse(
      _ status: DIMSEStatus, _ comment: String, _ element: CommandSet.Element? = nil, note: String = ""
    ) -> any DIMSEOperation {
      if request.field == .cStoreRequest { countInstance(isStored: false, bytes: 0) }
      logger.warning("\(request.field) from \(peer.logName) refused with \(status): \(note)\(comment)")
      let offending = element.map { Tag(0x0000, $0.rawValue) }
      return ImmediateAnswer(
        DIMSEOutcome(status, comment, offendingElement: offending), exchange: exchange)
    }
    guard CommandField.requests.contains(request.field),
      let service = environment.services.service(for: request.context.abstractSyntax)
    else { return refuse(.unrecognizedOperation, "Unknown command field", .commandField) }
    guard
      let sopClass = request.command.uid(.affectedSOPClass) ?? request.command.uid(.requestedSOPClass)
    else { return refuse(.missingAttribute, "No SOP Class UID", .affectedSOPClass) }
    guard sopClass == request.context.abstractSyntax else {
      return refuse(
        .sopClassNotSupported, "The SOP class is not that of the presentation context", .affectedSOPClass)
    }
    guard service.performs(request.field) else {
      return refuse(.unrecognizedOperation, "Not an operation of this SOP class", .commandField)
    }
    guard environment.access.policy.allows(service.right, callingAET: peer.callingAET, address: peer.address)
    else {
      return refuse(.notAuthorized, "Not authorized", note: accessNote)
    }
    return service.begin(request, exchange: exchange)
  }

  func batchEnded() { current?.operation.batchEnded() }

  // MARK: responses

  var isWritable: Bool { provider?.isWritable ?? false }

  func writabilityChanged() {
    if isWritable { current?.operation.writable() }
    advance()
  }

  func respond(_ outcome: DIMSEOutcome, dataSet: ByteBuffer?, to exchange: DIMSEExchange) {
    guard !isOver, current?.exchange === exchange else { return }
    let request = exchange.request
    var response = CommandSet()
    if let uid = request.command.uid(.affectedSOPClass) ?? request.command.uid(.requestedSOPClass),
      uid.isValid
    {
      response.set(.affectedSOPClass, uid)
    }
    response.set(.commandField, request.field.response.rawValue)
    response.set(.respondedMessageID, request.messageID)
    response.set(.dataSetType, dataSet == nil ? CommandSet.noDataSet : 0)
    if let uid = request.command.uid(.affectedSOPInstance), uid.isValid {
      response.set(.affectedSOPInstance, uid)
    }
    outcome.write(to: &response)
    var pdus = ByteBuffer()
    fragmenter.write(command: response, contextID: request.context.id, to: &pdus)
    if let dataSet {
      fragmenter.write(
        dataSet, contextID: request.context.id, isCommand: false, endsMessagePart: true, to: &pdus)
    }
    provider?.sendData(pdus)
  }

  func finished(_ exchange: DIMSEExchange) {
    guard current?.exchange === exchange else { return }
    note(.idle)
    current = nil
    advance()
  }

  /// The socket is left alone while the archive is behind, while the next data set has no place to go, and
  /// while enough requests wait.
  func updateHold() {
    guard !isOver, let provider else { return }
    let nextHasDataSet = waiting.last?.hasDataSet ?? false
    provider.isHeld =
      (current?.exchange.isHeld ?? false) || nextHasDataSet || waiting.count >= Limits.waitingRequests
  }

  // MARK: counting

  func note(_ activity: AssociationActivity) { record?.note(activity) }

  func countInstance(isStored: Bool, bytes: Int) {
    record?.answered(isStored: isStored, bytes: bytes)
    environment.registry.answered(isStored: isStored, bytes: bytes)
  }
}
