/// The HTTP server with the REST API, as the explorer shows it.
public struct HTTPServerStatus: Equatable, Sendable {
  public var isSecure: Bool
  /// The addresses that it is bound to.
  public var hosts: [String]
  public var port: Int
  /// How many may sign in; nil without authentication.
  public var users: Int?
  /// Rounded up: 0 only when there were none for some seconds.
  public var requestsPerSecond: Int

  public init(isSecure: Bool, hosts: [String], port: Int, users: Int?, requestsPerSecond: Int = 0) {
    self.isSecure = isSecure
    self.hosts = hosts
    self.port = port
    self.users = users
    self.requestsPerSecond = requestsPerSecond
  }
}
