import DICOM
import HTTPTypes
import HummingbirdCore
import NIOCore

/// An HTTP request, as the routes see it.
struct RESTRequest: Sendable {
  var method: HTTPRequest.Method
  /// The path, decoded, without the query.
  var uri: String
  /// The path's components, decoded.
  var path: [String]
  /// The arguments behind `?`, decoded; empty texts for those without a value.
  var query: [String: String]
  var headers: HTTPFields
  /// What stands for `{name}` in the route's pattern.
  var parameters: [String: String] = [:]
  /// The client's address; empty over the Unix socket.
  var peer = ""
  /// Who asks; empty without authentication.
  var user = ""
  /// Whether it came over the Unix socket in the storage folder.
  var isLocalSocket = false
  /// Takes the resources that the body names, where there will be an audit line.
  var subjects: AuditSubjects?
  var body: RequestBody

  /// Throws `RESTError` for a path or query that is badly encoded.
  init(method: HTTPRequest.Method, target: String, headers: HTTPFields, body: RequestBody) throws(RESTError) {
    self.method = method
    self.headers = headers
    self.body = body
    // The form of a proxy's request: with scheme and host.
    var rest = target[...]
    if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...].drop { $0 != "/" }
    }
    rest = rest.prefix { $0 != "#" }
    let split = rest.firstIndex(of: "?") ?? rest.endIndex
    path = []
    for part in rest[..<split].split(separator: "/") {
      path.append(try Self.decoded(part, plusIsBlank: false))
    }
    uri = "/" + path.joined(separator: "/")
    query = [:]
    if split < rest.endIndex {
      for argument in rest[rest.index(after: split)...].split(separator: "&") {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        query[try Self.decoded(parts[0], plusIsBlank: true)] =
          parts.count > 1 ? try Self.decoded(parts[1], plusIsBlank: true) : ""
      }
    }
  }

  /// Percent-encoding (RFC 3986 §2.1); the bytes must be UTF-8 without NUL.
  private static func decoded(_ text: Substring, plusIsBlank: Bool) throws(RESTError) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
          let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw RESTError(.badRequest, "a % in the URI stands before no two hexadecimal digits") }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw RESTError(.badRequest, "the URI is no UTF-8 text")
    }
    return decoded
  }

  /// How long the body says that it is; nil where it does not.
  var length: Int? { headers[.contentLength].flatMap { Int($0) } }

  /// What stands for `{name}` in the route's pattern.
  func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// An argument's whole number. Throws `RESTError` for anything else.
  func number(_ name: String) throws(RESTError) -> Int? {
    guard let text = query[name] else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw RESTError(
        .badRequest, "Expected an unsigned integer for the \"\(name)\" argument, but got: \(text)")
    }
    return number
  }

  /// Whether an argument is there and does not say no: `?expand`, `?expand=true`.
  func flag(_ name: String) -> Bool {
    switch query[name]?.lowercased() {
    case nil, "false", "0", "off", "no": false
    default: true
    }
  }

  /// The body, which may have at most so many bytes. Throws `RESTError` for a longer one.
  func bytes(upTo limit: Int = HTTPLimits.textBody) async throws -> [UInt8] {
    let tooLong = RESTError(.badRequest, "the body has more than \(limit) bytes", status: 413)
    if let length, length > limit { throw tooLong }
    var bytes: [UInt8] = []
    for try await piece in body {
      if bytes.count + piece.readableBytes > limit { throw tooLong }
      bytes += piece.readableBytesView
    }
    return bytes
  }

  /// The body as text. Throws `RESTError` when it is too long or no UTF-8.
  func text() async throws -> String {
    guard let text = String(validating: try await bytes(), as: UTF8.self) else {
      throw RESTError(.badRequest, "the body is no UTF-8 text")
    }
    return text
  }

  /// The body as JSON, nil where it is none.
  func json() async throws -> JSONValue? {
    let text = try await text()
    do {
      return try JSONParser.parse(text)
    } catch {
      return nil
    }
  }

  /// The members of the body's JSON object. Throws `RESTError` for any other body.
  func object() async throws -> [String: JSONValue] {
    guard case .object(let members) = try await json() else {
      throw RESTError(.badRequest, "The body must contain a JSON object")
    }
    return members
  }

  /// The members of the body's JSON object; none for no body at all. Throws `RESTError` for any other body.
  func options() async throws -> [String: JSONValue] {
    let text = try await text()
    if text.trimmingBlanks.isEmpty { return [:] }
    guard case .object(let members)? = try? JSONParser.parse(text) else {
      throw RESTError(.badRequest, "The body must contain a JSON object")
    }
    return members
  }
}
