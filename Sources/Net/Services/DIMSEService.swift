import DICOM
import NIOCore

/// Who is at the other end of an association.
struct AssociationPeer: Sendable {
  var id: Int
  var callingAET: String
  var calledAET: String
  var address: String
}

/// A request as a service sees it.
struct DIMSERequest: Sendable {
  var field: CommandField
  var messageID: UInt16
  var context: AcceptedContext
  var command: CommandSet
  var hasDataSet: Bool
}

/// A service class provider (PS3.4): what stands behind SOP classes.
protocol DIMSEService: Sendable {
  /// The right that a caller needs.
  var right: ServiceRight { get }

  /// Whether the service knows the operation.
  func performs(_ field: CommandField) -> Bool

  /// Begins an operation. It sends any number of responses through the exchange, the last with `finish`.
  func begin(_ request: DIMSERequest, exchange: DIMSEExchange) -> any DIMSEOperation
}

/// One operation under way. All calls come on the association's event loop.
protocol DIMSEOperation: AnyObject {
  /// The next bytes of the request's data set.
  func received(_ bytes: ByteBuffer)

  /// The request is there in full, with or without a data set.
  func requestEnded()

  /// What the socket had is used up for now: a moment to hand on what has gathered.
  func batchEnded()

  /// The peer sent C-CANCEL for this operation (PS3.7 §9.3.2.3).
  func cancelled()

  /// The peer takes data again, after `DIMSEExchange.isWritable` was false.
  func writable()

  /// The association has gone before the operation finished: undo.
  func abandoned()
}

extension DIMSEOperation {
  func received(_ bytes: ByteBuffer) {}
  func batchEnded() {}
  func cancelled() {}
  func writable() {}
  func abandoned() {}
}

/// Answers a request with one outcome as soon as it is there in full, whatever its data set holds.
final class ImmediateAnswer: DIMSEOperation {
  private let outcome: DIMSEOutcome
  private let exchange: DIMSEExchange

  init(_ outcome: DIMSEOutcome, exchange: DIMSEExchange) {
    self.outcome = outcome
    self.exchange = exchange
  }

  func requestEnded() { exchange.finish(outcome) }
}

/// From SOP class to service.
struct ServiceRegistry: Sendable {
  private var services: [UID: any DIMSEService] = [:]
  /// For SOP classes that nobody else knows.
  private var fallback: (any DIMSEService)?
  private var takesUnknown: @Sendable () -> Bool = { false }

  /// Every right that some service here asks for.
  private(set) var rights: Set<ServiceRight> = []

  mutating func register(_ service: any DIMSEService, for classes: some Sequence<UID>) {
    for sopClass in classes { services[sopClass] = service }
    rights.insert(service.right)
  }

  /// For any other class, as long as `isOn` says so.
  mutating func registerForUnknown(_ service: any DIMSEService, while isOn: @escaping @Sendable () -> Bool) {
    fallback = service
    takesUnknown = isOn
    rights.insert(service.right)
  }

  func service(for sopClass: UID) -> (any DIMSEService)? {
    services[sopClass] ?? (takesUnknown() ? fallback : nil)
  }
}
