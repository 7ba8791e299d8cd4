import NIOCore

/// Takes bytes as they come and hands out PDUs (PS3.8 §9.3). P-DATA values are passed on as slices, piece by
/// piece; everything else is collected first. Each length is judged from the six header bytes, and memory
/// grows with what has arrived, never with what was announced.
struct PDUDecoder {
  private enum Step {
    case header
    case body(PDUType, length: Int)
    /// Between the values of a P-DATA PDU of which so many bytes are left.
    case valueHeader(left: Int)
    case value(contextID: UInt8, flags: UInt8, valueLeft: Int, left: Int)
  }

  private var step = Step.header
  /// The beginning of a header or body that has not arrived in full.
  private var partial = ByteBuffer()
  private let longestDataPDU: Int

  /// - Parameter maximumDataLength: the maximum length that we advertise.
  init(maximumDataLength: Int) {
    longestDataPDU = maximumDataLength + Limits.dataPDUSlack
  }

  /// Whether a PDU has begun and not ended.
  var isInsidePDU: Bool {
    if case .header = step { return partial.readableBytes > 0 }
    return true
  }

  /// Whether a presentation data value has begun and not ended.
  var isInsideValue: Bool {
    if case .value = step { return true }
    return false
  }

  /// The next PDU, or piece of one, from the bytes that have arrived; nil when more are needed.
  mutating func next(from input: inout ByteBuffer) throws(ProtocolFault) -> ReceivedPDU? {
    while true {
      switch step {
      case .header:
        guard var header = collect(6, from: &input) else { return nil }
        try begin(&header)
      case .body(let type, let length):
        guard let body = collect(length, from: &input) else { return nil }
        step = .header
        return try parse(type, body)
      case .valueHeader(let left):
        guard left > 0 else {
          step = .header
          continue
        }
        guard left >= 6 else { throw Self.badValueLength }
        guard var header = collect(6, from: &input) else { return nil }
        try beginValue(&header, left: left)
      case .value(let contextID, let flags, let valueLeft, let left):
        let count = min(valueLeft, input.readableBytes)
        guard count > 0 || valueLeft == 0 else { return nil }
        guard let bytes = input.readSlice(length: count) else { return nil }
        let isEnd = count == valueLeft
        step =
          isEnd
          ? .valueHeader(left: left - count)
          : .value(contextID: contextID, flags: flags, valueLeft: valueLeft - count, left: left - count)
        return .data(
          PDVPiece(
            contextID: contextID, isCommand: flags & 1 != 0, isLast: isEnd && flags & 2 != 0, bytes: bytes))
      }
    }
  }

  private static let badValueLength = ProtocolFault(
    .invalidParameterValue, "a presentation data value does not fit its PDU")

  /// `count` bytes, once they are there.
  private mutating func collect(_ count: Int, from input: inout ByteBuffer) -> ByteBuffer? {
    if partial.readableBytes == 0, let whole = input.readSlice(length: count) { return whole }
    if var some = input.readSlice(length: min(count - partial.readableBytes, input.readableBytes)) {
      partial.writeBuffer(&some)
    }
    guard partial.readableBytes == count else { return nil }
    let whole = partial
    partial = ByteBuffer()
    return whole
  }

  private mutating func begin(_ header: inout ByteBuffer) throws(ProtocolFault) {
    guard let (number, _, declared) = header.readMultipleIntegers(as: (UInt8, UInt8, UInt32).self) else {
      return
    }
    guard let type = PDUType(rawValue: number) else {
      throw ProtocolFault(.unrecognizedPDU, "a PDU of unknown type \(number)")
    }
    let length = Int(declared)
    let allowed =
      switch type {
      case .associateRequest, .associateAccept: Limits.associateFixedPart...Limits.associatePDU
      case .data: 6...longestDataPDU
      case .associateReject, .releaseRequest, .releaseReply, .abort: 4...4
      }
    guard allowed.contains(length) else {
      throw ProtocolFault(.invalidParameterValue, "a PDU of type \(number) and length \(length)")
    }
    step = type == .data ? .valueHeader(left: length) : .body(type, length: length)
  }

  private mutating func beginValue(_ header: inout ByteBuffer, left: Int) throws(ProtocolFault) {
    guard let (length, contextID, flags) = header.readMultipleIntegers(as: (UInt32, UInt8, UInt8).self),
      length >= 2, Int(length) + 4 <= left
    else { throw Self.badValueLength }
    step = .value(contextID: contextID, flags: flags, valueLeft: Int(length) - 2, left: left - 6)
  }

  private func parse(_ type: PDUType, _ body: ByteBuffer) throws(ProtocolFault) -> ReceivedPDU {
    let bytes = body.readableBytesView
    switch type {
    case .associateRequest: return .associateRequest(try AssociateDecoder.request(body))
    case .associateAccept: return .associateAccept(try AssociateDecoder.accept(body))
    case .associateReject:
      let start = bytes.startIndex
      return .associateReject(
        AssociateReject(result: bytes[start + 1], source: bytes[start + 2], reason: bytes[start + 3]))
    case .releaseRequest: return .releaseRequest
    case .releaseReply: return .releaseReply
    case .abort:
      let start = bytes.startIndex
      return .abort(AbortPDU(source: bytes[start + 2], reason: bytes[start + 3]))
    case .data: throw ProtocolFault(.notSpecified, "P-DATA has no body of its own")
    }
  }
}
