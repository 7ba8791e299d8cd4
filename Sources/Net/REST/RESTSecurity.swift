import Crypto
import FoundationEssentials
import HTTPTypes

/// Who may ask: Basic authentication (RFC 7617), and no writes from another site's page.
struct RESTSecurity: Sendable {
  /// Names and the SHA-256 of passwords; nil lets everybody in.
  private let users: [String: [UInt8]]?

  /// - Parameter users: names and passwords (`RegisteredUsers`); nil without authentication.
  init(users: [String: String]?) {
    self.users = users?.mapValues { Self.digest($0) }
  }

  enum Refusal: Error, Equatable {
    case notAuthenticated
    case foreignSite

    var response: RESTResponse {
      switch self {
      case .notAuthenticated:
        RESTResponse.empty(401).with(.wwwAuthenticate, "Basic realm=\"Orthanc Secure Area\"")
      case .foreignSite: RESTResponse.empty(403)
      }
    }
  }

  /// Returns the user's name, empty without authentication.
  func admit(_ request: RESTRequest) throws(Refusal) -> String {
    let user = try authenticate(request.headers[.authorization])
    if request.method != .get && Self.isForeign(request.headers) { throw .foreignSite }
    return user
  }

  private func authenticate(_ header: String?) throws(Refusal) -> String {
    guard let users else { return "" }
    let (name, password) = header.flatMap(Self.credentials) ?? ("", "")
    // Compared even where there is no such user, and in a time that says nothing of where they differ.
    let known = users[name]
    let isSame = Self.areEqual(known ?? Self.digest("no such user"), Self.digest(password))
    guard known != nil, isSame else { throw .notAuthenticated }
    return name
  }

  /// Whether a browser sends it for a page of another site. Programs send neither header.
  static func isForeign(_ headers: HTTPFields) -> Bool {
    if let site = headers[HTTPField.Name("Sec-Fetch-Site")!], site != "same-origin" && site != "none" {
      return true
    }
    guard let origin = headers[.origin] else { return false }
    guard let host = headers[HTTPField.Name("Host")!] ?? headers[HTTPField.Name("X-Host")!] else {
      return true
    }
    let start = origin.firstRange(of: "://")?.upperBound ?? origin.startIndex
    return origin[start...].lowercased() != host.lowercased()
  }

  /// Who somebody says to be; empty where nobody is named.
  static func name(_ header: String?) -> String { header.flatMap(credentials)?.0 ?? "" }

  private static func credentials(_ header: String) -> (String, String)? {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let bytes = Data(base64Encoded: String(parts[1])),
      let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  private static func digest(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

  private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    var difference = UInt8(one.count == other.count ? 0 : 1)
    for (left, right) in zip(one, other) { difference |= left ^ right }
    return difference == 0
  }
}
