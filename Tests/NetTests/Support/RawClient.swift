import DICOM
import Glibc
import NIOCore
import Testing

@testable import Net

/// A peer on a plain socket that can say anything at all.
final class RawClient {
  enum Received: Equatable {
    case pdu(type: UInt8, body: [UInt8])
    case closed
    case reset
    case nothing
  }

  private var descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw NetError(.unreachable, "connecting: \(errno)") }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Closes with a reset in place of a FIN.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// False when the other side has closed.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Whether something, or the end, arrives within a time.
  func isReadable(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }

  /// Sends until the other side takes nothing more for a while; how many bytes went out.
  func sendUntilStuck(_ bytes: [UInt8]) -> Int {
    var patience = timeval(tv_sec: 0, tv_usec: 500_000)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    defer {
      patience.tv_sec = 10
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      sent += count
    }
    return sent
  }

  @discardableResult
  func send(_ buffer: ByteBuffer) -> Bool { send(Array(buffer.readableBytesView)) }

  private func read(_ count: Int) -> (bytes: [UInt8], end: Received?) {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var chunk = [UInt8](repeating: 0, count: count - bytes.count)
      let got = recv(descriptor, &chunk, chunk.count, 0)
      if got == 0 { return (bytes, .closed) }
      if got < 0 { return (bytes, errno == ECONNRESET ? .reset : .nothing) }
      bytes += chunk[..<got]
    }
    return (bytes, nil)
  }

  func receive() -> Received {
    let header = read(6)
    if let end = header.end { return end }
    let length = header.bytes[2...].reduce(0) { $0 << 8 | Int($1) }
    let body = read(length)
    return body.end ?? .pdu(type: header.bytes[0], body: body.bytes)
  }

  func receive(type: PDUType, sourceLocation: SourceLocation = #_sourceLocation) throws -> [UInt8] {
    let received = receive()
    guard case .pdu(type.rawValue, let body) = received else {
      Issue.record("expected \(type), got \(received)", sourceLocation: sourceLocation)
      throw ProtocolFault(.notSpecified, "unexpected")
    }
    return body
  }

  /// The A-ABORT that should come now, as `source,reason`, and that the connection closes after it.
  func receiveAbort() -> String {
    guard case .pdu(7, let body) = receive(), body.count == 4 else { return "no abort" }
    guard receive() == .closed else { return "not closed" }
    return "\(body[2]),\(body[3])"
  }

  /// The A-ASSOCIATE-RJ that should come now, as `result,source,reason`.
  func receiveReject() -> String {
    guard case .pdu(3, let body) = receive(), body.count == 4 else { return "no reject" }
    return "\(body[1]),\(body[2]),\(body[3])"
  }
}

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
