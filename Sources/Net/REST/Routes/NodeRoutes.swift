import DICOM
import Store

/// Modalities and peers that are known by name. What is set here holds until the program ends; the configuration file has
/// the lasting ones.
enum NodeRoutes {
  static let routes =
    [
      Route(.get, "/modalities", "The known modalities: names, or with `expand` all about each.") {
        request, services in
        let modalities = services.nodes.modalities
        if !request.flag("expand") { return .json(.texts(modalities.map(\.name))) }
        return .json(
          .object(Dictionary(modalities.map { ($0.name, $0.json) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, "/modalities/{id}/configuration", "How a modality is reached, and what it may do.") {
        request, services in
        .json(try modality(request, services).json)
      },
      Route(.put, "/modalities/{id}", "Add a modality, or change it.") { request, services in
        guard let json = try await request.json(),
          let modality = KnownModality(name: request.parameter("id"), json: json)
        else { throw RESTError(.badFileFormat) }
        services.nodes.set(modality)
        return .written
      },
      Route(.delete, "/modalities/{id}", "Forget a modality.") { request, services in
        services.nodes.removeModality(request.parameter("id"))
        return .written
      },
      Route(.get, "/peers", "The known peers: names, or with `expand` all about each.") { request, services in
        let peers = services.nodes.peers
        if !request.flag("expand") { return .json(.texts(peers.map(\.name))) }
        return .json(.object(Dictionary(peers.map { ($0.name, $0.json) }, uniquingKeysWith: { $1 })))
      },
      Route(.get, "/peers/{id}/configuration", "How a peer is reached; never its password.") {
        request, services in
        guard let peer = services.nodes.peer(request.parameter("id")) else {
          throw RESTError(.inexistentItem, "No peer with symbolic name: \(request.parameter("id"))")
        }
        return .json(peer.json)
      },
      Route(.put, "/peers/{id}", "Add a peer, or change it.") { request, services in
        guard let json = try await request.json(),
          let peer = KnownPeer(name: request.parameter("id"), json: json)
        else { throw RESTError(.badFileFormat) }
        services.nodes.set(peer)
        return .written
      },
      Route(.delete, "/peers/{id}", "Forget a peer.") { request, services in
        services.nodes.removePeer(request.parameter("id"))
        return .written
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

  private static func modality(_ request: RESTRequest, _ services: RESTServices) throws -> KnownModality {
    let name = request.parameter("id")
    guard let modality = services.nodes.modality(name) else {
      throw RESTError(.inexistentItem, "No modality with symbolic name: \(name)")
    }
    return modality
  }
}

extension KnownModality {
  /// As Orthanc writes it: a list of AE title, host, port and perhaps manufacturer, or an object. Nil for anything else.
  public init?(name: String, json: JSONValue) {
    var rights = Set(ServiceRight.allCases)
    let parts: (JSONValue?, JSONValue?, JSONValue?)
    switch json {
    case .array(let items) where (3...4).contains(items.count): parts = (items[0], items[1], items[2])
    case .object(let members):
      parts = (members["AET"], members["Host"], members["Port"])
      for right in ServiceRight.allCases {
        switch members[right.rawValue] {
        case nil, .boolean(true)?: break
        case .boolean(false)?: rights.remove(right)
        default: return nil
        }
      }
    default: return nil
    }
    guard case .text(let title)? = parts.0, AETitle.isValid(title), case .text(let host)? = parts.1,
      !host.isEmpty
    else { return nil }
    let number: Double? =
      switch parts.2 {
      case .number(let number)?: number
      case .text(let text)?: Double(text)
      default: nil
      }
    guard let number, number == number.rounded(), (1...65535).contains(number) else { return nil }
    self.init(name: name, aeTitle: title, host: host, port: Int(number), rights: rights)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "AET": .text(aeTitle), "Host": .text(host), "Port": .number(port), "Manufacturer": .text("Generic"),
      "LocalAet": .text(""), "Timeout": .number(0), "UseDicomTls": .boolean(false),
      "AllowTranscoding": .boolean(true),
    ]
    for right in [ServiceRight.echo, .store, .find, .findWorklist, .get, .move] {
      members[right.rawValue] = .boolean(rights.contains(right))
    }
    let mayCommit = JSONValue.boolean(rights.contains(.storageCommitment))
    members["AllowNAction"] = mayCommit
    members["AllowEventReport"] = mayCommit
    return .object(members)
  }
}
