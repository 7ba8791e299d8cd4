#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The storage folder as a place for a Unix socket.
///
/// A socket's path may have 107 bytes. One through the folder's descriptor is short, however deep the folder lies.
final class SocketFolder: Sendable {
  /// What the socket is called.
  static let name = "filmroom.socket"

  private let descriptor: Int32

  /// Nil for a folder that is not there or can't be read.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The path of the socket.
  var path: String { path(of: Self.name) }

  private func path(of name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }

  // MARK: Making it

  /// Where it is made: nobody else can reach it before its rights are set.
  private static let nursery = "incoming/socket"
  private static let newName = nursery + "/new"

  /// A path to bind to, then `publish` gives it its name. Throws `NetError`.
  func prepare() throws(NetError) -> String {
    if mkdirat(descriptor, Self.nursery, 0o700) != 0 && errno != EEXIST { throw failure() }
    return path(of: Self.newName)
  }

  /// Gives the socket its rights, then its name, and with it takes the place of one that a killed process left. Throws
  /// `NetError`.
  func publish() throws(NetError) {
    defer { unlinkat(descriptor, Self.nursery, AT_REMOVEDIR) }
    guard fchmodat(descriptor, Self.newName, 0o600, 0) == 0,
      renameat(descriptor, Self.newName, descriptor, Self.name) == 0
    else {
      let failure = failure()
      unlinkat(descriptor, Self.newName, 0)
      throw failure
    }
  }

  func remove() { unlinkat(descriptor, Self.name, 0) }

  private func failure() -> NetError {
    NetError(.failed, "the socket \(Self.name) can't be made: \(String(cString: strerror(errno)))")
  }
}
