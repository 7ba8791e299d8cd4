import DICOM
import Net

/// The options of the HTTP server.
enum HTTPOptions {
  struct Values {
    var listener: HTTPListenerConfiguration
    /// `HttpServerEnabled`.
    var isOn: Bool
    /// Whether a port was asked for: then nothing else will do.
    var isPortChosen: Bool
    var warnings: [String]
  }

  private static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

  /// Throws `ConfigurationError`, also for what would let everybody in from everywhere.
  static func read(
    _ reader: inout OptionReader, portOverride: Int?, absolute: (String) -> String
  ) throws(ConfigurationError) -> Values {
    var listener = HTTPListenerConfiguration()
    var values = Values(
      listener: listener, isOn: try reader.boolean("HttpServerEnabled", true),
      isPortChosen: portOverride != nil,
      warnings: [])
    if reader.has("HttpPort") { values.isPortChosen = true }
    let port = try reader.integer("HttpPort", listener.port, in: 0...65535)
    listener.port = portOverride ?? port
    listener.timeoutSeconds = try reader.integer("HttpRequestTimeout", 30, in: 0...86_400)
    listener.keepsAlive = try reader.boolean("KeepAlive", true)
    let patience = try reader.integer("KeepAliveTimeout", 0, in: 0...86_400)
    listener.keepAliveSeconds = patience == 0 ? nil : patience
    try security(&reader, &listener, &values, absolute)
    values.listener = listener
    return values
  }

  private static func security(
    _ reader: inout OptionReader, _ listener: inout HTTPListenerConfiguration, _ values: inout Values,
    _ absolute: (String) -> String
  ) throws(ConfigurationError) {
    let isRemote = try reader.boolean("RemoteAccessAllowed", false)
    let isAuthenticationSet = reader.has("AuthenticationEnabled")
    let isAuthenticated = try reader.boolean("AuthenticationEnabled", isRemote)
    let users = try users(&reader)
    let hosts = try reader.texts("HttpBindAddresses") ?? []
    listener.hosts = hosts.isEmpty ? [isRemote ? "0.0.0.0" : "127.0.0.1"] : hosts
    if let host = hosts.first(where: { !loopback.contains($0) }), !isRemote, values.isOn {
      throw ConfigurationError(
        "HttpBindAddresses has \"\(host)\", which others can reach, but RemoteAccessAllowed is false")
    }
    if isAuthenticated && values.isOn {
      if users.isEmpty {
        throw ConfigurationError(
          (isAuthenticationSet ? "AuthenticationEnabled is true" : "RemoteAccessAllowed is true")
            + ", but there are no RegisteredUsers. Name some, or set AuthenticationEnabled to false to let "
            + "everybody in")
      }
      listener.users = users
    } else if isRemote && values.isOn {
      values.warnings.append(
        "AuthenticationEnabled is false and RemoteAccessAllowed is true: whoever reaches the HTTP port may read and "
          + "delete everything")
    } else if !users.isEmpty && !isAuthenticationSet && values.isOn {
      values.warnings.append(
        "RegisteredUsers has no effect: set AuthenticationEnabled to true to ask for them (it is false unless "
          + "RemoteAccessAllowed is true)")
    }
    try tls(&reader, &listener, absolute)
  }

  private static func tls(
    _ reader: inout OptionReader, _ listener: inout HTTPListenerConfiguration, _ absolute: (String) -> String
  ) throws(ConfigurationError) {
    let isOn = try reader.boolean("SslEnabled", false)
    let certificate = try reader.text("SslCertificate")
    listener.minimumTLSVersion = try reader.integer("SslMinimumProtocolVersion", 4, in: 0...5)
    listener.ciphers = try reader.texts("SslCiphersAccepted") ?? []
    let verifies = try reader.boolean("SslVerifyPeers", false)
    let trusted = try reader.text("SslTrustedClientCertificates")
    guard isOn else {
      if verifies {
        throw ConfigurationError("SslVerifyPeers is true, but SslEnabled is false: nobody would be asked")
      }
      return
    }
    guard let certificate, !certificate.isEmpty else {
      throw ConfigurationError(
        "SslEnabled is true, but SslCertificate is missing: a PEM file with a certificate and its private key"
      )
    }
    listener.certificate = absolute(certificate)
    if verifies {
      guard let trusted, !trusted.isEmpty else {
        throw ConfigurationError("SslVerifyPeers is true, but SslTrustedClientCertificates is missing")
      }
      listener.trustedClients = absolute(trusted)
    }
  }

  private static func users(_ reader: inout OptionReader) throws(ConfigurationError) -> [String: String] {
    var users: [String: String] = [:]
    for (name, value) in try reader.object("RegisteredUsers") {
      // Never the value itself: it may be the password.
      guard case .text(let password) = value, !name.isEmpty, !name.contains(":") else {
        throw ConfigurationError(
          "RegisteredUsers: each is a name without a colon, and its password as a text in quotes")
      }
      users[name] = password
    }
    return users
  }
}
