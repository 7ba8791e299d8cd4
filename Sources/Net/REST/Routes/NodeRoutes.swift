import DICOM
import Store

/// Modalities and peers that are known by name. What is set here holds until the program ends,
/// or lasts where the archive keeps it (`DicomModalitiesInDatabase`, `OrthancPeersInDatabase`).
enum NodeRoutes {
  static let routes =
    [
      Route(.get, "/modalities", "The known modalities: names, or with `expand` all about each.") {
        request, services in
        let modalities = services.nodes.modalities.all
        if !request.flag("expand") { return .json(.texts(modalities.map(\.name))) }
        return .json(
          .object(Dictionary(modalities.map { ($0.name, $0.json) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, "/modalities/{id}/configuration", "How a modality is reached, and what it may do.") {
        request, services in
        .json(try modality(request, services).json)
      },
      Route(.put, "/modalities/{id}", "Add a modality, or change it.") { request, services in
        try await services.nodes.modalities.set(try await node(request))
        return .written
      },
      Route(.delete, "/modalities/{id}", "Forget a modality.") { request, services in
        let name = request.parameter("id")
        if try await services.nodes.modalities.remove(name) { return .written }
        throw RESTError(.inexistentItem, "Unknown DICOM modality with symbolic name: \(name)")
      },
      Route(.get, "/peers", "The known peers: names, or with `expand` all about each.") { request, services in
        let peers = services.nodes.peers.all
        if !request.flag("expand") { return .json(.texts(peers.map(\.name))) }
        return .json(.object(Dictionary(peers.map { ($0.name, $0.json) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, "/peers/{id}/configuration", "How a peer is reached; never its password.") {
        request, services in
        guard let peer = services.nodes.peers[request.parameter("id")] else {
          throw RESTError(.inexistentItem, "No peer with symbolic name: \(request.parameter("id"))")
        }
        return .json(peer.json)
      },
      Route(.put, "/peers/{id}", "Add a peer, or change it.") { request, services in
        try await services.nodes.peers.set(try await node(request))
        return .written
      },
      Route(.delete, "/peers/{id}", "Forget a peer.") { request, services in
        let name = request.parameter("id")
        if try await services.nodes.peers.remove(name) { return .written }
        throw RESTError(.inexistentItem, "Unknown Orthanc peer: \(name)")
      },
      Route(.get, "/queries", "The queries to modalities that are kept: none yet.") { _, _ in
        .json(.array([]))
      },
    ] + queries

  /// Nobody can make a query before C-FIND is there: none of them exists.
  private static let queries = [
    Route(.get, "/queries/{id}", "What can be asked of a query.") { _, _ in throw RESTError(.unknownResource)
    },
    Route(.delete, "/queries/{id}", "Forget a query.") { _, _ in throw RESTError(.unknownResource) },
  ]

  /// The modality or the peer of the path, as the body has it.
  private static func node<Node: KnownNode>(_ request: RESTRequest) async throws -> Node {
    guard let json = try await request.json() else { throw RESTError(.badFileFormat) }
    do throws(NodeFault) {
      return try Node(name: request.parameter("id"), json: json)
    } catch {
      let subject = error.member.map { "\($0) is not allowed" } ?? "the body is not allowed"
      throw RESTError(.badFileFormat, "\(subject): allowed is \(error.allowed)")
    }
  }

  private static func modality(_ request: RESTRequest, _ services: RESTServices) throws -> KnownModality {
    let name = request.parameter("id")
    guard let modality = services.nodes.modalities[name] else {
      throw RESTError(.inexistentItem, "No modality with symbolic name: \(name)")
    }
    return modality
  }
}
