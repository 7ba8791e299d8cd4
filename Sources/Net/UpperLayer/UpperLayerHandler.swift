import NIOCore

/// Runs the association state machine over a socket: bytes become events, and the actions that come out are
/// carried out. It decides nothing by itself.
///
/// Confined to its event loop.
final class UpperLayerHandler: ChannelDuplexHandler, AssociationProvider {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Settings {
    /// What we advertise and enforce.
    var maximumPDULength: Int
    /// Silence, or an unfinished PDU, for longer ends the association; nil never does.
    var idleTime: TimeAmount?
    /// ARTIM (PS3.8 §9.1.5).
    var artimTime: TimeAmount
    /// Requestor only: what to ask for.
    var request: AssociateRequest?
  }

  private let settings: Settings
  private let user: any AssociationUser
  private var machine: AssociationStateMachine
  private var decoder: PDUDecoder
  private var context: ChannelHandlerContext?

  /// Bytes that were read but not decoded when the user asked to hold.
  private var undecoded = ByteBuffer()
  private var isDecoding = false
  private var isReadWanted = false
  /// After an A-ABORT of ours nothing that arrives matters any more.
  private var isDeaf = false
  private var hasEnded = false
  private var timers = AssociationTimers()
  /// When the peer last did what we wait for.
  private var lastProgress = NIODeadline.now()

  init(role: AssociationStateMachine.Role, settings: Settings, user: any AssociationUser) {
    self.settings = settings
    self.user = user
    machine = AssociationStateMachine(role: role)
    decoder = PDUDecoder(maximumDataLength: settings.maximumPDULength)
  }

  var state: AssociationState { machine.state }

