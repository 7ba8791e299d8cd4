import DICOM
import HTTPTypes
import NIOCore
import Store

/// Content that goes out as a stream, whole or a part of it (RFC 9110 §14).
enum Download {
  private static let chunk = 256 * 1024

  /// - Parameter range: of the content; nil gives all.
  static func content(
    _ content: AttachmentContent, range: Range<Int>? = nil, type: String, request: RESTRequest
  ) async throws -> RESTResponse {
    let whole = range ?? 0..<content.size
    var (wanted, status) = (whole, 200)
    var headers: [(name: HTTPField.Name, value: String)] = [(.contentType, type)]
    switch ByteRange(request.headers[.range], size: whole.count) {
    case .whole: break
    case .part(let part):
      wanted = whole.lowerBound + part.lowerBound..<whole.lowerBound + part.upperBound
      status = 206
      headers.append((.contentRange, "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(whole.count)"))
    case .none:
      return RESTResponse.empty(416).with(.contentRange, "bytes */\(whole.count)")
    }
    headers.append((.acceptRanges, "bytes"))
    let part = wanted
    if part.count <= chunk {
      let bytes = try await Blocking.run { () throws(StoreError) in
        try content.read(at: part.lowerBound, count: part.count)
      }
      return RESTResponse(status: status, headers: headers, body: .bytes(bytes))
    }
    return RESTResponse(
      status: status, headers: headers,
      body: .stream(length: part.count) { write in
        var offset = part.lowerBound
        while offset < part.upperBound {
          let start = offset
          let bytes = try await Blocking.run { () throws(StoreError) in
            try content.read(at: start, count: min(chunk, part.upperBound - start))
          }
          if bytes.isEmpty { throw StoreError(.inputOutput, "the file is shorter than it was") }
          try await write(ByteBuffer(bytes: bytes))
          offset += bytes.count
        }
      })
  }
}

/// What a `Range` header asks for.
enum ByteRange: Equatable {
  case whole
  case part(Range<Int>)
  /// Nothing of it is there.
  case none

  /// One range is given as such; several, other units and what can't be read give the whole, as the standard allows.
  init(_ header: String?, size: Int) {
    self = .whole
    guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return }
    let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let (first, last) = (Int(parts[0]), Int(parts[1]))
    if parts[0].isEmpty {
      guard let last, last >= 0 else { return }
      self = last == 0 || size == 0 ? .none : .part(max(0, size - last)..<size)
    } else {
      guard let first, first >= 0, parts[1].isEmpty || last != nil, last ?? first >= first else { return }
      self = first >= size ? .none : .part(first..<min(size, (last ?? size - 1) + 1))
    }
  }
}
