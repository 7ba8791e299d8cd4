/// The command field (0000,0100) (PS3.7 Annex E).
struct CommandField: RawRepresentable, Hashable, Sendable {
  var rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }

  static let cStoreRequest = CommandField(rawValue: 0x0001)
  static let cGetRequest = CommandField(rawValue: 0x0010)
  static let cFindRequest = CommandField(rawValue: 0x0020)
  static let cMoveRequest = CommandField(rawValue: 0x0021)
  static let cEchoRequest = CommandField(rawValue: 0x0030)
  static let nEventReportRequest = CommandField(rawValue: 0x0100)
  static let nGetRequest = CommandField(rawValue: 0x0110)
  static let nSetRequest = CommandField(rawValue: 0x0120)
  static let nActionRequest = CommandField(rawValue: 0x0130)
  static let nCreateRequest = CommandField(rawValue: 0x0140)
  static let nDeleteRequest = CommandField(rawValue: 0x0150)
  static let cCancelRequest = CommandField(rawValue: 0x0FFF)

  static let requests: Set<CommandField> = [
    cStoreRequest, cGetRequest, cFindRequest, cMoveRequest, cEchoRequest, nEventReportRequest, nGetRequest,
    nSetRequest, nActionRequest, nCreateRequest, nDeleteRequest, cCancelRequest,
  ]

  var isResponse: Bool { rawValue & 0x8000 != 0 }
  var response: CommandField { CommandField(rawValue: rawValue | 0x8000) }
}

extension CommandField: CustomStringConvertible {
  var description: String {
    switch self {
    case .cStoreRequest: "C-STORE"
    case .cGetRequest: "C-GET"
    case .cFindRequest: "C-FIND"
    case .cMoveRequest: "C-MOVE"
    case .cEchoRequest: "C-ECHO"
    case .nEventReportRequest: "N-EVENT-REPORT"
    case .nGetRequest: "N-GET"
    case .nSetRequest: "N-SET"
    case .nActionRequest: "N-ACTION"
    case .nCreateRequest: "N-CREATE"
    case .nDeleteRequest: "N-DELETE"
    case .cCancelRequest: "C-CANCEL"
    default: "Command 0x" + String(rawValue, radix: 16, uppercase: true)
    }
  }
}
