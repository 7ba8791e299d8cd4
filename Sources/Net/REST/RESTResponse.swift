import DICOM
import HTTPTypes
import NIOCore

/// An answer, as the routes give it.
struct RESTResponse: Sendable {
  /// Gives the pieces of a body, one behind the other. Throws to break the connection off.
  typealias Producer = @Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void

  enum Body: Sendable {
    case bytes([UInt8])
    /// Of so many bytes, where that is known.
    case stream(length: Int?, Producer)
  }

  var status: Int
  var headers: [(name: HTTPField.Name, value: String)] = []
  var body: Body

  /// Nothing but a status.
  static func empty(_ status: Int) -> RESTResponse { RESTResponse(status: status, body: .bytes([])) }

  static func text(_ text: String, type: String = "text/plain", status: Int = 200) -> RESTResponse {
    RESTResponse(status: status, headers: [(.contentType, type)], body: .bytes(Array(text.utf8)))
  }

  static func json(_ value: JSONValue) -> RESTResponse {
    bytes(JSONWriter.bytes(value), type: "application/json; charset=utf-8")
  }

  /// What Orthanc answers where there is nothing to say: `{}`.
  static let done = text("{}", type: "application/json")

  /// What Orthanc answers to most writes.
  static let written = text("")

  static func bytes(_ bytes: [UInt8], type: String) -> RESTResponse {
    RESTResponse(status: 200, headers: [(.contentType, type)], body: .bytes(bytes))
  }

  func with(_ name: HTTPField.Name, _ value: String) -> RESTResponse {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  /// With a name for the file that a browser saves it to.
  func named(_ name: String) -> RESTResponse {
    with(.contentDisposition, "filename=\"\(name)\"")
  }
}
