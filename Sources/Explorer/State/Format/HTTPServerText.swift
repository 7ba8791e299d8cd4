/// The HTTP server in words.
enum HTTPServerText {
  /// For the header: `https:8042`.
  static func short(_ server: HTTPServerStatus) -> String { "\(scheme(server)):\(server.port)" }

  /// Everything: `REST API https://127.0.0.1:8042, 2 users, 12 requests/s`.
  static func full(_ server: HTTPServerStatus, of service: ServiceStatus) -> String {
    let addresses = server.hosts.map { "\(scheme(server))://\(host($0, of: service)):\(server.port)" }
    var parts = ["REST API " + addresses.joined(separator: " and ")]
    parts.append(server.users.map { NumberText.count($0, "user") } ?? "no authentication")
    if server.requestsPerSecond > 0 {
      parts.append(NumberText.count(server.requestsPerSecond, "request") + "/s")
    }
    return parts.joined(separator: ", ")
  }

  private static func scheme(_ server: HTTPServerStatus) -> String { server.isSecure ? "https" : "http" }

  /// Where it is bound to every address, this machine as others would call it.
  private static func host(_ host: String, of service: ServiceStatus) -> String {
    if ["0.0.0.0", "::"].contains(host) {
      return service.hostName.isEmpty ? service.addresses.first ?? host : service.hostName
    }
    return host.contains(":") ? "[\(host)]" : host
  }
}
