import DICOM
import Synchronization

/// The modalities and peers that are known by name: those of the configuration, and those that came through REST.
public final class KnownNodes: Sendable {
  private struct State {
    var modalities: [String: KnownModality]
    var peers: [String: KnownPeer]
  }

  private let state: Mutex<State>

  public init(modalities: [KnownModality], peers: [KnownPeer]) {
    state = Mutex(
      State(
        modalities: Dictionary(modalities.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last }),
        peers: Dictionary(peers.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })))
  }

  /// By name.
  var modalities: [KnownModality] { state.withLock { $0.modalities.values.sorted { $0.name < $1.name } } }

  /// By name.
  var peers: [KnownPeer] { state.withLock { $0.peers.values.sorted { $0.name < $1.name } } }

  func modality(_ name: String) -> KnownModality? { state.withLock { $0.modalities[name] } }

  func peer(_ name: String) -> KnownPeer? { state.withLock { $0.peers[name] } }

  func set(_ modality: KnownModality) { state.withLock { $0.modalities[modality.name] = modality } }

  func set(_ peer: KnownPeer) { state.withLock { $0.peers[peer.name] = peer } }

  func removeModality(_ name: String) { state.withLock { $0.modalities[name] = nil } }

  func removePeer(_ name: String) { state.withLock { $0.peers[name] = nil } }
}

/// Another Orthanc or Filmroom, reached over HTTP (Orthanc's `OrthancPeers`).
public struct KnownPeer: Hashable, Sendable {
  public var name: String
  public var url: String
  public var username: String
  public var password: String
  public var headers: [String: String]
  /// Seconds; 0 is `HttpTimeout`.
  public var timeout: Int

  public init(
    name: String, url: String, username: String = "", password: String = "", headers: [String: String] = [:],
    timeout: Int = 0
  ) {
    self.name = name
    self.url = url
    self.username = username
    self.password = password
    self.headers = headers
    self.timeout = timeout
  }

  /// As Orthanc writes it: a list of URL, user and password, or an object. Nil for anything else.
  public init?(name: String, json: JSONValue) {
    self.init(name: name, url: "")
    switch json {
    case .array(let items):
      let texts = items.compactMap { item in if case .text(let text) = item { text } else { nil } }
      guard texts.count == items.count, [1, 3].contains(items.count) else { return nil }
      url = texts[0]
      if texts.count == 3 { (username, password) = (texts[1], texts[2]) }
    case .object(let members):
      guard case .text(let address)? = members["Url"] else { return nil }
      url = address
      if case .text(let text)? = members["Username"] { username = text }
      if case .text(let text)? = members["Password"] { password = text }
      if case .number(let seconds)? = members["Timeout"], seconds >= 0, seconds < 1e6 {
        timeout = Int(seconds)
      }
      if case .object(let fields)? = members["HttpHeaders"] {
        headers = fields.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
      }
    case .null, .boolean, .number, .text: return nil
    }
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return nil }
    if !url.hasSuffix("/") { url += "/" }
  }

  /// Without the password.
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "Url": .text(url), "HttpHeaders": .texts(headers.keys.sorted()), "Pkcs11": .boolean(false),
      "Timeout": .number(timeout),
    ]
    if !username.isEmpty { members["Username"] = .text(username) }
    return .object(members)
  }
}
