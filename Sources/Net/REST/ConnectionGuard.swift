import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client is too slow to send or to take, that goes on sending behind an answer, after each answer
/// where `KeepAlive` is off, and when no further request comes within `KeepAliveTimeout`. Any other silent one is ended by
/// Hummingbird.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let keepsAlive: Bool
  private let window: TimeAmount
  /// How long a further request is waited for; nil leaves that to the general time-out.
  private let patience: TimeAmount?

  /// Whether a request's body is still to come.
  private var isReceiving = false
  /// Bytes of it within the window.
  private var received = 0
  /// Whether it was asked for more, and nothing has come since.
  private var isWaiting = false
  /// Bytes that came although the answer is out.
  private var unwanted = 0
  private var isAnswered = false
  private var slowRequest: Scheduled<Void>?
  private var slowAnswer: Scheduled<Void>?
  /// Requests whose answers are not out.
  private var unanswered = 0
  private var idle: Scheduled<Void>?

  init(keepsAlive: Bool, patience: TimeAmount? = nil, window: TimeAmount) {
    self.keepsAlive = keepsAlive
    self.patience = patience
    self.window = window
  }

  private var leastBytes: Int { Int(Double(window.nanoseconds) / 1e9 * Double(HTTPLimits.slowestBody)) }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  private func stop() {
    slowRequest?.cancel()
    slowAnswer?.cancel()
    idle?.cancel()
    (slowRequest, slowAnswer, idle) = (nil, nil, nil)
  }

  /// Starts to wait for a further request, once the client has sent the last one whole and its answer is out.
  private func watchIdle(_ context: ChannelHandlerContext) {
    guard let patience, keepsAlive, unanswered == 0, !isReceiving, context.channel.isActive else { return }
    idle?.cancel()
    idle = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { context.close(promise: nil) }
  }

  // MARK: The request

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isWaiting = false
    switch unwrapInboundIn(data) {
    case .head:
      idle?.cancel()
      unanswered += 1
      (isReceiving, isAnswered) = (true, false)
      (received, unwanted) = (0, 0)
      watchRequest(context)
    case .body(let bytes):
      received += bytes.readableBytes
      if isAnswered { unwanted += bytes.readableBytes }
      if unwanted > HTTPLimits.unwanted { return context.close(promise: nil) }
    case .end:
      isReceiving = false
      slowRequest?.cancel()
      watchIdle(context)
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    isWaiting = true
    context.read()
  }

  private func watchRequest(_ context: ChannelHandlerContext) {
    slowRequest?.cancel()
    slowRequest = context.eventLoop.assumeIsolated().scheduleTask(in: window) {
      guard self.isReceiving else { return }
      // A server that is slow to take it in has not asked for more.
      if self.isWaiting && self.received < self.leastBytes { return context.close(promise: nil) }
      self.received = 0
      self.watchRequest(context)
    }
  }

  // MARK: The answer

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if !keepsAlive { head.headerFields[.connection] = "close" }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      isAnswered = true
      if keepsAlive && patience == nil { return context.write(data, promise: promise) }
      let written = promise ?? context.eventLoop.makePromise()
      if keepsAlive {
        written.futureResult.assumeIsolated().whenComplete { _ in
          self.unanswered -= 1
          self.watchIdle(context)
        }
        return context.write(data, promise: written)
      }
      // The client reads to the end and closes too; one that doesn't is silent, and closed for that.
      written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
      context.writeAndFlush(data, promise: written)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    slowAnswer?.cancel()
    slowAnswer = nil
    if !context.channel.isWritable { watchAnswer(context, waiting: Self.waiting(context)) }
    context.fireChannelWritabilityChanged()
  }

  /// Bytes that the client has not taken.
  private static func waiting(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  private func watchAnswer(_ context: ChannelHandlerContext, waiting: Int) {
    slowAnswer = context.eventLoop.assumeIsolated().scheduleTask(in: window) {
      let now = Self.waiting(context)
      if waiting - now < self.leastBytes { return context.close(promise: nil) }
      self.watchAnswer(context, waiting: now)
    }
  }
}
