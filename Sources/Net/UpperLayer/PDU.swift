import NIOCore

/// The kinds of PDU, with their number on the wire (PS3.8 §9.3.1).
enum PDUType: UInt8, CaseIterable, Sendable {
  case associateRequest = 1
  case associateAccept = 2
  case associateReject = 3
  case data = 4
  case releaseRequest = 5
  case releaseReply = 6
  case abort = 7
}

/// A piece of a presentation data value: all of it, or what has arrived (PS3.8 §9.3.5.1). The bytes are a
/// slice of what was read from the socket.
struct PDVPiece: Equatable, Sendable {
  var contextID: UInt8
  var isCommand: Bool
  /// These are the last bytes of the command or data set.
  var isLast: Bool
  var bytes: ByteBuffer
}

/// A-ABORT (PS3.8 §9.3.8). Source 0 is the service user, 2 the service provider.
struct AbortPDU: Equatable, Sendable, CustomStringConvertible {
  var source: UInt8
  var reason: UInt8

  var description: String { "source \(source), reason \(reason)" }
}

/// A PDU as the decoder hands it out: whole, but for P-DATA, which comes in pieces.
enum ReceivedPDU: Equatable, Sendable {
  case associateRequest(AssociateRequest)
  case associateAccept(AssociateAccept)
  case associateReject(AssociateReject)
  case data(PDVPiece)
  case releaseRequest
  case releaseReply
  case abort(AbortPDU)
}

/// Item types inside A-ASSOCIATE PDUs (PS3.8 §9.3.2, PS3.7 Annex D.3.3).
enum ItemType {
  static let applicationContext: UInt8 = 0x10
  static let proposedContext: UInt8 = 0x20
  static let contextAnswer: UInt8 = 0x21
  static let abstractSyntax: UInt8 = 0x30
  static let transferSyntax: UInt8 = 0x40
  static let userInformation: UInt8 = 0x50
  static let maximumLength: UInt8 = 0x51
  static let implementationClass: UInt8 = 0x52
  static let operationsWindow: UInt8 = 0x53
  static let roleSelection: UInt8 = 0x54
  static let implementationVersion: UInt8 = 0x55
  static let extendedNegotiation: UInt8 = 0x56
  static let commonExtendedNegotiation: UInt8 = 0x57
  static let userIdentity: UInt8 = 0x58
}
