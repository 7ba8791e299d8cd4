import Glibc
import Logging

extension Archive {
  /// Makes, or brings up to date, a copy of an archive in another folder, while a process may use the archive: what
  /// was acknowledged when it began is in it. The copy is an archive itself.
  ///
  /// Blocks: not for an event loop. A run that ends early leaves the previous copy as it was, with some files more, or
  /// says at the next opening that the copy is unfinished; the next run completes it.
  ///
  /// - Parameters:
  ///   - fault: hears of each file of the archive that is missing or damaged.
  ///   - isCancelled: ends it between two files; throws `StoreError.closed` then.
  /// - Throws: `StoreError`: no archive, a folder that holds something else, no room, or the copy is in use.
  public static func backup(
    _ configuration: ArchiveConfiguration, to folder: String, logger: Logger,
    progress: @escaping (BackupReport) -> Void, fault: @escaping (Fault) -> Void,
    isCancelled: @escaping () -> Bool = { false }
  ) throws(StoreError) -> BackupReport {
    var run = try BackupRun(
      configuration, folder, logger: logger, progress: progress, fault: fault, isCancelled: isCancelled)
    return try run.run()
  }
}
