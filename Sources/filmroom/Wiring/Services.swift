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
  /// The REST API; at least on the Unix socket in the storage folder. Never nil once everything runs.
  let http: HTTPListener?
  let controls: ProgramControls
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
    controls = ProgramControls(log: log, logger: log.logger(level: logger.logLevel, category: "http"))
    let rules = ReceptionRules(settings.listener)
    var started = Started()
    do {
      let nodes = try waitFor {
        try await KnownNodes(
          modalities: settings.listener.modalities, peers: settings.peers, kept: settings.keptNodes,
          in: archive, logger: logger)
      }
      if settings.isListenerOn {
        let dicomLogger = log.logger(level: logger.logLevel, category: "dicom")
        started.listener = try waitFor {
          try await DICOMListener.start(
            settings.listener, store: archive, rules: rules, nodes: nodes, logger: dicomLogger)
        }
      }
      started.hooks = try Self.hooks(settings, archive, logger)
      let jobs = try JobsEngine(
        archive, settings.jobs, logger: log.logger(level: logger.logLevel, category: "jobs"))
      started.jobs = jobs
      http = try Self.http(
        settings, archive, jobs, nodes: nodes, rules: rules, controls: controls,
        dicomPort: started.listener?.port,
        logger: log.logger(level: logger.logLevel, category: "http"))
      self.jobs = jobs
    } catch {
      started.stop()
      archive.close()
      throw error
    }
    listener = started.listener
    hooks = started.hooks
    logger.notice("storage \(settings.archive.storageFolder)")
  }

  /// What runs already when something else can't be started.
  private struct Started {
    var listener: DICOMListener?
    var hooks: HooksEngine?
    var jobs: JobsEngine?

    func stop() {
      try? waitFor { [self] in
        await listener?.stop()
        await jobs?.close()
        await hooks?.close()
      }
    }
  }

  /// A port that nobody asked for may be taken: another Orthanc's, for instance. Then there is only the Unix socket.
  private static func http(
    _ settings: Settings, _ archive: Archive, _ jobs: JobsEngine, nodes: KnownNodes, rules: ReceptionRules,
    controls: ProgramControls, dicomPort: Int?, logger: Logger
  ) throws -> HTTPListener? {
    var configuration = settings.http.listener
    configuration.socketFolder = settings.archive.storageFolder
    if !settings.http.isOn { configuration.hosts = [] }
    var rest = settings.rest
    rest.aeTitle = settings.listener.aeTitle
    rest.dicomPort = dicomPort ?? settings.listener.port
    rest.httpPort = settings.http.listener.port
    rest.isSecure = settings.http.listener.certificate != nil
    func start(_ configuration: HTTPListenerConfiguration) throws -> HTTPListener {
      try waitFor { [rest] in
        try await HTTPListener.start(
          configuration, archive: archive, jobs: jobs, settings: rest, nodes: nodes, reception: rules,
          program: controls, logger: logger)
      }
    }
    do {
      return try start(configuration)
    } catch let error as NetError where error.code == .portInUse && !settings.http.isPortChosen {
      logger.warning("no REST API: \(error.message)")
      configuration.hosts = []
      return try start(configuration)
    }
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
    if let http { try? waitFor { await http.stop() } }
    if let listener { try? waitFor { await listener.stop() } }
    try? waitFor { [jobs, hooks] in
      await jobs.close()
      await hooks?.close()
    }
    archive.close()
    logger.notice("stopped")
  }

  /// Where the archive of a command is: opened by itself, or held by another Filmroom that answers for it.
  enum Holder {
    case here(Archive)
    case elsewhere(LocalArchive)

    func close() { if case .here(let archive) = self { archive.close() } }

    /// Begins an import, which must be finished. Throws `StoreError`.
    func beginImport() async throws(StoreError) -> any ImportTarget {
      switch self {
      case .here(let archive): archive
      case .elsewhere(let archive): try await archive.beginImport()
      }
    }
  }

  /// The archive, or the process that holds it. Throws `StoreError`: `storageInUse` when that one answers nobody.
  static func holder(_ options: CommonOptions, log: LogStore, mustExist: Bool = false) throws -> Holder {
    do {
      return .here(try archive(options, log: log, mustExist: mustExist))
    } catch let error as StoreError where error.code == .storageInUse {
      let folder = try settings(options).archive.storageFolder
      guard let other = try waitFor({ await LocalArchive.connect(storageFolder: folder) }) else {
        throw error
      }
      return .elsewhere(other)
    }
  }

  private static func settings(_ options: CommonOptions) throws -> Settings {
    try Settings.load(
      configuration: options.config, overrides: Settings.Overrides(storage: options.storage),
      environment: ProcessInfo.processInfo.environment)
  }

  /// The archive and nothing else, for commands that only need it.
  static func archive(_ options: CommonOptions, log: LogStore, mustExist: Bool = false) throws -> Archive {
    var settings = try settings(options)
    settings.archive.mustExist = mustExist
    let logger = log.logger(level: .warning)
    for warning in settings.warnings { logger.warning("\(warning)") }
    return try Failure.opening { () throws(StoreError) in try Archive(settings.archive, logger: logger) }
  }
}

extension LogStore {
  func logger(level: Logger.Level, category: String = "generic") -> Logger {
    Logger(label: "filmroom") { _ in LogStoreHandler(self, category: category, level: level) }
  }
}
