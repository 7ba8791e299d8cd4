import DICOM
import NIOCore
import NIOPosix

/// An association that we opened: C-ECHO and C-STORE as service class user.
public final class DICOMClient: Sendable {
  /// Whom to call, and as whom.
  public struct Options: Sendable {
    public var host: String
    public var port: Int
    public var calledAET: String
    public var callingAET = "FILMROOM"
    public var maximumPDULength = 16384
    /// Seconds for connecting, and for each answer.
    public var timeoutSeconds = 30

    public init(host: String, port: Int, calledAET: String) {
      self.host = host
      self.port = port
      self.calledAET = calledAET
    }
  }

  /// What the peer agreed to.
  public let contexts: [AcceptedContext]
  private let channel: any Channel
  private let requestor: NIOLoopBound<DIMSERequestor>

  private init(contexts: [AcceptedContext], channel: any Channel, requestor: NIOLoopBound<DIMSERequestor>) {
    self.contexts = contexts
    self.channel = channel
    self.requestor = requestor
  }

  deinit {
    // Forgotten without a release: the peer should not wait for more.
    channel.close(promise: nil)
  }

  /// Connects and negotiates.
  ///
  /// - Parameter proposals: a SOP class with its transfer syntaxes per presentation context, at most 128.
  /// - Throws: `NetError` when the peer can't be reached, rejects or aborts.
  public static func associate(
    _ options: Options, proposals: [(sopClass: UID, transferSyntaxes: [TransferSyntax])]
  ) async throws(NetError) -> DICOMClient {
    guard (1...Limits.presentationContexts).contains(proposals.count) else {
      throw NetError(
        .badConfiguration, "1 to 128 presentation contexts are possible, not \(proposals.count).")
    }
    var request = AssociateRequest(calledAET: options.calledAET, callingAET: options.callingAET)
    request.contexts = zip(0..., proposals).map { number, proposal in
      ProposedContext(
        id: UInt8(2 * number + 1), abstractSyntax: proposal.sopClass,
        transferSyntaxes: proposal.transferSyntaxes.map(\.uid))
    }
    request.user.maximumLength = UInt32(options.maximumPDULength)
    request.user.implementationClass = Implementation.classUID
    request.user.implementationVersion = Implementation.versionName
    let settings = UpperLayerHandler.Settings(
      maximumPDULength: options.maximumPDULength, idleTime: .seconds(Int64(options.timeoutSeconds)),
      artimTime: .seconds(Int64(options.timeoutSeconds)), request: request)
    return try await connect(options, settings, request)
  }

  private static func connect(
    _ options: Options, _ settings: UpperLayerHandler.Settings, _ request: AssociateRequest
  ) async throws(NetError) -> DICOMClient {
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connectTimeout(.seconds(Int64(options.timeoutSeconds)))
        .connect(host: options.host, port: options.port).get()
    } catch {
      throw NetError(.unreachable, "\(options.host):\(options.port) can't be reached: \(error)")
    }
    do {
      let (requestor, contexts) = try await channel.eventLoop.flatSubmit {
        let user = DIMSERequestor(request: request, eventLoop: channel.eventLoop)
        let handler = UpperLayerHandler(role: .requestor, settings: settings, user: user)
        user.provider = handler
        let bound = NIOLoopBound(user, eventLoop: channel.eventLoop)
        do {
          try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
          user.ended(.connectionLost)
        }
        return user.establishedFuture.map { (bound, $0) }
      }.get()
      return DICOMClient(contexts: contexts, channel: channel, requestor: requestor)
    } catch {
      throw (error as? NetError) ?? NetError(.failed, "The association failed: \(error)")
    }
  }

  /// C-ECHO (PS3.7 §9.1.5).
  public func echo() async throws(NetError) -> DIMSEReply {
    try await send(.cEchoRequest, sopClass: VerificationSCP.sopClass, transferSyntax: nil)
  }

  /// C-STORE (PS3.7 §9.1.1) of a data set that is encoded already; the bytes go out as they are.
  public func store(
    _ dataSet: ByteBuffer, sopClass: UID, sopInstance: UID, transferSyntax: TransferSyntax
  ) async throws(NetError) -> DIMSEReply {
    try await send(
      .cStoreRequest, sopClass: sopClass, transferSyntax: transferSyntax, dataSet: dataSet,
      instance: sopInstance)
  }

  private func send(
    _ field: CommandField, sopClass: UID, transferSyntax: TransferSyntax?, dataSet: ByteBuffer? = nil,
    instance: UID? = nil
  ) async throws(NetError) -> DIMSEReply {
    let fitting = contexts.first {
      $0.abstractSyntax == sopClass && (transferSyntax == nil || $0.transferSyntax == transferSyntax)
    }
    guard let context = fitting else {
      throw NetError(.noContext, "The peer did not accept \(sopClass) in the transfer syntax needed.")
    }
    do {
      let requestor = requestor
      let eventLoop = channel.eventLoop
      return try await eventLoop.flatSubmit {
        requestor.value.send(
          field, context: context, dataSet: dataSet, instance: instance, eventLoop: eventLoop)
      }.get()
    } catch {
      throw (error as? NetError) ?? NetError(.failed, "The request failed: \(error)")
    }
  }

  /// Ends the association in the orderly way.
  public func release() async throws(NetError) {
    let requestor = requestor
    let end = try? await channel.eventLoop.flatSubmit {
      requestor.value.provider?.requestRelease()
      return requestor.value.endedFuture
    }.get()
    if let end, end != .released { throw NetError(end) }
  }

  /// A-ABORT.
  public func abort() async {
    let requestor = requestor
    _ = try? await channel.eventLoop.flatSubmit {
      requestor.value.provider?.abort("by the caller")
      return requestor.value.endedFuture
    }.get()
  }
}
