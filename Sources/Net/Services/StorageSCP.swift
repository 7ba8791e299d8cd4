import DICOM
import Logging
import NIOCore
import NIOPosix
import Store

/// C-STORE (PS3.4 Annex B): streams each data set into the archive and answers when it is durable.
struct StorageSCP: DIMSEService {
  let store: any InstanceStore
  let pool: NIOThreadPool
  let unfinished: PendingWork
  let logger: Logger

  var right: ServiceRight { .store }

  func performs(_ field: CommandField) -> Bool { field == .cStoreRequest }

  func begin(_ request: DIMSERequest, exchange: DIMSEExchange) -> any DIMSEOperation {
    let instanceTag = Tag(0x0000, 0x1000)
    exchange.note(.receiving)
    guard let instance = request.command.uid(.affectedSOPInstance) else {
      return refusal(
        .missingAttribute, "No Affected SOP Instance UID", instanceTag, exchange)
    }
    guard instance.isValid else {
      return refusal(.invalidSOPInstance, "Affected SOP Instance UID is no UID", instanceTag, exchange)
    }
    guard request.hasDataSet else {
      return refusal(.cannotUnderstand, "No data set", Tag(0x0000, 0x0800), exchange)
    }
    let incoming = IncomingInstance(
      origin: InstanceOrigin(
        .dicomProtocol, remoteIP: exchange.peer.address, remoteAET: exchange.peer.callingAET,
        calledAET: exchange.peer.calledAET),
      transferSyntax: request.context.transferSyntax, sopClass: request.context.abstractSyntax,
      sopInstance: instance)
    return StorageOperation(incoming, service: self, exchange: exchange)
  }

  private func refusal(
    _ status: DIMSEStatus, _ comment: String, _ tag: Tag, _ exchange: DIMSEExchange
  ) -> any DIMSEOperation {
    logger.warning(
      "C-STORE from \(exchange.peer.logName) refused with \(status): \(comment)")
    exchange.countInstance(isStored: false, bytes: 0)
    return ImmediateAnswer(DIMSEOutcome(status, comment, offendingElement: tag), exchange: exchange)
  }
}

/// One C-STORE under way.
private final class StorageOperation: DIMSEOperation {
  private let service: StorageSCP
  private let exchange: DIMSEExchange
  private var sink: InstanceSink?
  /// What came since the last hand-over.
  private var pieces: [ByteBuffer] = []
  /// The last of `pieces` is our own copy, so small ones may be added to it.
  private var endsWithCopy = false
  private var bytesReceived = 0
  private var isComplete = false
  private var result: Result<StoreResult, StoreError>?

  /// Pieces below this are copied together: a slice would keep the whole receive buffer alive.
  private static let smallPiece = 4096
  private static let copySize = 64 << 10

  init(_ incoming: IncomingInstance, service: StorageSCP, exchange: DIMSEExchange) {
    self.service = service
    self.exchange = exchange
    let eventLoop = exchange.eventLoop
    // Only unwrapped on the event loop.
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    sink = InstanceSink(
      incoming, store: service.store, pool: service.pool, unfinished: service.unfinished,
      atEndOfTurn: { eventLoop.execute($0) },
      drained: { eventLoop.execute { bound.value.exchange.isHeld = false } },
      ended: { result in eventLoop.execute { bound.value.ended(result) } })
  }

  func received(_ bytes: ByteBuffer) {
    let count = bytes.readableBytes
    bytesReceived += count
    guard result == nil else { return }
    if count >= Self.smallPiece {
      pieces.append(bytes)
      endsWithCopy = false
    } else if endsWithCopy, pieces[pieces.count - 1].readableBytes + count <= Self.copySize {
      pieces[pieces.count - 1].writeImmutableBuffer(bytes)
    } else if count > 0 {
      var copy = ByteBufferAllocator().buffer(capacity: count)
      copy.writeImmutableBuffer(bytes)
      pieces.append(copy)
      endsWithCopy = true
    }
  }

  func requestEnded() {
    isComplete = true
    exchange.note(.storing)
    _ = sink?.offer(takePieces(), isComplete: true)
    answerIfDone()
  }

  func batchEnded() {
    guard !isComplete, !pieces.isEmpty else { return }
    if let sink { exchange.isHeld = sink.offer(takePieces(), isComplete: false) }
  }

  private func takePieces() -> [ByteBuffer] {
    defer {
      pieces = []
      endsWithCopy = false
    }
    return pieces
  }

  func abandoned() {
    sink?.abandon()
    sink = nil
    pieces = []
  }

  private func ended(_ result: Result<StoreResult, StoreError>) {
    self.result = result
    pieces = []
    exchange.isHeld = false
    answerIfDone()
  }

  private func answerIfDone() {
    guard isComplete, let result, sink != nil else { return }
    sink = nil
    switch result {
    case .success(let stored):
      service.logger.debug(
        "C-STORE from \(exchange.peer.logName): \(sopClassName) \(stored.instance), \(bytesReceived) bytes, \(stored.status.phrase)"
      )
      exchange.countInstance(isStored: true, bytes: bytesReceived)
      exchange.finish(DIMSEOutcome(.success))
    case .failure(let error):
      let outcome = DIMSEOutcome(error)
      service.logger.warning(
        "C-STORE from \(exchange.peer.logName) refused with \(outcome.status): \(Self.reason(error))"
      )
      exchange.countInstance(isStored: false, bytes: bytesReceived)
      exchange.finish(outcome)
    }
  }
}

extension StorageOperation {
  private var sopClassName: String {
    UIDRegistry.name(of: exchange.request.context.abstractSyntax).escapedForLog
  }

  /// The archive's sentence: long enough for paths, and its arrows between tags as plain characters.
  private static func reason(_ error: StoreError) -> String {
    error.message.replacing("›", with: ">").escapedForLog(upTo: 400)
  }
}

extension StoreResult.Status {
  fileprivate var phrase: String {
    switch self {
    case .stored: "stored"
    case .alreadyStored: "there already"
    case .overwritten: "replaced"
    }
  }
}

extension AssociationPeer {
  /// `MODALITY@192.0.2.1`, safe to print.
  var logName: String { "\(callingAET.escapedForLog)@\(address)" }
}
