import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Net

/// What ends a connection, with a clock that the test moves.
struct ConnectionGuardTests {
  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handler: ConnectionGuard(keepsAlive: true, window: .seconds(60)))
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
}
