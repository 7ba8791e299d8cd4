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
  /// Files that show it who we are, and the key's password, by Orthanc's names for them.
  public var certificate: [String: String] = [:]
  /// Whether that is on a card instead (`Pkcs11`).
  public var usesCard = false
  /// What else its owner keeps with it, as Orthanc lets plugins.
  public var properties: [String: String] = [:]

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
    case .object(let members): try read(NodeMembers(members), otherwise: fault)
    case .null, .boolean, .number, .text: throw fault
    }
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw fault }
    if !url.hasSuffix("/") { url += "/" }
  }

  private static let certificateMembers = ["CertificateFile", "CertificateKeyFile", "CertificateKeyPassword"]
  private static let known = Set(
    ["Url", "Username", "Password", "HttpHeaders", "Timeout", "Pkcs11"] + certificateMembers)

  private mutating func read(_ members: NodeMembers, otherwise fault: NodeFault) throws(NodeFault) {
    guard case .text(let address)? = members["Url"] else { throw fault }
    url = address
    username = try members.text("Username")
    password = try members.text("Password")
    headers = try members.texts("HttpHeaders")
    timeout = try members.seconds("Timeout")
    for name in Self.certificateMembers {
      let text = try members.text(name)
      if !text.isEmpty { certificate[name] = text }
    }
    usesCard = try members.boolean("Pkcs11", otherwise: false)
    properties = members.texts(except: Self.known)
  }

  /// Without the passwords, and without what the headers say.
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "Url": .text(url), "HttpHeaders": .texts(headers.keys.sorted()), "Pkcs11": .boolean(usesCard),
      "Timeout": .number(timeout),
    ]
    if !username.isEmpty || !password.isEmpty {
      members["Username"] = .text(username)
      members["Password"] = .null
    }
    for (name, text) in certificate {
      members[name] = name == "CertificateKeyPassword" ? .null : .text(text)
    }
    members.merge(properties.mapValues { .text($0) }) { own, _ in own }
    return .object(members)
  }

  /// With the passwords, and what the headers say.
  var keptJSON: JSONValue {
    guard case .object(var members) = json else { return json }
    if members["Password"] != nil { members["Password"] = .text(password) }
    for (name, text) in certificate { members[name] = .text(text) }
    members["HttpHeaders"] = .object(headers.mapValues { .text($0) })
    return .object(members)
  }
}
