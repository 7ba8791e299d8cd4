import NIOCore
import NIOHTTP1
import NIOPosix
import Store

/// One request to the process that holds a storage folder, over the Unix socket in it.
struct LocalConnection: Sendable {
  let folder: SocketFolder
  /// The folder, as the user calls it.
  let name: String

  /// A body that is read bit by bit.
  struct Body: Sendable {
    var size: Int
    var read: @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]

    static func bytes(_ bytes: [UInt8]) -> Body {
      Body(size: bytes.count) { offset, count in Array(bytes[offset..<min(bytes.count, offset + count)]) }
    }
  }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    /// Of an error all that is worth reading, of a success what `piece` left.
    var text: String
  }

  private typealias Exchange = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  /// Bytes that go out at once, and of an answer that are kept.
  private static let pieceSize = 256 * 1024
  private static let longestText = 1 << 20

  /// Sends a request and waits for the whole answer.
  ///
  /// - Parameter piece: takes the body of a successful answer as it comes; nil keeps it as text.
  /// - Throws: `StoreError.storageInUse` when nobody listens, `closed` when the other process ends meanwhile, and what
  ///   reading the body or `piece` throws.
  func send(
    _ method: HTTPMethod, _ uri: String, _ body: Body = .bytes([]),
    piece: (@Sendable (ByteBuffer) throws -> Void)? = nil
  ) async throws -> Answer {
    let exchange: Exchange
    do {
      exchange = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(unixDomainSocketPath: folder.path) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try Exchange(wrappingChannelSynchronously: channel)
          }
        }
    } catch {
      throw StoreError(.storageInUse, "the Filmroom that uses \(name) does not answer: \(error)")
    }
    do {
      return try await exchange.executeThenClose { inbound, outbound in
        do {
          try await Self.write(method, uri, body, to: outbound)
        } catch is ChannelError {
          // Whoever has answered may close before it has heard everything: the answer tells why.
        } catch is IOError {
        }
        return try await read(inbound, piece)
      }
    } catch let error as StoreError {
      throw error
    } catch is ChannelError {
      throw ended
    } catch is IOError {
      throw ended
    } catch is HTTPParserError {
      throw ended
    }
  }

  private var ended: StoreError {
    StoreError(.closed, "the Filmroom that uses \(name) ended meanwhile: start the command again")
  }

  private static func write(
    _ method: HTTPMethod, _ uri: String, _ body: Body,
    to outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
  ) async throws {
    let headers: HTTPHeaders = [
      "Host": "localhost", "Connection": "close", "Content-Length": String(body.size),
    ]
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers)
    if body.size == 0 { return try await outbound.write(contentsOf: [.head(head), .end(nil)]) }
    try await outbound.write(.head(head))
    var offset = 0
    while offset < body.size {
      let start = offset
      let bytes = try await Blocking.run { () throws(StoreError) in
        try body.read(start, min(pieceSize, body.size - start))
      }
      if bytes.isEmpty { throw StoreError(.inputOutput, "a file became shorter while it was read") }
      offset += bytes.count
      let part = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
      // With the last bytes the other side has all that it needs to answer and close.
      try await outbound.write(contentsOf: offset < body.size ? [part] : [part, .end(nil)])
    }
  }

  private func read(
    _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
    _ piece: (@Sendable (ByteBuffer) throws -> Void)?
  ) async throws -> Answer {
    var answer = Answer(status: 0, headers: [:], text: "")
    var kept = ByteBuffer()
    for try await part in inbound {
      switch part {
      case .head(let head): (answer.status, answer.headers) = (Int(head.status.code), head.headers)
      case .body(let bytes):
        if answer.status == 200, let piece {
          try piece(bytes)
        } else if kept.readableBytes < Self.longestText {
          kept.writeImmutableBuffer(bytes)
        }
      case .end:
        answer.text = String(buffer: kept)
        return answer
      }
    }
    throw ended
  }
}
