@testable import DICOM

/// Any bytes as a file, and as a data set of every kind: nothing traps, however the bytes are cut into fragments the
/// same comes out, and what was read whole is written so that it reads the same.
public func fuzzParser(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  _ = try? TagTree.read(size: bytes.count) { offset, count in
    Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
  }
  let syntaxes: [TransferSyntax] = [
    .implicitLittleEndian, .explicitLittleEndian, .explicitBigEndian,
    TransferSyntax("1.2.840.10008.1.2.1.99"),
  ]
  let syntax = syntaxes[Int(choice & 3)]
  let whole = events(bytes, syntax, piece: max(1, bytes.count))
  let cut = events(bytes, syntax, piece: Int(choice >> 2) + 1)
  precondition(whole == cut, "fragments of another size gave something else")
  if let dataSet = try? DataSet(reading: bytes, syntax: syntax), !syntax.isDeflated {
    let written = DataSetWriter.encode(dataSet, as: syntax)
    let again = try? DataSet(reading: written, syntax: syntax)
    precondition(
      again.map { DataSetWriter.encode($0, as: syntax) } == written, "written and read again it differs")
  }
  return 0
}

/// What a data set's stream tells, with its end.
private func events(_ bytes: [UInt8], _ syntax: TransferSyntax, piece: Int) -> [String] {
  var stream = DataSetStream(sink: Listener(), syntax: syntax)
  var end = "whole"
  do throws(DataSetError) {
    var position = 0
    while position < bytes.count {
      let next = min(bytes.count, position + piece)
      let part = Array(bytes[position..<next])
      try part.span.withUnsafeBytes { buffer throws(DataSetError) in try stream.feed(buffer) }
      position = next
    }
    try stream.finish()
  } catch {
    end = "\(error.reason)"
  }
  return stream.sink.events + [end]
}

private struct Listener: DataSetSink {
  var events: [String] = []

  mutating func element(_ header: ElementHeader) -> ElementAction {
    events.append("\(header.tag) \(header.vr) \(header.length ?? -1) \(header.offset) \(header.depth)")
    return .collect(limit: 64)
  }

  mutating func value(_ header: ElementHeader, bytes: UnsafeRawBufferPointer) {
    events.append("\(header.tag) = \(Array(bytes))")
  }

  mutating func sequenceBegan(_ header: ElementHeader) -> Bool {
    events.append("sequence \(header.tag)")
    return true
  }

  mutating func itemEnded() { events.append("item ended") }
  mutating func sequenceEnded() { events.append("sequence ended") }
  mutating func fragment(_ header: ElementHeader) { events.append("fragment \(header.length ?? -1)") }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The package manager's name for `main`.
@_cdecl("fuzz_parser_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { fuzzParser($0, $1) }
}
