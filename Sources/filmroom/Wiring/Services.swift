import Explorer
import Foundation
import Logging
import Net
import Store

/// The archive and the listener of this process, started and stopped together.
final class Services: Sendable {
  let settings: Settings
  let archive: Archive
  let jobs: JobsEngine
  /// Nil where no hook is configured.
  let hooks: HooksEngine?
  let listener: DICOMListener?
  let logger: Logger
  let log: LogStore

  /// Opens the archive and starts to listen. Throws `StoreError` or `NetError`; then nothing runs.
  init(_ settings: Settings, log: LogStore, logger: Logger) throws {
    self.settings = settings
    self.log = log
    self.logger = logger
    for warning in settings.warnings { logger.warning("\(warning)") }
    let archive = try Failure.opening { () throws(StoreError) in
      try Archive(settings.archive, logger: logger)
    }
    self.archive = archive
    do {
      listener =
        settings.isListenerOn
        ? try waitFor { try await DICOMListener.start(settings.listener, store: archive, logger: logger) }
        : nil
    } catch {
      archive.close()
      throw error
    }
    do {
      hooks = try Self.hooks(settings, archive, logger)
      jobs = try JobsEngine(archive, settings.jobs, logger: logger)
    } catch {
      if let listener { try? waitFor { await listener.stop() } }
      archive.close()
      throw error
    }
    logger.notice("storage \(settings.archive.storageFolder)")
  }

  private static func hooks(
    _ settings: Settings, _ archive: Archive, _ logger: Logger
  ) throws -> HooksEngine? {
    if settings.hooks.isEmpty { return nil }
    return try waitFor {
      try await HooksEngine(
        archive, hooks: settings.hooks, timeout: settings.hookTimeout, patience: settings.hookPatience,
        logger: logger)
    }
  }

  /// Lets running messages finish, then closes.
  func stop() {
    if let listener { try? waitFor { await listener.stop() } }
    try? waitFor { [jobs, hooks] in
      await jobs.close()
      await hooks?.close()
    }
    archive.close()
    logger.notice("stopped")
  }

  /// The archive and nothing else, for commands that only need it.
  static func archive(_ options: CommonOptions, log: LogStore, mustExist: Bool = false) throws -> Archive {
    var settings = try Settings.load(
      configuration: options.config, overrides: Settings.Overrides(storage: options.storage),
      environment: ProcessInfo.processInfo.environment)
    settings.archive.mustExist = mustExist
    let logger = log.logger(level: .warning)
    for warning in settings.warnings { logger.warning("\(warning)") }
    return try Failure.opening { () throws(StoreError) in try Archive(settings.archive, logger: logger) }
  }
}

extension LogStore {
  func logger(level: Logger.Level) -> Logger {
    Logger(label: "filmroom") { _ in LogStoreHandler(self, level: level) }
  }
}
