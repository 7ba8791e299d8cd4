import DICOM
import Store

/// Who changed what over REST, for the log and the Activity screen: public identifiers, labels and names of metadata,
/// attachments and nodes as they stand in the path. Never what stands behind `?`, a body or a patient's name.
public struct AuditRecord: Equatable, Sendable {
  /// Empty without authentication.
  public var user: String
  /// The client's address; empty over the Unix socket.
  public var peer: String
  public var method: String
  public var uri: String
  public var status: Int
  /// What the path names, where that is a resource.
  public var resource: ResourceReference?

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
  }

  /// As the log has it.
  public var line: String {
    let who = user.isEmpty ? "someone" : user
    let from = peer.isEmpty ? "this machine" : peer
    return "\(who) from \(from): \(method) \(uri) → \(status)"
  }
}
