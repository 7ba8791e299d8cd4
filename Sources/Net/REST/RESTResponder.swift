import Crypto
import DICOM
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import Store

/// Answers requests: who may ask, which route it is, and what a failure looks like.
struct RESTResponder: Sendable {
  let table: RouteTable
  let services: RESTServices
  let security: RESTSecurity
  let logger: Logger

  init(_ services: RESTServices, security: RESTSecurity, logger: Logger) {
    table = RouteTable(Routes.all)
    self.services = services
    self.security = security
    self.logger = logger
  }

  /// - Parameter isLocalSocket: it came over the Unix socket in the storage folder, whose file rights say who may.
  func respond(to request: RESTRequest, isLocalSocket: Bool = false) async -> RESTResponse {
    services.metrics.begin()
    let start = ContinuousClock.now
    var response = await answer(request, isLocalSocket: isLocalSocket)
    services.metrics.end(after: ContinuousClock.now - start)
    response.headers.append((HTTPField.Name("X-Content-Type-Options")!, "nosniff"))
    return response
  }

  private func answer(_ request: RESTRequest, isLocalSocket: Bool) async -> RESTResponse {
    var request = request
    request.isLocalSocket = isLocalSocket
    let isHead = request.method == .head
    if isHead { request.method = .get }
    if !isLocalSocket {
      do throws(RESTSecurity.Refusal) {
        request.user = try security.admit(request)
      } catch {
        services.refusals.note(refusal(request, status: error.response.status))
        return error.response
      }
    }
    var response = await routed(request, describesErrors: isLocalSocket || services.settings.describesErrors)
    if services.settings.compresses { response = await ContentCoding.encoded(response, for: request.headers) }
    if isHead {
      // The length stays, as the body would have it.
      if case .bytes(let bytes) = response.body { response.body = .stream(length: bytes.count) { _ in } }
      if case .stream(let length, _) = response.body { response.body = .stream(length: length) { _ in } }
    }
    return response
  }

  /// Characters of what somebody who was not let in has in the log.
  private static let longestRefused = 120

  /// Who tried what. A path that is none of ours may say anything, and stays out.
  private func refusal(_ request: RESTRequest, status: Int) -> AuditRecord {
    func short(_ text: String) -> String {
      text.count > Self.longestRefused ? text.prefix(Self.longestRefused) + "…" : text
    }
    var record = AuditRecord(request, status: status)
    record.isRefused = true
    record.user = short(RESTSecurity.name(request.headers[.authorization]))
    if case .nothing = table.match(request.method, request.path) { record.uri = "/…" }
    record.uri = short(record.uri)
    return record
  }

  private func routed(_ request: RESTRequest, describesErrors: Bool) async -> RESTResponse {
    func describe(_ error: RESTError) -> RESTResponse {
      self.describe(error, request, inFull: describesErrors)
    }
    switch table.match(request.method, request.path) {
    case .nothing: return describe(RESTError(.unknownResource))
    case .otherMethods(let methods):
      return .empty(405).with(.allow, methods.map(\.rawValue).joined(separator: ","))
    case .route(let route, let parameters):
      var request = request
      request.parameters = parameters
      if route.isAudited { request.subjects = AuditSubjects() }
      let response: RESTResponse
      do {
        response = try await route.handler(request, services)
      } catch let error as RESTError {
        response = describe(error)
      } catch let error as StoreError {
        response = describe(RESTError(error))
      } catch is HTTPParserError {
        response = describe(RESTError(.badRequest, "the body is no HTTP, or is cut off"))
      } catch is CancellationError {
        response = .empty(503)
      } catch {
        logger.error("\(request.method) \(route.pattern): \(error)")
        response = describe(RESTError(.internalError, "\(error)"))
      }
      if route.isAudited { services.audit(request, status: response.status) }
      return response
    }
  }

  private func describe(_ error: RESTError, _ request: RESTRequest, inFull: Bool) -> RESTResponse {
    if error.status >= 500 { logger.warning("\(request.method) \(request.path.first ?? ""): \(error.code)") }
    guard inFull else { return .empty(error.status) }
    return .text(error.description(method: request.method.rawValue, uri: request.uri), status: error.status)
  }
}
