import DICOM
import Store

/// Who changed what over REST, or was not let in, for the log and the Activity screen: public identifiers, labels and names
/// of metadata, attachments and nodes as they stand in the path. Never what stands behind `?`, a value of a body or a
/// patient's name.
public struct AuditRecord: Equatable, Sendable {
  /// Empty without authentication; who it said it was, where it was not let in.
  public var user: String
  /// The client's address; empty over the Unix socket.
  public var peer: String
  public var method: String
  public var uri: String
  public var status: Int
  /// What the path names, or the body alone, where that is a resource.
  public var resource: ResourceReference?
  /// The first of the resources that the body names.
  public var subjects: [ResourceReference] = []
  /// How many resources the body names.
  public var subjectCount = 0
  /// Whether nobody was let in: nothing happened.
  public var isRefused = false
  /// Refused requests of the same address within a second that have no line of their own.
  public var others = 0

  init(_ request: RESTRequest, status: Int) {
    user = request.user
    peer = request.peer
    method = request.method.rawValue
    self.status = status
    var path = request.path
    if path.count > 1, let level = ResourceLevel.allCases.first(where: { ResourcePath.folder($0) == path[0] })
    {
      if let id = PublicID(path[1]) {
        resource = ResourceReference(level, id)
      } else {
        // It may be a name that somebody took for an identifier.
        path[1] = "{id}"
      }
    }
    uri = "/" + path.joined(separator: "/")
    if let named = request.subjects?.all {
      (subjects, subjectCount) = named
      if subjectCount == 1 { resource = resource ?? subjects[0] }
    }
  }

  /// As the log has it.
  public var line: String {
    let from = peer.isEmpty ? "this machine" : peer
    if isRefused {
      let who = user.isEmpty ? "somebody without a name" : "somebody as “\(user)”"
      let more = others == 0 ? "" : ", and \(others) more requests within a second"
      return "\(who) from \(from) was not let in: \(method) \(uri) → \(status)\(more)"
    }
    let who = user.isEmpty ? "someone" : user
    let named = subjects(by: { "/\(ResourcePath.folder($0.level))/\($0.id)" })
    return "\(who) from \(from): \(method) \(uri)\(named) → \(status)"
  }

  /// The resources that the body names, in brackets; empty for none.
  public func subjects(by name: (ResourceReference) -> String) -> String {
    if subjects.isEmpty { return "" }
    let left = subjectCount - subjects.count
    return " (" + subjects.map(name).joined(separator: ", ") + (left > 0 ? " and \(left) more" : "") + ")"
  }
}
