import DICOM
import HTTPTypes

/// The OpenAPI description of the REST API, made from the routes themselves.
public enum OpenAPIDocument {
  /// OpenAPI 3.0 as JSON.
  public static func text(version: String) -> String { JSONWriter.text(value(Routes.all, version: version)) }

  static func value(_ routes: [Route], version: String) -> JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for route in routes {
      let path = route.pattern.replacing("...}", with: "}")
      paths[path, default: [:]][route.method.rawValue.lowercased()] = operation(route)
    }
    return .object([
      "openapi": .text("3.0.3"),
      "info": .object([
        "title": .text("Filmroom"), "version": .text(version),
        "description": .text("The REST API of Filmroom, which is Orthanc's as far as it goes."),
      ]),
      "paths": .object(paths.mapValues { .object($0) }),
      "components": .object([
        "securitySchemes": .object([
          "basic": .object(["type": .text("http"), "scheme": .text("basic")])
        ])
      ]),
    ])
  }

  private static func operation(_ route: Route) -> JSONValue {
    let folder = route.pattern.split(separator: "/").first.map(String.init) ?? "root"
    var members: [String: JSONValue] = [
      "summary": .text(route.summary), "tags": .texts([folder]), "responses": responses(route),
    ]
    let parameters = parameters(of: route)
    if !parameters.isEmpty { members["parameters"] = .array(parameters) }
    if let body = body(of: route) { members["requestBody"] = body }
    return .object(members)
  }

  /// Those of the path, and the arguments that the summary sets in backquotes.
  private static func parameters(of route: Route) -> [JSONValue] {
    var parameters: [JSONValue] = []
    for part in RouteTable.components(route.pattern) where part.hasPrefix("{") {
      let name = part.dropFirst().dropLast().prefix { $0 != "." }
      parameters.append(
        .object([
          "name": .text(String(name)), "in": .text("path"), "required": .boolean(true),
          "schema": .object(["type": .text("string")]),
        ]))
    }
    if route.method == .get {
      for (number, name) in route.summary.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      where number % 2 == 1 {
        parameters.append(
          .object([
            "name": .text(String(name)), "in": .text("query"), "required": .boolean(false),
            "schema": .object(["type": .text("string")]),
          ]))
      }
    }
    return parameters
  }

  private static func body(of route: Route) -> JSONValue? {
    guard route.method == .post || route.method == .put else { return nil }
    var types: [String: JSONValue] = ["text/plain": .object(["schema": .object(["type": .text("string")])])]
    if route.pattern == "/instances" || route.pattern.hasSuffix("/attachments/{name}") {
      types = [
        "application/octet-stream": .object([
          "schema": .object(["type": .text("string"), "format": .text("binary")])
        ])
      ]
    } else if route.takesJSON {
      types = ["application/json": .object(["schema": .object(["type": .text("object")])])]
    }
    return .object(["required": .boolean(false), "content": .object(types)])
  }

  /// Every answer that the route may give.
  private static func responses(_ route: Route) -> JSONValue {
    var statuses = [200, 400, 401, 404]
    if route.isWrite { statuses += [403, 409, 413, 500, 507] }
    if route.method == .get { statuses += [206, 304, 416, 500] }
    return .object(
      Dictionary(
        statuses.map { (String($0), .object(["description": .text(HTTPStatusText.phrase($0))])) },
        uniquingKeysWith: { first, _ in first }))
  }
}

extension Route {
  /// Whether its body is a JSON object.
  fileprivate var takesJSON: Bool {
    let last = RouteTable.components(pattern).last.map(String.init) ?? ""
    let plain: Set<String> = [
      "lookup", "{name}", "{label}", "protected", "invalidate-tags", "execute-script",
    ]
    let isSetting = pattern.hasPrefix("/tools/") && method == .put
    return !plain.contains(last) && !isSetting
      && !["cancel", "pause", "resume", "resubmit", "compress", "uncompress", "verify-md5"].contains(last)
  }
}
