/// Who may ask for what, as Orthanc decides it: a right is open to everybody, or to known modalities that
/// have it. A pure decision over the configuration and the modalities.
struct AccessPolicy: Sendable {
  var alwaysAllowed: Set<ServiceRight>
  var modalities: [KnownModality]
  var strictAETComparison: Bool
  /// Nil where the host is not checked; otherwise the addresses of each host name.
  var addresses: [String: Set<String>]?

  init(
    _ configuration: DICOMListenerConfiguration, modalities: [KnownModality],
    addresses: [String: Set<String>]?
  ) {
    alwaysAllowed = []
    if configuration.alwaysAllowEcho { alwaysAllowed.insert(.echo) }
    if configuration.alwaysAllowStore { alwaysAllowed.insert(.store) }
    self.modalities = modalities
    strictAETComparison = configuration.strictAETComparison
    self.addresses = addresses
  }

  func allows(_ right: ServiceRight, callingAET: String, address: String) -> Bool {
    alwaysAllowed.contains(right)
      || modalities.contains { modality in
        modality.rights.contains(right)
          && AETitle.matches(modality.aeTitle, callingAET, strict: strictAETComparison)
          && isHost(modality.host, at: address)
      }
  }

  /// Whether a caller has the title of a known modality, but calls from elsewhere: the log then says so, as the
  /// title itself would look right.
  func isAwayFromHome(callingAET: String, address: String) -> Bool {
    let namesakes = modalities.filter {
      AETitle.matches($0.aeTitle, callingAET, strict: strictAETComparison)
    }
    return !namesakes.isEmpty && !namesakes.contains { isHost($0.host, at: address) }
  }

  private func isHost(_ host: String, at address: String) -> Bool {
    guard let addresses else { return true }
    return host == address || addresses[host, default: []].contains(address)
  }
}
