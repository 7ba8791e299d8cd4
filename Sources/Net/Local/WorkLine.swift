import DICOM
import NIOCore
import Store

/// What a process that works for another tells of it, a JSON object a line.
enum WorkLine: Equatable, Sendable {
  /// So much is done, of so much; instances that were deleted meanwhile are counted too.
  case progress(done: Int, total: Int, bytes: Int64, gone: Int)
  case fault(Fault)
  /// So many bytes of a file follow the line.
  case data(Int)
  case failure(StoreError)
  /// The last line of what came to its end.
  case end

  /// With the line feed.
  var text: String {
    let value: JSONValue =
      switch self {
      case .progress(let done, let total, let bytes, let gone):
        .object([
          "Done": .number(done), "Total": .number(total), "Bytes": .number(bytes), "Gone": .number(gone),
        ])
      case .fault(let fault):
        .object([
          "Fault": .text(fault.kind.rawValue), "Subject": .text(fault.subject), "Detail": .text(fault.detail),
        ])
      case .data(let count): .object(["Data": .number(count)])
      case .failure(let error):
        .object(["Failure": .text("\(error.code)"), "Details": .text(error.message)])
      case .end: .object(["End": .boolean(true)])
      }
    // Line feeds within texts are written as \n.
    return JSONWriter.text(value, indentation: "").replacing("\n", with: "") + "\n"
  }

  /// Nil for what is no such line.
  init?(_ line: String) {
    guard let value = try? JSONParser.parse(line) else { return nil }
    func number(_ name: String) -> Int? {
      guard case .number(let number)? = value[name], number.magnitude < 1e15 else { return nil }
      return Int(number)
    }
    func text(_ name: String) -> String {
      if case .text(let text)? = value[name] { text } else { "" }
    }
    if let done = number("Done"), let total = number("Total") {
      self = .progress(
        done: done, total: total, bytes: Int64(number("Bytes") ?? 0), gone: number("Gone") ?? 0)
    } else if let kind = Fault.Kind(rawValue: text("Fault")) {
      self = .fault(Fault(kind: kind, subject: text("Subject"), detail: text("Detail")))
    } else if let count = number("Data"), count >= 0 {
      self = .data(count)
    } else if value["Failure"] != nil {
      let code = StoreError.Code.allCases.first { "\($0)" == text("Failure") }
      self = .failure(StoreError(code ?? .inputOutput, text("Details")))
    } else if value["End"] != nil {
      self = .end
    } else {
      return nil
    }
  }
}

/// Takes lines, and the data between them, out of what arrives.
struct WorkReader {
  private static let longestLine = 1 << 20
  private var waiting = ByteBuffer()
  private var dataLeft = 0

  /// Throws `StoreError` for what is no such line, and what the bodies throw.
  mutating func take(
    _ piece: ByteBuffer, line: (WorkLine) throws -> Void, data: ([UInt8]) throws -> Void
  ) throws {
    waiting.writeImmutableBuffer(piece)
    while waiting.readableBytes > 0 {
      if dataLeft > 0 {
        let count = min(dataLeft, waiting.readableBytes)
        dataLeft -= count
        try data(waiting.readBytes(length: count) ?? [])
        continue
      }
      guard let end = waiting.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
        if waiting.readableBytes > Self.longestLine { throw Self.strange }
        break
      }
      let text = waiting.readString(length: end - waiting.readerIndex) ?? ""
      waiting.moveReaderIndex(forwardBy: 1)
      guard let found = WorkLine(text) else { throw Self.strange }
      if case .data(let count) = found { dataLeft = count } else { try line(found) }
    }
    waiting.discardReadBytes()
  }

  private static let strange = StoreError(
    .inputOutput, "the Filmroom that uses the archive answers what this one does not understand")
}
