import DICOM
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Store

/// The HTTP server with the REST API. Must be stopped before it is let go.
public final class HTTPListener: Sendable {
  private let servers: [RunningServer]
  private let socket: SocketFolder?
  private let group: MultiThreadedEventLoopGroup
  private let services: RESTServices
  private let logger: Logger
  public let configuration: HTTPListenerConfiguration
  /// The port that is listened on; nil where only the Unix socket is.
  public let port: Int?

  private init(
    _ configuration: HTTPListenerConfiguration, _ services: RESTServices, servers: [RunningServer],
    socket: SocketFolder?, port: Int?,
    group: MultiThreadedEventLoopGroup, logger: Logger
  ) {
    self.configuration = configuration
    self.services = services
    self.servers = servers
    self.socket = socket
    self.port = port
    self.group = group
    self.logger = logger
  }

  /// Starts listening.
  ///
  /// - Throws: `NetError` for a certificate that can't be used, a port in use or without the right to it.
  public static func start(
    _ configuration: HTTPListenerConfiguration, archive: Archive, jobs: JobsEngine, settings: RESTSettings,
    nodes: KnownNodes, reception: ReceptionRules, program: any ProgramControl, logger: Logger
  ) async throws(NetError) -> HTTPListener {
    let services = RESTServices(
      archive: archive, jobs: jobs, settings: settings, nodes: nodes, reception: reception,
      program: program, logger: logger)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let responder = RESTResponder(
      services, security: RESTSecurity(users: configuration.users), logger: logger)
    var servers: [RunningServer] = []
    do throws(NetError) {
      var port: Int?
      for host in configuration.hosts {
        let wanted = port ?? configuration.port
        let server = try await RunningServer.start(
          .hostname(host, port: wanted),
          try connections(configuration) {
            try await HTTPExchange.run($0, $1, $2, responder, isLocal: false)
          },
          group, logger,
          failing: { HTTPBindError.error($0, host: host, port: wanted) })
        port = server.port ?? port
        servers.append(server)
      }
      let socket = await local(configuration, responder, group, logger)
      if let socket { servers.append(socket.server) }
      if let port {
        logger.info("HTTP\(configuration.certificate == nil ? "" : "S") server on port \(port)")
      }
      return HTTPListener(
        configuration, services, servers: servers, socket: socket?.folder, port: port, group: group,
        logger: logger)
    } catch {
      for server in servers { await server.stop() }
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// The Unix socket for this machine's commands. Without it they can't reach us, but everything else goes on.
  private static func local(
    _ configuration: HTTPListenerConfiguration, _ responder: RESTResponder, _ group: any EventLoopGroup,
    _ logger: Logger
  ) async -> (server: RunningServer, folder: SocketFolder)? {
    guard let path = configuration.socketFolder, let folder = SocketFolder(path) else { return nil }
    var local = configuration
    local.keepsAlive = true
    do throws(NetError) {
      let server = try await RunningServer.start(
        .unixDomainSocket(path: try folder.prepare()),
        plainConnections(local) { try await HTTPExchange.run($0, $1, $2, responder, isLocal: true) },
        group, logger, failing: { NetError(.failed, "the socket can't be made: \($0)") })
      do throws(NetError) {
        try folder.publish()
      } catch {
        await server.stop()
        throw error
      }
      return (server, folder)
    } catch {
      logger.warning("import, export and the like will have to wait until this ends: \(error.message)")
      return nil
    }
  }

  /// Lets requests under way finish, for at most so long, then closes.
  public func stop(graceSeconds: Int = 5) async {
    socket?.remove()
    for server in servers { await server.stop(graceSeconds: graceSeconds) }
    services.imports.endAll()
    try? await group.shutdownGracefully()
    if port != nil { logger.info("HTTP server stopped") }
  }

  /// Requests so far and right now.
  public var requests: (total: Int, active: Int) {
    let now = services.metrics.now
    return (now.total, now.active)
  }

  /// Says that requests come, at most once a second.
  public func requestUpdates() -> AsyncStream<Void> { services.metrics.bell.rings() }

  /// What becomes of a connection, over TLS where there is a certificate.
  private static func connections(
    _ configuration: HTTPListenerConfiguration, _ respond: @escaping HTTPChannelHandler.Responder
  ) throws(NetError) -> any ServerChildChannel {
    let plain = plainConnections(configuration, respond)
    guard configuration.certificate != nil else { return plain }
    let tls = try HTTPSecurity.configuration(configuration)
    do {
      return try TLSChannel(plain, tlsConfiguration: tls)
    } catch {
      throw NetError(.badConfiguration, "HTTPS can't be set up with these certificates: \(error)")
    }
  }

  private static func plainConnections(
    _ configuration: HTTPListenerConfiguration, _ respond: @escaping HTTPChannelHandler.Responder
  ) -> EventLoopConnections {
    EventLoopConnections(base: HTTP1Channel(responder: respond, configuration: http1(configuration)))
  }

  private static func http1(_ configuration: HTTPListenerConfiguration) -> HTTP1Channel.Configuration {
    var connections = HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        ConnectionGuard(
          keepsAlive: configuration.keepsAlive,
          patience: configuration.keepAliveSeconds.map { .seconds(Int64($0)) },
          window: .seconds(Int64(configuration.speedSeconds)))
      ],
      idleTimeout: configuration.timeoutSeconds > 0 ? .seconds(Int64(configuration.timeoutSeconds)) : nil)
    connections.httpDecoder.maxHeaderFieldSize = HTTPLimits.headerField
    connections.httpDecoder.maxHeaderListSize = HTTPLimits.headers
    connections.httpDecoder.maxHeaderFieldCount = HTTPLimits.headerCount
    return connections
  }
}
