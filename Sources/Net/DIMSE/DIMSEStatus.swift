import DICOM

/// A status of a DIMSE response (PS3.7 Annex C, PS3.4 §B.2.3).
public struct DIMSEStatus: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let success = DIMSEStatus(rawValue: 0x0000)
  public static let invalidAttributeValue = DIMSEStatus(rawValue: 0x0106)
  public static let processingFailure = DIMSEStatus(rawValue: 0x0110)
  public static let invalidSOPInstance = DIMSEStatus(rawValue: 0x0117)
  public static let missingAttribute = DIMSEStatus(rawValue: 0x0120)
  public static let sopClassNotSupported = DIMSEStatus(rawValue: 0x0122)
  public static let notAuthorized = DIMSEStatus(rawValue: 0x0124)
  public static let unrecognizedOperation = DIMSEStatus(rawValue: 0x0211)
  public static let outOfResources = DIMSEStatus(rawValue: 0xA700)
  public static let dataSetMismatch = DIMSEStatus(rawValue: 0xA900)
  public static let cannotUnderstand = DIMSEStatus(rawValue: 0xC000)
  public static let cancelled = DIMSEStatus(rawValue: 0xFE00)
  public static let pending = DIMSEStatus(rawValue: 0xFF00)
  public static let pendingWithWarning = DIMSEStatus(rawValue: 0xFF01)

  /// Done, perhaps with a warning (PS3.7 §C.1, Annex C.4).
  public var isSuccessOrWarning: Bool {
    switch rawValue {
    case 0x0000, 0x0001, 0x0107, 0x0116, 0xB000...0xBFFF: true
    default: false
    }
  }

  public var isPending: Bool { self == .pending || self == .pendingWithWarning }
}

extension DIMSEStatus: CustomStringConvertible {
  public var description: String {
    let digits = String(rawValue, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// A status with what explains it to the peer (PS3.7 §C.4, §C.5).
struct DIMSEOutcome: Equatable, Sendable {
  var status: DIMSEStatus
  /// Cut to 64 characters of the default repertoire on the wire.
  var comment: String?
  var offendingElement: Tag?

  init(_ status: DIMSEStatus, _ comment: String? = nil, offendingElement: Tag? = nil) {
    self.status = status
    self.comment = comment
    self.offendingElement = offendingElement
  }

  func write(to command: inout CommandSet) {
    command.set(.status, status.rawValue)
    if let offendingElement { command.set(.offendingElement, offendingElement) }
    if let comment {
      // The archive's sentences have arrows between tags.
      let arrowless = comment.replacing("›", with: ">")
      let plain = arrowless.unicodeScalars.prefix(Limits.errorComment).map { scalar in
        (0x20...0x7E).contains(scalar.value) && scalar != "\\" ? Character(scalar) : "?"
      }
      command.set(.errorComment, String(plain))
    }
  }
}
