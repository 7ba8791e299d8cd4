import Logging
import Store

/// The modalities and peers that are known by name, which may change while everything runs: those of the configuration,
/// or those that the archive keeps.
public final class KnownNodes: Sendable {
  let modalities: NodeTable<KnownModality>
  let peers: NodeTable<KnownPeer>

  /// What the archive keeps.
  public struct Kept: Equatable, Sendable {
    /// `DicomModalitiesInDatabase`.
    public var modalities = false
    /// `OrthancPeersInDatabase`.
    public var peers = false

    public init(modalities: Bool = false, peers: Bool = false) {
      self.modalities = modalities
      self.peers = peers
    }
  }

  /// Changes last until the program ends.
  public init(modalities: [KnownModality], peers: [KnownPeer]) {
    self.modalities = NodeTable(modalities)
    self.peers = NodeTable(peers)
  }

  /// Those that are given, or, for what the archive keeps, those that were set before, and none of the given ones, as
  /// with Orthanc. Throws `StoreError` when the archive can't be read.
  public init(
    modalities: [KnownModality], peers: [KnownPeer], kept: Kept, in archive: Archive, logger: Logger
  ) async throws(StoreError) {
    self.modalities =
      kept.modalities
      ? try await NodeTable(keptIn: archive, as: .modalities, logger: logger) : NodeTable(modalities)
    self.peers =
      kept.peers ? try await NodeTable(keptIn: archive, as: .peers, logger: logger) : NodeTable(peers)
  }
}
