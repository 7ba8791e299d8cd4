import DICOM
import NIOCore
import TestSupport
import Testing

@testable import Net

enum Sample {
  static let ct: UID = "1.2.840.10008.5.1.4.1.1.2"
  static let verification: UID = "1.2.840.10008.1.1"
  static let implicit: UID = "1.2.840.10008.1.2"

  /// Context 1 is verification, 3 is CT.
  static func request(maximumLength: UInt32 = 16384) -> AssociateRequest {
    var request = AssociateRequest(calledAET: "FILMROOM", callingAET: "PEER")
    request.contexts = [
      ProposedContext(id: 1, abstractSyntax: verification, transferSyntaxes: [implicit]),
      ProposedContext(id: 3, abstractSyntax: ct, transferSyntaxes: [implicit]),
    ]
    request.user.maximumLength = maximumLength
    return request
  }

  static func bytes(_ request: AssociateRequest) -> [UInt8] {
    var buffer = ByteBuffer()
    PDUEncoder.write(request, to: &buffer)
    return Array(buffer.readableBytesView)
  }

  static func command(
    _ field: UInt16, id: UInt16 = 1, sopClass: UID? = verification, instance: UID? = nil,
    hasDataSet: Bool = false
  ) -> CommandSet {
    var command = CommandSet()
    if let sopClass { command.set(.affectedSOPClass, sopClass) }
    command.set(.commandField, field)
    command.set(.messageID, id)
    command.set(.dataSetType, hasDataSet ? 1 : CommandSet.noDataSet)
    if let instance { command.set(.affectedSOPInstance, instance) }
    return command
  }

  static func pdus(_ command: CommandSet, context: UInt8 = 1, maximum: UInt32 = 16384) -> [UInt8] {
    var buffer = ByteBuffer()
    MessageFragmenter(peerMaximum: maximum).write(command: command, contextID: context, to: &buffer)
    return Array(buffer.readableBytesView)
  }

  static func echo(id: UInt16 = 1) -> [UInt8] { pdus(command(0x0030, id: id)) }

  static func store(
    id: UInt16 = 1, instance: UID? = "1.2.3", sopClass: UID? = ct, context: UInt8 = 3
  ) -> [UInt8] {
    pdus(
      command(0x0001, id: id, sopClass: sopClass, instance: instance, hasDataSet: true), context: context)
  }

  static func dataSet(
    _ bytes: [UInt8], isLast: Bool = true, context: UInt8 = 3, maximum: UInt32 = 16384
  ) -> [UInt8] {
    var buffer = ByteBuffer()
    MessageFragmenter(peerMaximum: maximum).write(
      ByteBuffer(bytes: bytes), contextID: context, isCommand: false, endsMessagePart: isLast, to: &buffer)
    return Array(buffer.readableBytesView)
  }

  /// Bytes that differ from place to place.
  static func bytes(count: Int) -> [UInt8] {
    var result = pattern
    while result.count < count { result += result }
    return Array(result.prefix(count))
  }

  private static let pattern = (0..<65_537).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  static let releaseRequest: [UInt8] = [5, 0, 0, 0, 0, 4, 0, 0, 0, 0]
  static let abort: [UInt8] = [7, 0, 0, 0, 0, 4, 0, 0, 0, 0]
}

extension RawClient {
  @discardableResult
  func send(_ buffer: ByteBuffer) -> Bool { send(Array(buffer.readableBytesView)) }

  func receive(type: PDUType, sourceLocation: SourceLocation = #_sourceLocation) throws -> [UInt8] {
    let received = receive()
    guard case .pdu(type.rawValue, let body) = received else {
      Issue.record("expected \(type), got \(received)", sourceLocation: sourceLocation)
      throw ProtocolFault(.notSpecified, "unexpected")
    }
    return body
  }

  /// A peer with an association.
  static func associated(port: Int, _ request: AssociateRequest = Sample.request()) throws -> RawClient {
    let client = try RawClient(port: port)
    client.send(Sample.bytes(request))
    _ = try client.receive(type: .associateAccept)
    return client
  }

  /// The next response's command set, put together from its PDUs.
  func receiveResponse(sourceLocation: SourceLocation = #_sourceLocation) throws -> CommandSet {
    var assembler = MessageAssembler()
    while true {
      let body = try receive(type: .data, sourceLocation: sourceLocation)
      var decoder = PDUDecoder(maximumDataLength: 200_000)
      var bytes = ByteBuffer(bytes: [4, 0])
      bytes.writeInteger(UInt32(body.count))
      bytes.writeBytes(body)
      while case .data(let piece)? = try decoder.next(from: &bytes) {
        if case .command(let command, _)? = try assembler.take(piece) { return command }
      }
    }
  }

  func receiveStatus(sourceLocation: SourceLocation = #_sourceLocation) throws -> DIMSEStatus? {
    try receiveResponse(sourceLocation: sourceLocation).status
  }
}
