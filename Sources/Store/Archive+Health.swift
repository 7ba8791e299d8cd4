import Glibc

extension Archive {
  /// Less room than this, and than a twentieth of the disk, is told before it is gone.
  private static let scarceBytes: Int64 = 1 << 30

  /// Why instances can't be stored, or soon can't be, in a few words; nil while all is well. Asks the file system,
  /// so that it is known before an instance comes and until there is room again.
  public func storageProblem() -> String? {
    var status = statvfs()
    if statvfs(configuration.storageFolder, &status) != 0 {
      return "storage folder: \(String(cString: strerror(errno)))"
    }
    if status.f_flag & UInt(ST_RDONLY) != 0 { return "storage is read-only" }
    let free = Int64(status.f_bavail) * Int64(status.f_frsize)
    let isScarce = free < min(Self.scarceBytes, Int64(status.f_blocks) * Int64(status.f_frsize) / 20)
    if let problem = health.current {
      switch problem.code {
      case .storageFull: if isScarce { return "storage is full" }
      case .storageUnusable: return "storage can't be written"
      default: return "storage fails, see the log"
      }
    }
    return isScarce ? "only \(free >> 20) MB free" : nil
  }
}
