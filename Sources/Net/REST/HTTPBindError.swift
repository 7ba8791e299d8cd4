import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A sentence that says what to do when the HTTP port can't be had.
enum HTTPBindError {
  static func error(_ error: any Error, host: String, port: Int) -> NetError {
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      NetError(
        .portInUse,
        "The HTTP port \(port) is in use by another program: stop it, or give another port with --http-port.")
    case EACCES, EPERM:
      NetError(
        .noPermission, "This user may not listen on the HTTP port \(port): choose a port of 1024 or above.")
    default:
      NetError(.failed, "The HTTP port \(port) of \(host) can't be listened on: \(error)")
    }
  }
}
