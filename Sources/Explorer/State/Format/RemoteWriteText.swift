import Store

/// A write over REST as the Activity screen shows it.
enum RemoteWriteText {
  /// `REST DELETE`, `REST PUT refused: 409`, `3 × REST POST`.
  static func what(_ write: RemoteWrite, count: Int) -> String {
    let times = count == 1 ? "" : NumberText.count(count) + " × "
    let end =
      switch write.status {
      case ..<400: ""
      case ..<500: " refused: \(write.status)"
      default: " failed: \(write.status)"
      }
    return times + "REST " + write.method + end
  }

  /// The URI; of identifiers the beginning, as elsewhere on the screen.
  static func uri(_ write: RemoteWrite, ellipsis: Unicode.Scalar) -> String {
    write.uri.split(separator: "/", omittingEmptySubsequences: false).map { part in
      PublicID(String(part)) == nil ? String(part) : part.prefix(8) + String(ellipsis)
    }.joined(separator: "/")
  }

  static func who(_ write: RemoteWrite) -> String {
    let place = write.peer.isEmpty ? "this machine" : write.peer
    return write.user.isEmpty ? place : write.user + ", " + place
  }
}
