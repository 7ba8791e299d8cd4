import NIOCore

@testable import DICOM
@testable import Net

/// Any bytes as they come from a peer: decoder, assembler and negotiation never trap, and however the bytes are cut the
/// same comes out.
public func fuzzPDU(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  let whole = outcome(bytes, piece: max(1, bytes.count))
  let cut = outcome(bytes, piece: Int(choice) + 1)
  precondition(whole == cut, "other pieces gave something else")
  return 0
}

/// Commands, data and the end, told so that the pieces of a value don't show.
private func outcome(_ bytes: [UInt8], piece: Int) -> [String] {
  var decoder = PDUDecoder(maximumDataLength: 4096)
  var assembler = MessageAssembler()
  var told: [String] = []
  var data: [UInt8] = []
  var input = ByteBuffer()
  do throws(ProtocolFault) {
    var position = 0
    while position < bytes.count {
      let next = min(bytes.count, position + piece)
      input.writeBytes(bytes[position..<next])
      position = next
      while let pdu = try decoder.next(from: &input) {
        guard case .data(let value) = pdu else {
          told.append(describe(pdu))
          continue
        }
        switch try assembler.take(value) {
        case nil: break
        case .command(let command, let context):
          told.append("command \(context) \(command)")
        case .dataSet(let bytes, let isLast):
          data += bytes.readableBytesView
          if isLast { told.append("data \(data)") }
          if isLast { data = [] }
        }
      }
    }
  } catch {
    told.append("\(error)")
  }
  return told
}

private func describe(_ pdu: ReceivedPDU) -> String {
  if case .associateRequest(let request) = pdu {
    var policy = AcceptorPolicy(aeTitle: "FILMROOM") { $0.value.hasPrefix("1.2.840") }
    policy.checkCalledAET = true
    return "\(Negotiation.answer(request, policy: policy))"
  }
  return "\(pdu)"
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The package manager's name for `main`.
@_cdecl("fuzz_pdu_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { fuzzPDU($0, $1) }
}
