import NIOSSL

/// TLS of the HTTP server, from Orthanc's options.
enum HTTPSecurity {
  /// Throws `NetError` for a file that can't be read or is none.
  static func configuration(_ options: HTTPListenerConfiguration) throws(NetError) -> TLSConfiguration {
    let path = options.certificate ?? ""
    var tls: TLSConfiguration
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(path).map { NIOSSLCertificateSource.certificate($0) }
      let key = try NIOSSLPrivateKey(file: path, format: .pem)
      tls = .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    } catch {
      throw NetError(
        .badConfiguration,
        "SslCertificate \(path) can't be used: it must hold a certificate and its private key as PEM (\(error))"
      )
    }
    tls.minimumTLSVersion =
      switch options.minimumTLSVersion {
      case ..<3: .tlsv1
      case 3: .tlsv11
      case 4: .tlsv12
      default: .tlsv13
      }
    if !options.ciphers.isEmpty { tls.cipherSuites = options.ciphers.joined(separator: ":") }
    if let trusted = options.trustedClients {
      do {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(trusted))
      } catch {
        throw NetError(
          .badConfiguration, "SslTrustedClientCertificates \(trusted) holds no certificates as PEM (\(error))"
        )
      }
      tls.certificateVerification = .noHostnameVerification
    }
    return tls
  }
}
