import DICOM
import NIOCore
import Testing

@testable import Net

private func fullRequest() -> AssociateRequest {
  var request = AssociateRequest(calledAET: "FILMROOM", callingAET: "MODALITY")
  request.contexts = [
    ProposedContext(
      id: 1, abstractSyntax: "1.2.840.10008.1.1", transferSyntaxes: ["1.2.840.10008.1.2"]),
    ProposedContext(
      id: 255, abstractSyntax: "1.2.840.10008.5.1.4.1.1.2",
      transferSyntaxes: ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"]),
  ]
  request.user.maximumLength = 16384
  request.user.implementationClass = "1.2.3"
  request.user.implementationVersion = "TEST"
  request.user.operationsWindow = OperationsWindow(invoked: 5, performed: 0)
  request.user.roles = [RoleSelection(sopClass: "1.2.4", isUser: true, isProvider: true)]
  request.user.extended = [ExtendedNegotiation(sopClass: "1.2.5", information: [1, 0, 1])]
  request.user.commonExtended = [
    CommonExtendedNegotiation(
      sopClass: "1.2.6", serviceClass: "1.2.7", relatedGeneralClasses: ["1.2.8", "1.2.9"])
  ]
  request.user.identity = UserIdentity(type: 2, wantsResponse: true, primary: [65], secondary: [66, 67])
  return request
}

private func encode(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
  var buffer = ByteBuffer()
  write(&buffer)
  return buffer
}

/// Every kind of PDU, with what the decoder should say.
private func samples() -> [(bytes: ByteBuffer, pdu: ReceivedPDU)] {
  var accept = AssociateAccept(calledAET: "FILMROOM", callingAET: "MODALITY")
  accept.contexts = [
    ContextAnswer(id: 1, result: .acceptance, transferSyntax: "1.2.840.10008.1.2"),
    ContextAnswer(id: 3, result: .abstractSyntaxNotSupported, transferSyntax: "1.2.840.10008.1.2"),
  ]
  accept.user.maximumLength = 0
  let reject = AssociateReject.localLimitExceeded
  let abort = AbortPDU(source: 2, reason: 6)
  return [
    (encode { PDUEncoder.write(fullRequest(), to: &$0) }, .associateRequest(fullRequest())),
    (encode { PDUEncoder.write(accept, to: &$0) }, .associateAccept(accept)),
    (encode { PDUEncoder.write(reject, to: &$0) }, .associateReject(reject)),
    (encode { PDUEncoder.writeReleaseRequest(to: &$0) }, .releaseRequest),
    (encode { PDUEncoder.writeReleaseReply(to: &$0) }, .releaseReply),
    (encode { PDUEncoder.write(abort, to: &$0) }, .abort(abort)),
  ]
}

/// All that comes out of the bytes, fed in chunks of a size; pieces of a value put together again.
private func decodeAll(_ bytes: ByteBuffer, chunk: Int) throws -> [ReceivedPDU] {
  var decoder = PDUDecoder(maximumDataLength: 16384)
  var result: [ReceivedPDU] = []
  var rest = bytes
  while var part = rest.readSlice(length: min(chunk, rest.readableBytes)), part.readableBytes > 0 {
    while let pdu = try decoder.next(from: &part) {
      if case .data(var piece) = pdu, case .data(let before)? = result.last, !before.isLast,
        before.contextID == piece.contextID
      {
        var joined = before.bytes
        joined.writeImmutableBuffer(piece.bytes)
        piece.bytes = joined
        result[result.count - 1] = .data(piece)
      } else {
        result.append(pdu)
      }
    }
    #expect(part.readableBytes == 0)
  }
  return result
}

private func fault(_ bytes: [UInt8], chunk: Int = 1 << 20) -> AbortReason? {
  do {
    _ = try decodeAll(ByteBuffer(bytes: bytes), chunk: chunk)
    return nil
  } catch {
    return (error as? ProtocolFault)?.reason
  }
}

@Suite struct PDUTests {
  @Test(arguments: [1, 3, 7, 1 << 20]) func roundTripsInChunks(_ chunk: Int) throws {
    for sample in samples() {
      #expect(try decodeAll(sample.bytes, chunk: chunk) == [sample.pdu])
    }
    let all = samples().reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1.bytes) }
    #expect(try decodeAll(all, chunk: chunk) == samples().map(\.pdu))
  }

  @Test(arguments: [1, 5, 1 << 20]) func dataValuesComeInPieces(_ chunk: Int) throws {
    let payload = ByteBuffer(bytes: (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
    var bytes = ByteBuffer()
    MessageFragmenter(peerMaximum: 0).write(
      payload, contextID: 3, isCommand: false, endsMessagePart: true, to: &bytes)
    let piece = PDVPiece(contextID: 3, isCommand: false, isLast: true, bytes: payload)
    #expect(try decodeAll(bytes, chunk: chunk) == [.data(piece)])
  }

  @Test func aPDUCutShortIsIncompleteAndNothingElse() throws {
    for sample in samples() {
      for length in 0..<sample.bytes.readableBytes {
        var decoder = PDUDecoder(maximumDataLength: 16384)
        var cut = try #require(sample.bytes.getSlice(at: 0, length: length))
        #expect(try decoder.next(from: &cut) == nil)
        #expect(decoder.isInsidePDU == (length > 0))
      }
    }
  }

  /// A body cut at every byte, with a length in the header that says so: never a trap.
  @Test func aBodyThatEndsEarlyIsAFaultOrLacksItems() throws {
    let whole = Array(samples()[0].bytes.readableBytesView)
    var faults = 0
    for length in 6..<whole.count {
      var bytes = Array(whole[..<length])
      let body = UInt32(length - 6)
      for index in 0..<4 { bytes[2 + index] = UInt8(truncatingIfNeeded: body >> (24 - 8 * UInt32(index))) }
      if let reason = fault(bytes) {
        #expect(reason == .invalidParameterValue)
        faults += 1
      }
    }
    #expect(faults > 200)
  }

  /// Every length field of a request set to lies, one byte at a time: a fault or another reading.
  @Test func noByteChangedEverTraps() {
    let whole = Array(samples()[0].bytes.readableBytesView)
    for index in 6..<whole.count {
      for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
        var bytes = whole
        bytes[index] = value
        _ = fault(bytes)
      }
    }
  }

  @Test func lengthsAreJudgedFromTheHeader() {
    #expect(fault([1, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == .invalidParameterValue)
    #expect(fault([1, 0, 0, 0x10, 0, 1]) == .invalidParameterValue)
    #expect(fault([1, 0, 0, 0, 0, 0]) == .invalidParameterValue)
    #expect(fault([1, 0, 0, 0x10, 0, 0]) == nil)
    #expect(fault([4, 0, 0, 0, 0, 0]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0x50, 1]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0x50, 0]) == nil)
    #expect(fault([5, 0, 0, 0, 0, 5]) == .invalidParameterValue)
    #expect(fault([0x16, 3, 1, 2, 0, 1]) == .unrecognizedPDU)
    #expect(fault(Array("GET / HTTP/1.1".utf8)) == .unrecognizedPDU)
  }

  @Test func valuesMustFitTheirPDU() {
    #expect(fault([4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 1, 3]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 3]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0, 6, 0, 0, 0, 3, 1, 3]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 3, 0, 0, 0]) == .invalidParameterValue)
    #expect(fault([4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 3]) == nil)
  }

  @Test func unknownItemsAreSkipped() throws {
    var bytes = Array(samples()[0].bytes.readableBytesView)
    bytes += [0x77, 0, 0, 2, 9, 9]
    bytes[5] += 6
    #expect(bytes[4] > 0 || bytes[5] >= 6)
    #expect(try decodeAll(ByteBuffer(bytes: bytes), chunk: 1000) == [.associateRequest(fullRequest())])
  }

  @Test func moreThan128ContextsAreTooMany() {
    var request = AssociateRequest(calledAET: "A", callingAET: "B")
    request.contexts = (0..<129).map {
      ProposedContext(id: UInt8(truncatingIfNeeded: 2 * $0 + 1), abstractSyntax: "1.2", transferSyntaxes: [])
    }
    let bytes = encode { PDUEncoder.write(request, to: &$0) }
    #expect(fault(Array(bytes.readableBytesView)) == .invalidParameterValue)
  }
}
