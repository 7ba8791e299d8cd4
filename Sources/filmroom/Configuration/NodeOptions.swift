import DICOM
import Net

/// `DicomModalities`: `[AET, host, port]`, perhaps with a manufacturer, or an object with rights.
enum ModalityOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [KnownModality] {
    var modalities: [KnownModality] = []
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      do throws(NodeFault) {
        modalities.append(try KnownModality(name: name, json: value))
      } catch {
        let member = error.member.map { "." + $0 } ?? ""
        throw ConfigurationError(
          option: "DicomModalities.\(name)\(member)", value: error.value, allowed: error.allowed)
      }
    }
    return modalities
  }

  /// Members of modalities that nobody acts on.
  static func warnings(_ value: JSONValue?) -> [String] {
    guard case .object(let modalities) = value else { return [] }
    return modalities.sorted(by: { $0.key < $1.key }).flatMap { name, modality in
      KnownModality.warnings(modality).map { member, isKnown in
        let option = "DicomModalities.\(name).\(member)"
        return isKnown ? "\(option) has no effect yet" : "unknown option \(option)"
      }
    }
  }
}

/// `OrthancPeers`: `[url, user, password]`, or an object.
enum PeerOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [KnownPeer] {
    var peers: [KnownPeer] = []
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      do throws(NodeFault) {
        peers.append(try KnownPeer(name: name, json: value))
      } catch {
        // Never the value itself: the password may stand in it.
        let member = error.member.map { "." + $0 } ?? ""
        throw ConfigurationError("OrthancPeers.\(name)\(member) must be \(error.allowed)")
      }
    }
    return peers
  }
}

/// `DicomModalitiesInDatabase` and `OrthancPeersInDatabase`.
enum KeptNodesOption {
  static func read(_ reader: inout OptionReader) throws(ConfigurationError) -> KnownNodes.Kept {
    KnownNodes.Kept(
      modalities: try reader.boolean("DicomModalitiesInDatabase", false),
      peers: try reader.boolean("OrthancPeersInDatabase", false))
  }

  /// Nodes of the file that don't count, as with Orthanc.
  static func warnings(_ kept: KnownNodes.Kept, _ options: [String: JSONValue]) -> [String] {
    func sentence(_ isKept: Bool, _ option: String, _ cause: String, _ path: String) -> String? {
      guard isKept, case .object(let nodes)? = options[option], !nodes.isEmpty else { return nil }
      return "\(option) has no effect, since \(cause) is true: set them by PUT \(path)/NAME"
    }
    return [
      sentence(kept.modalities, "DicomModalities", "DicomModalitiesInDatabase", "/modalities"),
      sentence(kept.peers, "OrthancPeers", "OrthancPeersInDatabase", "/peers"),
    ].compactMap { $0 }
  }
}
