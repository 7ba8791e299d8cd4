import DICOM

/// C-ECHO (PS3.4 Annex A).
struct VerificationSCP: DIMSEService {
  static let sopClass: UID = "1.2.840.10008.1.1"

  var right: ServiceRight { .echo }

  func performs(_ field: CommandField) -> Bool { field == .cEchoRequest }

  func begin(_ request: DIMSERequest, exchange: DIMSEExchange) -> any DIMSEOperation {
    exchange.note(.echo)
    return ImmediateAnswer(DIMSEOutcome(.success), exchange: exchange)
  }
}
