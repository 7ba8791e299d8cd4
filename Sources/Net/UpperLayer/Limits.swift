/// Every size, count and time that a peer controls, with what crossing it leads to.
///
/// "Abort" is an A-ABORT of the service provider with the named reason (PS3.8 §9.3.8); before the
/// association is established the same fault is answered with source 0, reason 0 (action AA-1).
public enum Limits {
  /// Bytes of an A-ASSOCIATE PDU after its header. Abort: invalid PDU parameter value (6).
  public static let associatePDU = 1 << 20

  /// Smallest body of an A-ASSOCIATE PDU: version, titles and reserved bytes (PS3.8 §9.3.2). Abort: 6.
  static let associateFixedPart = 68

  /// Bytes that a P-DATA-TF PDU may be longer than we advertised: some peers count the headers
  /// otherwise than the standard. Abort: 6.
  public static let dataPDUSlack = 4096

  /// The range of our own maximum PDU length, as Orthanc has it.
  public static let maximumPDULength = 4096...131_072

  /// Peers that take PDUs of any length still get them no longer than this.
  static let sentPDULength = 131_072

  /// Smallest maximum PDU length of a peer that leaves room for two bytes of a fragment; below it (but
  /// not 0, which is "unlimited") the association is aborted.
  static let smallestPeerPDULength: UInt32 = 8

  /// Bytes read from a socket at once: a connection that says little holds little, one that sends images reads in
  /// large pieces.
  static let smallestReceiveBuffer = 4096
  static let largestReceiveBuffer = 256 << 10

  /// Presentation contexts of one association: the odd numbers from 1 to 255. Abort: 6.
  public static let presentationContexts = 128

  /// Transfer syntaxes proposed in one presentation context. Abort: 6.
  public static let transferSyntaxesPerContext = 1000

  /// Bytes of one command set (PS3.7 §6.3). The standard's longest is far below 4 KiB. Abort: 6.
  public static let commandSet = 64 << 10

  /// Requests that wait behind the one being served; further ones stay in the socket.
  public static let waitingRequests = 16

  /// Bytes of one association's data sets that wait for the archive; past it nothing is read from the
  /// socket until the archive has caught up.
  public static let waitingBytes = 1 << 20

  /// A data set up to so many bytes is handed to the archive where it was received, without a thread of its own.
  public static let inlineInstance = 32 << 10

  /// Bytes of answers that a peer hasn't taken yet; past it no further request is served.
  static let unsentBytes = 256 << 10

  /// Connections without an association yet, beyond the associations themselves. When one more comes,
  /// the one that has said nothing for longest is closed.
  public static let waitingConnections = 400

  /// Seconds from connecting to a complete A-ASSOCIATE-RQ, or fewer where the configured time-out is
  /// shorter (ARTIM, PS3.8 §9.1.5). The connection is closed.
  public static let associationRequestSeconds = 30

  /// Milliseconds that a connection stays half open after our A-ABORT or A-ASSOCIATE-RJ: closing at once
  /// with unread bytes would reset the connection, and the peer would never see why.
  public static let lingerMilliseconds = 800

  /// Characters of an Error Comment (PS3.7 §C.4.2, LO).
  static let errorComment = 64
}
