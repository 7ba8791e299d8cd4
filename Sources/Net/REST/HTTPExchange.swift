import HTTPTypes
import HummingbirdCore
import NIOCore

/// One request and its answer, between Hummingbird and the routes.
///
/// The connection's task runs on the thread of its event loop. Only a small upload is answered there: waking another
/// thread and being woken by it would take longer than to store it. The rest is for the threads of all tasks.
enum HTTPExchange {
  static func run(
    _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel,
    _ responder: RESTResponder,
    isLocal: Bool
  ) async throws {
    let answer =
      UploadRoutes.isSmall(request)
      ? await respond(request, channel, responder, isLocal: isLocal)
      : await withTaskExecutorPreference(globalConcurrentExecutor) {
        await respond(request, channel, responder, isLocal: isLocal)
      }
    var fields = HTTPFields()
    for (name, value) in answer.headers { fields.append(HTTPField(name: name, value: value)) }
    let status = HTTPResponse.Status(
      code: answer.status, reasonPhrase: HTTPStatusText.phrase(answer.status))
    switch answer.body {
    case .bytes(let bytes):
      fields[.contentLength] = String(bytes.count)
      try await writer.write(
        response: HTTPResponse(status: status, headerFields: fields),
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .stream(let length, let produce):
      if let length { fields[.contentLength] = String(length) }
      let head = HTTPResponse(status: status, headerFields: fields)
      if request.method == .head { return try await writer.writeResponse(head) }
      var body = try await writer.writeHead(head)
      try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try await produce { try await body.write($0) }
      }
      try await body.finish(nil)
    }
  }

  private static func respond(
    _ request: Request, _ channel: any Channel, _ responder: RESTResponder, isLocal: Bool
  ) async -> RESTResponse {
    let target = request.head.path ?? "/"
    if target.utf8.count > HTTPLimits.uri { return .empty(414) }
    var headers = request.headers
    // Hummingbird keeps the host apart.
    if let host = request.head.authority { headers[HTTPField.Name("X-Host")!] = host }
    do throws(RESTError) {
      var received = try RESTRequest(
        method: request.method, target: target, headers: headers, body: request.body)
      received.peer = isLocal ? "" : channel.remoteAddress?.ipAddress ?? ""
      return await responder.respond(to: received, isLocalSocket: isLocal)
    } catch {
      return .text(
        error.description(method: request.method.rawValue, uri: target), status: error.status)
    }
  }
}
