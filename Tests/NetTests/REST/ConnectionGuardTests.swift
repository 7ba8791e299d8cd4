import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Net

/// What ends a connection, with a clock that the test moves.
struct ConnectionGuardTests {
  private func channel(patience: TimeAmount? = nil) throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(
      handler: ConnectionGuard(keepsAlive: true, patience: patience, window: .seconds(60)))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private static let upload = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/instances")

  private func body(_ count: Int) -> HTTPRequestPart { .body(ByteBuffer(repeating: 0, count: count)) }

  @Test(arguments: [(1000, false), (100_000, true)])
  func aBodyMustComeFastEnough(bytes: Int, isOpen: Bool) throws {
    let channel = try channel()
    try channel.writeInbound(HTTPRequestPart.head(Self.upload))
    try channel.writeInbound(body(bytes))
    channel.read()
    channel.embeddedEventLoop.advanceTime(by: .seconds(61))
    #expect(channel.isActive == isOpen)
  }

  @Test func aBodyThatNobodyAskedForMayWait() throws {
    let channel = try channel()
    try channel.writeInbound(HTTPRequestPart.head(Self.upload))
    try channel.writeInbound(body(1000))
    channel.embeddedEventLoop.advanceTime(by: .seconds(200))
    #expect(channel.isActive)
  }

  @Test func aClientMustTakeItsAnswer() throws {
    let channel = try channel()
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    channel.embeddedEventLoop.advanceTime(by: .seconds(30))
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    channel.embeddedEventLoop.advanceTime(by: .seconds(300))
    #expect(channel.isActive)
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    channel.embeddedEventLoop.advanceTime(by: .seconds(61))
    #expect(!channel.isActive)
  }

  private func request(_ channel: EmbeddedChannel) throws {
    try channel.writeInbound(HTTPRequestPart.head(Self.upload))
    try channel.writeInbound(HTTPRequestPart.end(nil))
  }

  private func answer(_ channel: EmbeddedChannel) throws {
    try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
    try channel.writeOutbound(HTTPResponsePart.end(nil))
  }

  @Test func aKeptConnectionWaitsForAFurtherRequest() throws {
    let channel = try channel(patience: .seconds(5))
    try request(channel)
    // However long the answer takes.
    channel.embeddedEventLoop.advanceTime(by: .seconds(50))
    try answer(channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(4))
    try request(channel)
    try request(channel)
    try answer(channel)
    // One is still to be answered.
    channel.embeddedEventLoop.advanceTime(by: .seconds(50))
    #expect(channel.isActive)
    try answer(channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(4))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test func anAnswerBeforeTheEndOfARequestEndsNothing() throws {
    let channel = try channel(patience: .seconds(5))
    try channel.writeInbound(HTTPRequestPart.head(Self.upload))
    try answer(channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(10))
    #expect(channel.isActive)
    try channel.writeInbound(HTTPRequestPart.end(nil))
    channel.embeddedEventLoop.advanceTime(by: .seconds(6))
    #expect(!channel.isActive)
  }

  @Test func withoutThatItIsLeftToTheGeneralTimeout() throws {
    let channel = try channel()
    try request(channel)
    try answer(channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1000))
    #expect(channel.isActive)
  }
}
