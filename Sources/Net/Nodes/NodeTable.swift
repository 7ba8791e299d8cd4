import DICOM
import Logging
import Store
import Synchronization

/// A modality or a peer.
protocol KnownNode: Sendable {
  var name: String { get }
  init(name: String, json: JSONValue) throws(NodeFault)
  /// As the archive keeps it; the above reads it.
  var keptJSON: JSONValue { get }
  /// What several of them are called.
  static var property: String { get }
}

/// Nodes by name. Where the archive keeps them, a change is on the disk before it is seen here.
final class NodeTable<Node: KnownNode>: Sendable {
  typealias Observer = @Sendable ([Node]) async -> Void

  private struct State {
    var nodes: [String: Node]
    /// Counts what was written to the archive, so that of two changes at once the later one holds here as well.
    var version = 0
    var observers: [Observer] = []
  }

  private let state: Mutex<State>
  private let archive: Archive?
  private let property: GlobalProperty
  private let logger: Logger?
  private let writes = Atomic<Int>(0)

  /// Nodes that last until the program ends.
  init(_ nodes: [Node]) {
    state = Mutex(State(nodes: Dictionary(nodes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })))
    archive = nil
    property = GlobalProperty(rawValue: 0)
    logger = nil
  }

  /// Nodes that an archive keeps.
  init(keptIn archive: Archive, as property: GlobalProperty, logger: Logger) async throws(StoreError) {
    self.archive = archive
    self.property = property
    self.logger = logger
    let text = try await archive.globalProperty(property)
    state = Mutex(State(nodes: [:]))
    let members = Self.members(text)
    if members == nil {
      logger.warning(
        "the \(Node.property) that the archive keeps (global property \(property.rawValue)) are no JSON object: there are none until new ones are set"
      )
    }
    let nodes = read(members ?? [:])
    state.withLock { $0.nodes = nodes }
  }

  /// By name.
  var all: [Node] { state.withLock { $0.nodes.values.sorted { $0.name < $1.name } } }

  subscript(name: String) -> Node? { state.withLock { $0.nodes[name] } }

  /// Hears all of them after each change, before whoever made it goes on.
  func observe(_ observer: @escaping Observer) { state.withLock { $0.observers.append(observer) } }

  /// Adds one, or takes the place of the one of that name. Throws `StoreError` when it can't be kept.
  func set(_ node: Node) async throws(StoreError) { try await change(node.name, to: node) }

  /// False where there is none of that name.
  func remove(_ name: String) async throws(StoreError) -> Bool {
    if self[name] == nil { return false }
    try await change(name, to: nil)
    return true
  }

  private func change(_ name: String, to node: Node?) async throws(StoreError) {
    if let archive {
      try await write(name, node, to: archive)
    } else {
      state.withLock { $0.nodes[name] = node }
    }
    let (nodes, observers) = (all, state.withLock { $0.observers })
    for observer in observers { await observer(nodes) }
  }

  /// Others' members stay as they are, also what we don't know of them.
  private func write(_ name: String, _ node: Node?, to archive: Archive) async throws(StoreError) {
    let written = Mutex((version: 0, members: [String: JSONValue]()))
    _ = try await archive.editGlobalProperty(property) { text in
      var members = Self.members(text) ?? [:]
      members[name] = node?.keptJSON
      let version = self.writes.add(1, ordering: .relaxed).newValue
      written.withLock { $0 = (version, members) }
      return JSONWriter.text(.object(members))
    }
    let (version, members) = written.withLock { $0 }
    let nodes = read(members)
    state.withLock { state in
      if version > state.version { (state.nodes, state.version) = (nodes, version) }
    }
  }

  /// Nil for what is no JSON object.
  private static func members(_ text: String?) -> [String: JSONValue]? {
    guard let text else { return [:] }
    guard case .object(let members)? = try? JSONParser.parse(text) else { return nil }
    return members
  }

  private func read(_ members: [String: JSONValue]) -> [String: Node] {
    var nodes: [String: Node] = [:]
    for (name, json) in members {
      do throws(NodeFault) {
        nodes[name] = try Node(name: name, json: json)
      } catch {
        logger?.warning(
          "\(name) of the \(Node.property) that the archive keeps is left out: allowed is \(error.allowed)")
      }
    }
    return nodes
  }
}
