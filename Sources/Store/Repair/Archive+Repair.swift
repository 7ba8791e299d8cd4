import Logging

extension Archive {
  /// Mends what can be mended from the files themselves, tells each step and writes it into a report. Deletes no file:
  /// what it can't use is moved aside.
  ///
  /// Opens the archive for itself and closes it. A dry run changes nothing but what every start does. Throws
  /// `StoreError`: what `init` throws, `notFound` where there is no archive, and when something can't be written.
  public static func repair(
    _ configuration: ArchiveConfiguration, _ options: RepairOptions, logger: Logger,
    progress: @escaping @Sendable (RepairProgress) -> Void, told: @escaping @Sendable (RepairStep) -> Void
  ) async throws(StoreError) -> RepairOutcome {
    let log = RepairLog(isDryRun: options.isDryRun, told: told)
    let aside = SetAside(root: configuration.storageFolder, date: now())
    let rescue = IndexRescue(
      storage: StorageArea(root: configuration.storageFolder),
      folder: configuration.indexFolder ?? configuration.storageFolder, aside: aside, log: log)
    try rescue.checkArchive()
    if options.isDryRun, let step = try previewed(rescue) {
      try log.tell(step, aside)
      return RepairOutcome(isSound: false, attachments: 0, report: nil)
    }
    let archive = try Archive(configuration, logger: logger, rescue: options.isDryRun ? nil : rescue)
    defer { archive.close() }
    let run = RepairRun(archive, options, aside: aside, log: log, progress: progress)
    try await run.run()
    return RepairOutcome(isSound: log.isSound, attachments: run.checked, report: aside.reportPath)
  }

  /// What would be done about the index, and then about every file.
  private static func previewed(_ rescue: IndexRescue) throws(StoreError) -> RepairStep? {
    let lock = try FolderLock(folder: rescue.storage.root)
    defer { lock.release() }
    guard var step = try rescue.step() else { return nil }
    let ahead = Set(rescue.storage.leftovers().filter(rescue.storage.isMadeAhead))
    var files = 0
    rescue.storage.forEachFile { name, _ in if !ahead.contains(name) { files += 1 } }
    step.detail += ". Files to read: \(files)"
    return step
  }
}
