import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension DICOMListener {
  static func isWithoutIPv6(_ error: IOError) -> Bool {
    error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL
  }

  /// A sentence that says what to do when the port can't be had.
  static func bindError(_ error: any Error, _ configuration: DICOMListenerConfiguration) -> NetError {
    let port = configuration.port
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      return NetError(
        .portInUse,
        "The DICOM port \(port) is in use by another program: stop it, or give another port with --dicom-port."
      )
    case EACCES, EPERM:
      return NetError(
        .noPermission,
        "This user may not listen on the DICOM port \(port): choose a port of 1024 or above.")
    case EADDRNOTAVAIL, EAFNOSUPPORT:
      return NetError(.badAddress, "The address \(configuration.host) is not one of this machine's.")
    default:
      if error is SocketAddressError {
        return NetError(.badAddress, "The address \(configuration.host) can't be found.")
      }
      return NetError(.failed, "The DICOM port \(port) can't be listened on: \(error)")
    }
  }
}
