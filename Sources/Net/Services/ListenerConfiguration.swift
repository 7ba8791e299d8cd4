import DICOM

/// How the DICOM listener behaves; names and meanings follow Orthanc's options.
public struct DICOMListenerConfiguration: Sendable {
  /// `DicomAet`: at most 16 characters.
  public var aeTitle = "FILMROOM"
  /// `DicomPort`; 0 is any free one.
  public var port = 4242
  /// The address to listen on. `0.0.0.0` means every address of the machine, IPv6 included where there is any.
  public var host = "0.0.0.0"
  /// `MaximumPduLength`, 4096 to 131072 bytes: the longest P-DATA-TF PDU that we take.
  public var maximumPDULength = 16384
  /// Associations open at once; the next one is rejected as "local limit exceeded".
  public var maximumAssociations = 100
  /// `DicomScpTimeout`, seconds of silence after which an association is aborted; 0 is never.
  public var timeoutSeconds = 30
  /// `AcceptedTransferSyntaxes`: UIDs in which `*` stands for anything.
  public var acceptedTransferSyntaxes = ["1.2.840.10008.1.*"]
  /// Chosen first where proposed and accepted; otherwise the proposer's order counts.
  public var preferredTransferSyntaxes: [UID] = []
  /// `UnknownSopClassAccepted`: whether any SOP class may be stored.
  public var unknownSOPClassAccepted = false
  /// `DicomCheckCalledAet`: whether peers must call us by our own title.
  public var checkCalledAET = false
  /// `StrictAetComparison`: whether upper and lower case differ in titles.
  public var strictAETComparison = false
  /// `DicomCheckModalityHost`: whether a known modality must call from its own host.
  public var checkModalityHost = false
  /// `DicomAlwaysAllowEcho`: C-ECHO from modalities that are not known, too.
  public var alwaysAllowEcho = true
  /// `DicomAlwaysAllowStore`: C-STORE from modalities that are not known, too.
  public var alwaysAllowStore = true
  /// `DicomModalities`.
  public var modalities: [KnownModality] = []
  /// Threads that write to the archive, so that several associations' disk syncs run side by side.
  public var storeThreads = 8

  public init() {}

  /// Seconds from connecting to a complete A-ASSOCIATE-RQ (ARTIM, PS3.8 §9.1.5). Patience with an association that
  /// stands is no reason to wait as long for one that never comes.
  var artimSeconds: Int {
    let longest = Limits.associationRequestSeconds
    return timeoutSeconds == 0 ? longest : min(timeoutSeconds, longest)
  }

  /// - Throws: `NetError` with a sentence for the first value that is not allowed.
  public func validate() throws(NetError) {
    func check(_ isAllowed: Bool, _ sentence: String) throws(NetError) {
      guard isAllowed else { throw NetError(.badConfiguration, sentence) }
    }
    try check(
      AETitle.isValid(aeTitle) && !aeTitle.contains("\\"),
      "The AE title “\(aeTitle)” is not allowed: 1 to 16 letters, digits or other plain characters.")
    try check((0...65535).contains(port), "The DICOM port \(port) is not allowed: 0 to 65535.")
    try check(
      Limits.maximumPDULength.contains(maximumPDULength),
      "A maximum PDU length of \(maximumPDULength) is not allowed: 4096 to 131072.")
    try check(
      (1...10_000).contains(maximumAssociations),
      "\(maximumAssociations) associations at once are not allowed: 1 to 10000.")
    try check(
      (0...86_400).contains(timeoutSeconds),
      "A DICOM time-out of \(timeoutSeconds) s is not allowed: 0 (never) to 86400.")
    try check((1...256).contains(storeThreads), "\(storeThreads) store threads are not allowed: 1 to 256.")
  }
}
