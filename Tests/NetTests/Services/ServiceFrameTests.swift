import DICOM
import Logging
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import Net

/// A service that sends many responses, as C-FIND will: as many as the peer takes, until cancelled.
private struct CountingService: DIMSEService {
  static let sopClass: UID = "1.2.840.10008.5.1.4.1.2.2.1"
  let count: Int

  var right: ServiceRight { .echo }
  func performs(_ field: CommandField) -> Bool { field == .cFindRequest }
  func begin(_ request: DIMSERequest, exchange: DIMSEExchange) -> any DIMSEOperation {
    CountingOperation(count: count, exchange: exchange)
  }
}

private final class CountingOperation: DIMSEOperation {
  private var left: Int
  private let exchange: DIMSEExchange
  private var identifier = ByteBuffer()

  init(count: Int, exchange: DIMSEExchange) {
    left = count
    self.exchange = exchange
  }

  func received(_ bytes: ByteBuffer) { identifier.writeImmutableBuffer(bytes) }
  func requestEnded() { writable() }
  func cancelled() { exchange.finish(DIMSEOutcome(.cancelled)) }

  func writable() {
    while left > 0, exchange.isWritable {
      exchange.send(DIMSEOutcome(.pending), dataSet: identifier)
      left -= 1
    }
    // Zero means "for ever" here: only a cancel ends it.
    if left == 0, identifier.readableBytes > 2 { exchange.finish(DIMSEOutcome(.success)) }
  }
}

/// An acceptor with one counting service behind an embedded channel.
private final class Harness {
  let channel = EmbeddedChannel()

  init(count: Int) throws {
    var services = ServiceRegistry()
    services.register(CountingService(count: count), for: [CountingService.sopClass])
    let configuration = DICOMListenerConfiguration()
    let registry = AssociationRegistry(maximumAssociations: 1)
    let environment = ListenerEnvironment(
      configuration: configuration,
      access: AccessControl(AccessPolicy(configuration, modalities: [], addresses: nil)), services: services,
      rules: ReceptionRules(configuration),
      registry: registry, logger: quietLogger)
    let user = DIMSEAcceptor(
      id: registry.connected(channel), address: "test", environment: environment, eventLoop: channel.eventLoop
    )
    let settings = UpperLayerHandler.Settings(maximumPDULength: 16384, idleTime: nil, artimTime: .seconds(1))
    let handler = UpperLayerHandler(role: .acceptor, settings: settings, user: user)
    user.provider = handler
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    var request = AssociateRequest(calledAET: "FILMROOM", callingAET: "PEER")
    request.contexts = [
      ProposedContext(id: 1, abstractSyntax: CountingService.sopClass, transferSyntaxes: [Sample.implicit])
    ]
    try send(Sample.bytes(request))
    _ = try channel.readOutbound(as: ByteBuffer.self)
  }

  func send(_ bytes: [UInt8]) throws { try channel.writeInbound(ByteBuffer(bytes: bytes)) }

  /// The responses that are out, each with the length of its data set.
  func responses() throws -> [(status: DIMSEStatus?, dataSet: Int)] {
    var decoder = PDUDecoder(maximumDataLength: 200_000)
    var assembler = MessageAssembler()
    var result: [(status: DIMSEStatus?, dataSet: Int)] = []
    while var bytes = try channel.readOutbound(as: ByteBuffer.self) {
      while case .data(let piece)? = try decoder.next(from: &bytes) {
        switch try assembler.take(piece) {
        case .command(let command, _)?: result.append((command.status, 0))
        case .dataSet(let bytes, _)?: result[result.count - 1].dataSet += bytes.readableBytes
        case nil: break
        }
      }
    }
    return result
  }

  func find(_ identifier: [UInt8]) throws {
    try send(Sample.pdus(Sample.command(0x20, id: 9, sopClass: CountingService.sopClass, hasDataSet: true)))
    try send(Sample.dataSet(identifier, context: 1))
  }

  func cancel(_ id: UInt16) throws {
    var cancel = CommandSet()
    cancel.set(.commandField, CommandField.cCancelRequest.rawValue)
    cancel.set(.respondedMessageID, id)
    cancel.set(.dataSetType, CommandSet.noDataSet)
    try send(Sample.pdus(cancel))
  }
}

@Suite struct ServiceFrameTests {
  @Test func manyResponsesWithDataSets() throws {
    let harness = try Harness(count: 3)
    try harness.find([UInt8](repeating: 1, count: 40_000))
    let responses = try harness.responses()
    #expect(responses.map(\.status) == [.pending, .pending, .pending, .success])
    #expect(responses.map(\.dataSet) == [40_000, 40_000, 40_000, 0])
  }

  @Test func cancelsAreHeard() throws {
    let harness = try Harness(count: 1)
    try harness.find([1, 2])
    #expect(try harness.responses().map(\.status) == [.pending])
    try harness.cancel(8)
    #expect(try harness.responses().isEmpty)
    try harness.cancel(9)
    #expect(try harness.responses().map(\.status) == [.cancelled])
    try harness.cancel(9)
    #expect(try harness.responses().isEmpty)
  }

  @Test func slowPeersHoldTheServiceBack() throws {
    let harness = try Harness(count: 5)
    harness.channel.isWritable = false
    try harness.find([UInt8](repeating: 1, count: 100))
    #expect(try harness.responses().isEmpty)
    harness.channel.isWritable = true
    harness.channel.pipeline.fireChannelWritabilityChanged()
    #expect(try harness.responses().count == 6)
  }
}
