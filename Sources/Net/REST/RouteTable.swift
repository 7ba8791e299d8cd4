import HTTPTypes

/// One method of one URI.
struct Route: Sendable {
  typealias Handler = @Sendable (RESTRequest, RESTServices) async throws -> RESTResponse

  let method: HTTPRequest.Method
  /// With `{name}` for what differs: `/patients/{id}/labels/{label}`.
  let pattern: String
  /// What it does, in a line, for the documentation.
  let summary: String
  let handler: Handler
  /// Whether it leaves an audit line: what may change something does, but searches only have their question in the body.
  let isAudited: Bool

  /// - Parameter isAudited: false where something else tells of it.
  init(
    _ method: HTTPRequest.Method, _ pattern: String, _ summary: String, isAudited: Bool = true,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.summary = summary
    self.handler = handler
    self.isAudited = isAudited && method != .get && !Self.questions.contains(pattern)
  }

  /// Whether it may change something.
  var isWrite: Bool { method != .get }

  private static let questions: Set = [
    "/tools/find", "/tools/count-resources", "/tools/lookup", "/tools/bulk-content",
  ]
}

/// All routes, by path.
struct RouteTable: Sendable {
  let routes: [Route]
  private let root: Node

  private struct Node {
    var children: [String: Node] = [:]
    var parameter: (name: String, [Node])?
    var methods: [HTTPRequest.Method: Int] = [:]
  }

  enum Match {
    case route(Route, parameters: [String: String])
    /// The path is there, but not with this method.
    case otherMethods([HTTPRequest.Method])
    case nothing
  }

  init(_ routes: [Route]) {
    self.routes = routes
    var root = Node()
    for (number, route) in routes.enumerated() {
      Self.add(number, route.method, Self.components(route.pattern)[...], to: &root)
    }
    self.root = root
  }

  static func components(_ pattern: String) -> [Substring] { pattern.split(separator: "/") }

  private static func add(
    _ number: Int, _ method: HTTPRequest.Method, _ components: ArraySlice<Substring>, to node: inout Node
  ) {
    guard let first = components.first else {
      precondition(node.methods[method] == nil, "two routes for one method of a path")
      node.methods[method] = number
      return
    }
    if first.hasPrefix("{") {
      let name = String(first.dropFirst().dropLast())
      var child = node.parameter?.1[0] ?? Node()
      precondition(node.parameter.map { $0.name == name } ?? true, "two names for one part of a path")
      add(number, method, components.dropFirst(), to: &child)
      node.parameter = (name, [child])
    } else {
      add(number, method, components.dropFirst(), to: &node.children[String(first), default: Node()])
    }
  }

  /// Finds the route of a path; `{path...}` takes all that is left.
  func match(_ method: HTTPRequest.Method, _ path: [String]) -> Match {
    var node = root
    var parameters: [String: String] = [:]
    for (depth, component) in path.enumerated() {
      if let child = node.children[component] {
        node = child
      } else if let (name, child) = node.parameter {
        node = child[0]
        if name.hasSuffix("...") {
          parameters[String(name.dropLast(3))] = path[depth...].joined(separator: "/")
          break
        }
        parameters[name] = component
      } else {
        return .nothing
      }
    }
    if let number = node.methods[method] { return .route(routes[number], parameters: parameters) }
    if node.methods.isEmpty { return .nothing }
    return .otherMethods(node.methods.keys.sorted { $0.rawValue < $1.rawValue })
  }

  /// The next components behind a pattern, sorted: what Orthanc lists for a path that only has others below.
  static func children(of pattern: String, in routes: [Route]) -> [String] {
    let parent = components(pattern)
    var names: Set<String> = []
    for route in routes {
      let path = components(route.pattern)
      if path.count > parent.count, Array(path[..<parent.count]) == parent,
        !path[parent.count].hasPrefix("{")
      {
        names.insert(String(path[parent.count]))
      }
    }
    return names.sorted()
  }
}
