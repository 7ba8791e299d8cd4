import DICOM
import Logging
import NIOCore
import NIOPosix
import Store

/// The DICOM server: accepts associations and stores what arrives over them. Must be stopped before it is
/// let go.
public final class DICOMListener: Sendable {
  private let configuration: DICOMListenerConfiguration
  private let registry: AssociationRegistry
  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let unfinished: PendingWork
  private let channel: any Channel
  private let logger: Logger

  /// The port that is listened on.
  public let port: Int

  private init(
    configuration: DICOMListenerConfiguration, registry: AssociationRegistry, resources: Resources,
    channel: any Channel, logger: Logger
  ) {
    self.configuration = configuration
    self.registry = registry
    group = resources.group
    pool = resources.pool
    unfinished = resources.unfinished
    self.channel = channel
    self.logger = logger
    port = channel.localAddress?.port ?? configuration.port
  }

  /// Threads that live as long as the listener.
  private struct Resources {
    let group: MultiThreadedEventLoopGroup
    let pool: NIOThreadPool
    let unfinished = PendingWork()

    init(threads: Int, storeThreads: Int) {
      group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
      pool = NIOThreadPool(numberOfThreads: storeThreads)
      pool.start()
    }

    func shutDown() async {
      try? await pool.shutdownGracefully()
      await unfinished.wait()
      try? await group.shutdownGracefully()
    }
  }

  /// Starts listening.
  ///
  /// - Parameters:
  ///   - store: where instances go.
  ///   - rules: what is taken in from now on; nil takes the configuration's.
  ///   - nodes: the modalities that are known from now on; nil takes the configuration's.
  ///   - threads: event loops; one serves many associations.
  /// - Throws: `NetError` for a value that is not allowed, a port in use or without the right to it.
  public static func start(
    _ configuration: DICOMListenerConfiguration, store: any InstanceStore, rules: ReceptionRules? = nil,
    nodes: KnownNodes? = nil, logger: Logger, threads: Int = 1
  ) async throws(NetError) -> DICOMListener {
    try configuration.validate()
    let rules = rules ?? ReceptionRules(configuration)
    let nodes = nodes ?? KnownNodes(modalities: configuration.modalities, peers: [])
    let resources = Resources(threads: max(1, threads), storeThreads: configuration.storeThreads)
    let registry = AssociationRegistry(maximumAssociations: configuration.maximumAssociations)
    let environment = ListenerEnvironment(
      configuration: configuration,
      access: await AccessControl(configuration, nodes, resources.pool),
      services: services(
        rules,
        StorageSCP(store: store, pool: resources.pool, unfinished: resources.unfinished, logger: logger)),
      rules: rules, registry: registry, logger: logger)
    do throws(NetError) {
      let channel = try await bind(bootstrap(resources.group, environment), configuration)
      let listener = DICOMListener(
        configuration: configuration, registry: registry, resources: resources, channel: channel,
        logger: logger)
      logger.info("DICOM listener \(configuration.aeTitle) on port \(listener.port)")
      return listener
    } catch {
      await resources.shutDown()
      throw error
    }
  }

  /// A look at the associations and counters; cheap.
  public func status() -> ListenerStatus { registry.status(aeTitle: configuration.aeTitle, port: port) }

  /// Aborts one association. Nothing happens where it has ended already.
  public func drop(association id: Int) { registry.end(id) }

  /// Takes no new associations, lets running ones finish the message under way for at most so long, aborts
  /// the rest, and returns when every connection is closed and nothing more goes to the store.
  public func stop(graceSeconds: Double = 5) async {
    try? await channel.close()
    let futures = registry.endAll(afterMessage: true)
    let registry = registry
    let limit = group.any().scheduleTask(in: .milliseconds(Int64(graceSeconds * 1000))) {
      _ = registry.endAll(afterMessage: false)
    }
    for future in futures { try? await future.get() }
    limit.cancel()
    try? await pool.shutdownGracefully()
    await unfinished.wait()
    try? await group.shutdownGracefully()
    logger.info("DICOM listener on port \(port) stopped")
  }

  // MARK: parts

  private static func services(
    _ rules: ReceptionRules, _ storage: StorageSCP
  ) -> ServiceRegistry {
    var services = ServiceRegistry()
    services.register(VerificationSCP(), for: [VerificationSCP.sopClass])
    services.register(storage, for: StorageSOPClasses.names.keys)
    services.registerForUnknown(storage) { rules.acceptsUnknownSOPClasses }
    return services
  }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ environment: ListenerEnvironment
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(
          minimum: Limits.smallestReceiveBuffer, initial: Limits.smallestReceiveBuffer,
          maximum: Limits.largestReceiveBuffer)
      )
      .childChannelOption(
        .writeBufferWaterMark,
        value: .init(low: Limits.unsentBytes / 4, high: Limits.unsentBytes)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try attach(to: channel, environment) }
      }
  }

  private static func attach(to channel: any Channel, _ environment: ListenerEnvironment) throws {
    let id = environment.registry.connected(channel)
    channel.closeFuture.whenComplete { _ in environment.registry.disconnected(id) }
    let user = DIMSEAcceptor(
      id: id, address: HostAddresses.text(of: channel.remoteAddress), environment: environment,
      eventLoop: channel.eventLoop)
    let seconds = environment.configuration.timeoutSeconds
    let settings = UpperLayerHandler.Settings(
      maximumPDULength: environment.configuration.maximumPDULength,
      idleTime: seconds == 0 ? nil : .seconds(Int64(seconds)),
      artimTime: .seconds(Int64(environment.configuration.artimSeconds)))
    let handler = UpperLayerHandler(role: .acceptor, settings: settings, user: user)
    user.provider = handler
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  private static func bind(
    _ bootstrap: ServerBootstrap, _ configuration: DICOMListenerConfiguration
  ) async throws(NetError) -> any Channel {
    if configuration.host == "0.0.0.0" {
      do {
        return try await bootstrap.bind(host: "::", port: configuration.port).get()
      } catch let error as IOError where isWithoutIPv6(error) {
        // No IPv6 on this machine.
      } catch {
        throw bindError(error, configuration)
      }
    }
    do {
      return try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
    } catch {
      throw bindError(error, configuration)
    }
  }
}
