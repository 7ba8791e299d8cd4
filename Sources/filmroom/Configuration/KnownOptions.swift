import DICOM

/// Options that protect people's data and that this version does not act on yet: rather no start than one that
/// only seems protected.
enum ProtectiveOptions {
  static func check(_ options: [String: JSONValue]) throws(ConfigurationError) {
    if try isTrue("DicomTlsEnabled", options) {
      throw ConfigurationError(
        "DicomTlsEnabled is true, but this version has no DICOM TLS yet: it would listen unprotected. "
          + "Remove the option to start all the same")
    }
  }

  /// A value of another kind might be meant as true: it stops the start.
  private static func isTrue(
    _ name: String, _ options: [String: JSONValue]
  ) throws(ConfigurationError) -> Bool {
    switch options[name] {
    case nil, .null: return false
    case .boolean(let value): return value
    case .some(let value): throw ConfigurationError(option: name, value: value, allowed: "true or false")
    }
  }
}

/// Options that Orthanc knows and that this version does not act on.
enum KnownOptions {
  static func warnings(for remaining: [String], _ options: [String: JSONValue]) -> [String] {
    // Options whose protective value stopped the start; here they ask for nothing.
    let harmless: Set<String> = ["DicomTlsEnabled"]
    let names = remaining.filter { !harmless.contains($0) }
    let known = names.filter { orthanc.contains($0) }
    let unknown = names.filter { !orthanc.contains($0) }
    var warnings: [String] = []
    if !known.isEmpty {
      warnings.append(
        "options of the configuration that have no effect yet: \(known.joined(separator: ", "))")
    }
    if !unknown.isEmpty {
      warnings.append("unknown options in the configuration: \(unknown.joined(separator: ", "))")
    }
    if options["SyncStorageArea"] == .boolean(false) {
      warnings.append("SyncStorageArea is false, but what is acknowledged is always synced to the disk")
    }
    return warnings
  }

  /// Orthanc's options that this version does not act on.
  static let orthanc: Set<String> = [
    "MaximumStorageCacheSize", "LuaScripts", "LuaHeartBeatPeriod", "Plugins",
    "JobsEngineThreadsCount", "OrthancExplorerEnabled", "WebDavEnabled", "WebDavDeleteAllowed",
    "WebDavUploadAllowed", "DicomTlsCertificate",
    "DicomTlsPrivateKey", "DicomTlsTrustedCertificates", "DicomTlsRemoteCertificateRequired",
    "DicomTlsMinimumProtocolVersion", "DicomTlsCiphersAccepted", "DicomAlwaysAllowFind",
    "DicomAlwaysAllowFindWorklist", "DicomAlwaysAllowGet", "DicomAlwaysAllowMove",
    "DicomEchoChecksFind", "DicomScuTimeout", "DicomScuPreferredTransferSyntax", "DicomThreadsCount",
    "HttpProxy", "HttpVerbose", "HttpTimeout", "HttpsVerifyPeers",
    "HttpsCACertificates",
    "TcpNoDelay", "HttpThreadsCount", "StoreDicom",
    "DicomAssociationCloseDelay", "QueryRetrieveSize", "Pkcs11", "LoadPrivateDictionary",
    "ExternalDictionaries", "SynchronousCMove",
    "StorageCommitmentReportsSize", "TranscodeDicomProtocol",
    "BuiltinDecoderTranscoderOrder",
    "IngestTranscoding", "IngestTranscodingOfUncompressed", "IngestTranscodingOfCompressed",
    "DicomLossyTranscodingQuality", "SyncStorageArea", "MallocArenaMax", "DeidentifyLogs",
    "DeidentifyLogsDicomVersion", "SynchronousZipStream",
    "ZipLoaderThreads", "Warnings",
  ]
}
