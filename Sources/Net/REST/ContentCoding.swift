import HTTPTypes
import NIOCore
import Store

/// Compressed answers (`HttpCompressionEnabled`), for clients that take them (RFC 9110 §12.5.3).
enum ContentCoding: String {
  case gzip, deflate

  private var format: DeflateStream.Format { self == .gzip ? .gzip : .zlib }

  /// What a client takes, gzip first, as Orthanc chooses.
  init?(accepted header: String?) {
    var accepted: [String: Bool] = [:]
    for item in (header ?? "").split(separator: ",") {
      let parts = item.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      guard let name = parts.first else { continue }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
      accepted[name == "x-gzip" ? "gzip" : name] = quality ?? 1 > 0
    }
    let others = accepted["*"] ?? false
    if accepted["gzip"] ?? others {
      self = .gzip
    } else if accepted["deflate"] ?? others {
      self = .deflate
    } else {
      return nil
    }
  }

  /// Whether content of a type becomes smaller.
  private static func isCompressible(_ type: String?) -> Bool {
    guard let type = type?.prefix(while: { $0 != ";" }).lowercased() else { return false }
    if type == "image/svg+xml" { return true }
    let packed = ["image/", "video/", "audio/", "multipart/"]
    let names: Set<String> = [
      "application/zip", "application/gzip", "application/x-gzip", "application/pdf",
      "application/x-7z-compressed",
      "application/x-ndjson",
    ]
    return !packed.contains { type.hasPrefix($0) } && !names.contains(type)
  }

  /// An answer as a client with such headers gets it. Parts of files stay as they are: their places are those of the file.
  static func encoded(_ response: RESTResponse, for headers: HTTPFields) async -> RESTResponse {
    func value(_ name: HTTPField.Name) -> String? { response.headers.first { $0.name == name }?.value }
    guard response.status != 206, headers[.range] == nil, value(.contentEncoding) == nil,
      isCompressible(value(.contentType))
    else { return response }
    var response = response.with(.vary, "Accept-Encoding")
    guard let coding = ContentCoding(accepted: headers[.acceptEncoding]) else { return response }
    switch response.body {
    case .bytes(let bytes):
      if bytes.isEmpty { return response }
      let format = coding.format
      let packed = try? await Blocking.run { () throws(StoreError) in
        DeflateStream(format).compress(bytes, isLast: true)
      }
      guard let packed else { return response }
      response.body = .bytes(packed)
    case .stream(_, let produce): response.body = .stream(length: nil, coding.wrapped(produce))
    }
    response.headers.removeAll { $0.name == .acceptRanges }
    return response.with(.contentEncoding, coding.rawValue)
  }

  private func wrapped(_ produce: @escaping RESTResponse.Producer) -> RESTResponse.Producer {
    let format = format
    return { write in
      let stream = DeflateStream(format)
      try await produce { piece in
        let packed = stream.compress(Array(piece.readableBytesView), isLast: false)
        if !packed.isEmpty { try await write(ByteBuffer(bytes: packed)) }
      }
      try await write(ByteBuffer(bytes: stream.compress([], isLast: true)))
    }
  }
}
