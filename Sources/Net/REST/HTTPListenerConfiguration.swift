/// How the HTTP server listens; names and meanings follow Orthanc's options.
public struct HTTPListenerConfiguration: Sendable {
  /// `HttpPort`; 0 is any free one.
  public var port = 8042
  /// `HttpBindAddresses`, or what `RemoteAccessAllowed` gives; none where only the Unix socket is listened on.
  public var hosts = ["127.0.0.1"]
  /// `RegisteredUsers` with their passwords; nil without authentication.
  public var users: [String: String]?
  /// `SslCertificate`: a PEM file with certificate and private key; nil without TLS.
  public var certificate: String?
  /// `SslMinimumProtocolVersion`: 3 is TLS 1.1, 4 is TLS 1.2, 5 is TLS 1.3.
  public var minimumTLSVersion = 4
  /// `SslCiphersAccepted`: names of OpenSSL; empty for the library's own.
  public var ciphers: [String] = []
  /// `SslTrustedClientCertificates`, where clients must show one (`SslVerifyPeers`).
  public var trustedClients: String?
  /// `HttpRequestTimeout`: seconds of silence after which a connection is closed.
  public var timeoutSeconds = 30
  /// `KeepAlive`: whether a connection serves several requests.
  public var keepsAlive = true
  /// `KeepAliveTimeout`: seconds that it waits for a further request; nil is as long as for the first.
  public var keepAliveSeconds: Int?
  /// The storage folder, for a Unix socket in it that this machine's own commands use; nil for none.
  public var socketFolder: String?
  /// Seconds over which a client's speed is watched.
  var speedSeconds = 60

  public init() {}
}
