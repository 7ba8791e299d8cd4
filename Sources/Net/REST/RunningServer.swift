import HummingbirdCore
import Logging
import NIOCore

/// One address that HTTP is listened on.
///
/// The server is run and ended here, not by a group of services: such a group returns while the server still takes itself
/// apart, which needs the event loop.
final class RunningServer: Sendable {
  let port: Int?
  private let task: Task<Void, Never>
  private let finish: @Sendable () async -> Void

  private init(port: Int?, task: Task<Void, Never>, finish: @escaping @Sendable () async -> Void) {
    self.port = port
    self.task = task
    self.finish = finish
  }

  /// - Throws: what `failing` makes of an error, when the address can't be listened on.
  static func start(
    _ address: BindAddress, _ connections: some ServerChildChannel, _ group: any EventLoopGroup,
    _ logger: Logger,
    failing: @escaping @Sendable (any Error) -> NetError
  ) async throws(NetError) -> RunningServer {
    // Hummingbird's own lines say nothing that ours don't.
    var quiet = logger
    quiet.logLevel = .critical
    let (started, outcome) = AsyncStream.makeStream(of: Result<Int?, NetError>.self)
    let server = Server(
      childChannelSetup: connections,
      configuration: ServerConfiguration(
        address: address, backlog: 256,
        availableConnectionsDelegate: MaximumAvailableConnections(HTTPLimits.connections)),
      onServerRunning: { outcome.yield(.success($0.localAddress?.port)) },
      eventLoopGroup: group, logger: quiet)
    let task = Task.detached {
      do {
        try await server.run()
      } catch {
        outcome.yield(.failure(failing(error)))
      }
      outcome.finish()
    }
    var first = started.makeAsyncIterator()
    switch await first.next() {
    case .success(let port)?:
      return RunningServer(port: port, task: task) { try? await server.shutdownGracefully() }
    case .failure(let error)?: throw error
    case nil: throw failing(CancellationError())
    }
  }

  /// Lets requests under way finish, for at most so long. Afterwards nothing of it needs the event loop any more.
  func stop(graceSeconds: Int = 5) async {
    let limit = Task { [task] in
      try await Task.sleep(for: .seconds(graceSeconds))
      task.cancel()
    }
    await finish()
    await task.value
    limit.cancel()
  }
}
