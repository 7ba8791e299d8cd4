import NIOPosix
import Synchronization

/// The access policy as it is now: modalities come and go while the listener runs.
final class AccessControl: Sendable {
  private let current: Mutex<AccessPolicy>

  init(_ policy: AccessPolicy) { current = Mutex(policy) }

  /// Follows the known modalities. Addresses of hosts, where they are checked, are asked for when a modality comes.
  init(_ configuration: DICOMListenerConfiguration, _ nodes: KnownNodes, _ pool: NIOThreadPool) async {
    current = Mutex(
      AccessPolicy(
        configuration, modalities: nodes.modalities.all,
        addresses: await Self.addresses(configuration, nodes.modalities.all, pool)))
    nodes.modalities.observe { [weak self] modalities in
      let addresses = await Self.addresses(configuration, modalities, pool)
      let policy = AccessPolicy(configuration, modalities: modalities, addresses: addresses)
      self?.current.withLock { $0 = policy }
    }
  }

  var policy: AccessPolicy { current.withLock { $0 } }

  private static func addresses(
    _ configuration: DICOMListenerConfiguration, _ modalities: [KnownModality], _ pool: NIOThreadPool
  ) async -> [String: Set<String>]? {
    guard configuration.checkModalityHost else { return nil }
    var result: [String: Set<String>] = [:]
    for host in Set(modalities.map(\.host)) {
      result[host] = (try? await pool.runIfActive { HostAddresses.resolve(host) }) ?? []
    }
    return result
  }
}
