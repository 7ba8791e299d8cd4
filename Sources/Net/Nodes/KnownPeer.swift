import DICOM

/// Another Orthanc or Filmroom, reached over HTTP (Orthanc's `OrthancPeers`).
public struct KnownPeer: Hashable, KnownNode, Sendable {
  static let property = "peers"

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

  /// As Orthanc writes it: a list of URL, user and password, or an object.
  public init(name: String, json: JSONValue) throws(NodeFault) {
    self.init(name: name, url: "")
    let fault = NodeFault(
      json,
      allowed: "[ \"http://host:port/\" ], the same with user and password, or an object with Url")
    switch json {
    case .array(let items):
      let texts = items.compactMap { item in if case .text(let text) = item { text } else { nil } }
      guard texts.count == items.count, [1, 3].contains(items.count) else { throw fault }
      url = texts[0]
      if texts.count == 3 { (username, password) = (texts[1], texts[2]) }
    case .object(let members):
      guard case .text(let address)? = members["Url"] else { throw fault }
      url = address
      if case .text(let text)? = members["Username"] { username = text }
      if case .text(let text)? = members["Password"] { password = text }
      if case .number(let seconds)? = members["Timeout"], seconds >= 0, seconds < 1e6 {
        timeout = Int(seconds)
      }
      if case .object(let fields)? = members["HttpHeaders"] {
        headers = fields.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
      }
    case .null, .boolean, .number, .text: throw fault
    }
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw fault }
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

  /// With the password, and what the headers say.
  var keptJSON: JSONValue {
    guard case .object(var members) = json else { return json }
    if !password.isEmpty { members["Password"] = .text(password) }
    members["HttpHeaders"] = .object(headers.mapValues { .text($0) })
    return .object(members)
  }
}