  // MARK: channel events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { begin() }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin()
    context.fireChannelActive()
  }

  private func begin() {
    guard machine.state == .idle else { return }
    switch machine.role {
    case .acceptor: perform(.transportIndication)
    case .requestor:
      perform(.associateRequestPrimitive)
      perform(.transportConfirmed)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if isDeaf { return }
    if undecoded.readableBytes > 0 {
      undecoded.writeBuffer(&bytes)
    } else {
      undecoded = bytes
    }
    decode()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    user.batchEnded()
    context.fireChannelReadComplete()
  }

  /// Reading is asked for after each batch; while held the wish is remembered.
  func read(context: ChannelHandlerContext) {
    if isHeld, !isDeaf {
      isReadWanted = true
    } else {
      context.read()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    perform(.transportClosed)
    timers.cancelAll()
    end(.connectionLost)
    self.context = nil
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A reset connection; whatever it is, nothing more can be said over it.
    context.close(promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    user.writabilityChanged()
    context.fireChannelWritabilityChanged()
  }

  // MARK: decoding

  var isHeld = false {
    didSet {
      guard oldValue, !isHeld, !isDecoding else { return }
      lastProgress = .now()
      decode()
      user.batchEnded()
      if isReadWanted, !isHeld {
        isReadWanted = false
        context?.read()
      }
    }
  }

  private func decode() {
    guard !isDecoding else { return }
    isDecoding = true
    defer { isDecoding = false }
    do throws(ProtocolFault) {
      while !isHeld, !isDeaf, let pdu = try decoder.next(from: &undecoded) {
        try take(pdu)
      }
      if undecoded.readableBytes == 0 || isDeaf { undecoded = ByteBuffer() }
    } catch {
      fail(error)
    }
  }

  private func take(_ pdu: ReceivedPDU) throws(ProtocolFault) {
    switch pdu {
    case .data(let piece):
      if !decoder.isInsideValue { lastProgress = .now() }
      switch perform(.dataReceived) {
      case .dt2, .ar6: try user.received(piece)
      default: break
      }
    case .associateRequest(let request): takeRequest(request)
    case .associateAccept(let accept):
      let maximum = accept.user.maximumLength
      if machine.state == .awaitingAnswer, maximum != 0, maximum < Limits.smallestPeerPDULength {
        throw ProtocolFault(.invalidParameterValue, "a maximum PDU length of \(maximum) has no room for data")
      }
      if perform(.associateAcceptReceived) == .ae3 {
        lastProgress = .now()
        user.established(accept, peerMaximumLength: maximum)
      }
    case .associateReject(let reject):
      perform(.associateRejectReceived, end: .rejected(reject))
    case .releaseRequest: perform(.releaseRequestReceived)
    case .releaseReply: perform(.releaseReplyReceived)
    case .abort(let abort): perform(.abortReceived, end: .abortedByPeer(abort))
    }
  }

  private func takeRequest(_ request: AssociateRequest) {
    guard machine.state == .awaitingRequest else {
      perform(.associateRequestReceived)
      return
    }
    switch user.negotiate(request) {
    case .abort(let fault): fail(fault)
    case .reject(let reject):
      let pdu = PDUEncoder.encoded { PDUEncoder.write(reject, to: &$0) }
      let byProvider = reject.source != 1
      perform(.associateRequestReceived, isAcceptable: !byProvider, pdu: pdu)
      if !byProvider { perform(.rejectPrimitive, pdu: pdu) }
      end(.rejected(reject))
    case .accept(let accept, _):
      let pdu = PDUEncoder.encoded { PDUEncoder.write(accept, to: &$0) }
      perform(.associateRequestReceived)
      perform(.acceptPrimitive, pdu: pdu)
      lastProgress = .now()
      user.established(accept, peerMaximumLength: request.user.maximumLength)
    }
  }

  private func fail(_ fault: ProtocolFault) {
    perform(.invalidPDUReceived, reason: fault.reason, end: .fault(fault))
  }

  // MARK: what the user asks for

  var isWritable: Bool { context?.channel.isWritable ?? false }

  func sendData(_ pdus: ByteBuffer) {
    perform(.dataPrimitive, pdu: pdus)
    lastProgress = .now()
  }

  func requestRelease() {
    perform(.releaseRequestPrimitive)
    lastProgress = .now()
  }

  func respondToRelease() { perform(.releaseResponsePrimitive, end: .released) }

  func abort(_ why: String) {
    if machine.state == .awaitingRequest || machine.state == .awaitingClose {
      // The table has no A-ABORT request here: nobody to tell.
      context?.close(promise: nil)
    } else {
      perform(.abortPrimitive, end: .abortedLocally(why))
    }
  }

  // MARK: actions

  /// Feeds the machine and carries out its action.
  @discardableResult
  private func perform(
    _ event: AssociationEvent, isAcceptable: Bool = true, pdu: ByteBuffer? = nil,
    reason: AbortReason = .unexpectedPDU, end: AssociationEnd? = nil
  ) -> AssociationAction? {
    guard let action = machine.handle(event, isAcceptable: isAcceptable) else { return nil }
    switch action {
    case .ae1, .ae3, .dt2, .ar6, .aa6: break
    case .ae2: sendRequest()
    case .ae4, .aa2:
      if let end { self.end(end) }
      close()
    case .ae5: timers.startARTIM(settings.artimTime, on: context) { [self] in expired() }
    case .ae6:
      timers.stopARTIM()
      if !isAcceptable, let pdu { sayLastWord(pdu) }
    case .ae7, .dt1, .ar7:
      if let pdu { send(pdu) }
      if action == .ae7 { startIdleTimer() }
    case .ae8: if let pdu { sayLastWord(pdu) }
    case .ar1: send(PDUEncoder.encoded(PDUEncoder.writeReleaseRequest))
    case .ar2, .ar8: user.releaseRequested()
    case .ar3:
      self.end(.released)
      close()
    case .ar4:
      send(PDUEncoder.encoded(PDUEncoder.writeReleaseReply))
      timers.startARTIM(settings.artimTime, on: context) { [self] in expired() }
      self.end(.released)
    case .ar9: send(PDUEncoder.encoded(PDUEncoder.writeReleaseReply))
    case .ar10: user.releaseRequested()
    case .aa1, .aa7: sendAbort(AbortPDU(source: 0, reason: 0), end)
    case .aa8:
      let fault = ProtocolFault(.unexpectedPDU, "a PDU that is not allowed now")
      sendAbort(AbortPDU(source: 2, reason: reason.rawValue), end ?? .fault(fault))
    case .aa3:
      self.end(end ?? .connectionLost)
      close()
    case .aa4, .aa5, .ar5:
      timers.stopARTIM()
      self.end(.connectionLost)
    }
    return action
  }

  private func sendRequest() {
    guard let request = settings.request else { return }
    send(PDUEncoder.encoded { PDUEncoder.write(request, to: &$0) })
    lastProgress = .now()
    startIdleTimer()
  }

  private func send(_ pdu: ByteBuffer) {
    context?.writeAndFlush(wrapOutboundOut(pdu), promise: nil)
  }

  private func sendAbort(_ abort: AbortPDU, _ end: AssociationEnd?) {
    sayLastWord(PDUEncoder.encoded { PDUEncoder.write(abort, to: &$0) })
    self.end(end ?? .fault(ProtocolFault(.unexpectedPDU, "a PDU that is not allowed now")))
  }

  /// Sends, closes our side, and swallows what still comes for a moment: closing with unread bytes would
  /// reset the connection and take the last word with it.
  private func sayLastWord(_ pdu: ByteBuffer) {
    isDeaf = true
    undecoded = ByteBuffer()
    send(pdu)
    guard let context else { return }
    context.close(mode: .output, promise: nil)
    timers.startARTIM(.milliseconds(Int64(Limits.lingerMilliseconds)), on: context) { [self] in expired() }
    if isReadWanted {
      isReadWanted = false
      context.read()
    }
  }

  private func close() {
    timers.cancelAll()
    context?.close(promise: nil)
  }

  private func end(_ end: AssociationEnd) {
    guard !hasEnded else { return }
    hasEnded = true
    timers.stopIdle()
    user.ended(end)
  }

  // MARK: time

  private func expired() {
    if machine.state == .awaitingRequest { end(.abortedLocally("no association request came in time")) }
    perform(.timerExpired)
  }

  private func startIdleTimer() {
    guard let idleTime = settings.idleTime else { return }
    timers.startIdle(after: idleTime, on: context) { [self] in checkIdle(idleTime) }
  }

  /// Runs when silence may have lasted too long; looks when it began rather than being moved with each PDU.
  private func checkIdle(_ idleTime: TimeAmount) {
    guard !hasEnded else { return }
    let isOurTurn = user.isBusy && isWritable
    let deadline = (isOurTurn ? .now() : lastProgress) + idleTime
    if deadline <= .now() {
      abort("nothing complete came for \(idleTime.nanoseconds / 1_000_000_000) s")
    } else {
      timers.startIdle(after: deadline - .now(), on: context) { [self] in checkIdle(idleTime) }
    }
  }
}
