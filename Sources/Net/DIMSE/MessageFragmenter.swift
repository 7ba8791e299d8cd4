import NIOCore

/// Cuts messages into P-DATA-TF PDUs that a peer takes (PS3.8 §9.3.5, Annex E.1).
struct MessageFragmenter: Sendable {
  /// Bytes of a value in one PDU: what is left after the value's length, context id and control header.
  let payload: Int

  /// - Parameter peerMaximum: what the peer advertised; 0 is any length.
  init(peerMaximum: UInt32) {
    let length =
      peerMaximum == 0 ? Limits.sentPDULength : min(Int(peerMaximum), Limits.sentPDULength)
    // Fragments of a data set have an even length (PS3.8 Annex E.1 by way of PS3.5 §7).
    payload = max(2, (length - 6) & ~1)
  }

  /// Appends the PDUs of a whole command set.
  func write(command: CommandSet, contextID: UInt8, to buffer: inout ByteBuffer) {
    write(command.encoded(), contextID: contextID, isCommand: true, endsMessagePart: true, to: &buffer)
  }

  /// Appends the PDUs of (a part of) a command or data set.
  func write(
    _ bytes: ByteBuffer, contextID: UInt8, isCommand: Bool, endsMessagePart: Bool,
    to buffer: inout ByteBuffer
  ) {
    var rest = bytes
    buffer.reserveCapacity(
      minimumWritableBytes: rest.readableBytes + 12 * (rest.readableBytes / payload + 1))
    repeat {
      let count = min(payload, rest.readableBytes)
      let isLast = endsMessagePart && count == rest.readableBytes
      buffer.writeMultipleIntegers(
        PDUType.data.rawValue, UInt8(0), UInt32(count + 6), UInt32(count + 2), contextID,
        UInt8((isCommand ? 1 : 0) | (isLast ? 2 : 0)))
      if var slice = rest.readSlice(length: count) { buffer.writeBuffer(&slice) }
    } while rest.readableBytes > 0
  }
}
