import DICOM
import Dispatch
import GRDB
import Glibc
import Logging

/// The archive: everything that is kept and the rules about it. The explorer, the REST routes, the DIMSE
/// services and the command line all call these operations.
///
/// Writes are serialised and durable before they return; reads run on snapshots beside them and see everything
/// that was acknowledged before.
public final class Archive: Sendable {
  public let configuration: ArchiveConfiguration
  let storage: StorageArea
  let index: ArchiveIndex
  let committer: Committer
  let arrivals: Arrivals
  let hub = EventHub()
  let health = StorageHealth()
  let unindexed = UnindexedInstances()
  let mainTags: MainDicomTags
  let collectedTags: CollectedTags
  let names: MetadataNames
  let attachmentNames: AttachmentNames
  private let lock: FolderLock
  let logger: Logger

  /// Opens an archive, or creates one in an empty or missing folder, and cleans up after a crash.
  ///
  /// Throws `StoreError`: `storageInUse` while another process has it, `storageUnusable` for a folder that
  /// can't be written, holds something else or was written by a newer version.
  public convenience init(_ configuration: ArchiveConfiguration, logger: Logger) throws(StoreError) {
    try self.init(configuration, logger: logger, rescue: nil)
  }

  /// - Parameters:
  ///   - rescue: looks after the index before it is opened, once the folder is locked.
  ///   - isUnfinishedBackup: whether it is opened by the backup that is about to finish it.
  init(
    _ configuration: ArchiveConfiguration, logger: Logger, rescue: IndexRescue? = nil,
    isUnfinishedBackup: Bool = false
  ) throws(StoreError) {
    if !isUnfinishedBackup { try BackupMark.refuseUnfinished(configuration.storageFolder) }
    self.configuration = configuration
    self.logger = logger
    mainTags = MainDicomTags(extra: configuration.extraMainDicomTags)
    collectedTags = CollectedTags(mainTags.collected)
    names = MetadataNames(configuration.userMetadata)
    attachmentNames = AttachmentNames(configuration.userAttachments)
    storage = StorageArea(root: configuration.storageFolder)
    let indexFolder = configuration.indexFolder ?? configuration.storageFolder
    let hasIndex = ArchiveIndex.exists(in: indexFolder)
    if configuration.mustExist && !hasIndex && !storage.hasFiles {
      throw StoreError(.notFound, "there is no archive in \(indexFolder)")
    }
    try StorageArea.createFolder(configuration.storageFolder)
    if rescue == nil {
      try ArchiveIndex.rejectForeign(configuration.storageFolder)
      // An empty index beside images would take them all for strangers.
      if !hasIndex && storage.hasFiles {
        throw StoreError(
          .notFound,
          "there are images in \(configuration.storageFolder), but their index "
            + "\(ArchiveIndex.path(in: indexFolder)) is missing")
      }
    }
    lock = try FolderLock(folder: configuration.storageFolder)
    try storage.prepare()
    try StorageArea.createFolder(indexFolder)
    try rescue?.run()
    index = try ArchiveIndex(folder: indexFolder, storage: storage)
    let records = try IngestJournal.records(in: storage.journal)
    let applied = try index.readNow { try JournalOperations.applied($0) }
    let journal = try IngestJournal(
      folder: storage.journal, sequence: max(applied, records.last?.sequence ?? 0))
    // What was made just now has its names for good before anything is promised.
    for folder in [configuration.storageFolder, indexFolder] { try StorageArea.syncFolder(folder) }
    committer = Committer(
      index: index, storage: storage, mainTags: mainTags, limits: configuration.limits,
      stableAge: configuration.stableAge, events: hub, health: health, logger: logger)
    arrivals = Arrivals(journal, storage: storage, index: index, committer: committer, logger: logger)
    let replay = JournalReplay(
      storage: storage, index: index, committer: committer, mainTags: mainTags,
      overwrite: configuration.overwriteInstances, logger: logger)
    try Recovery(storage: storage, index: index, replay: replay, logger: logger).run(records)
    try committer.begin()
  }

  /// Finishes what is being written and closes. Operations that come later throw `StoreError.closed`.
  public func close() {
    arrivals.close()
    committer.close()
    storage.lastingNames.close(in: storage)
    try? index.pool.writeWithoutTransaction { db in
      try PropertyOperations.set(db, PropertyOperations.cleanShutdown, "1")
    }
    try? index.emptyLog()
    try? index.pool.close()
    hub.finish()
    lock.release()
  }

  /// Seconds since 1970, UTC.
  static func now() -> Int64 { Int64(time(nil)) }

  /// Whether an instance is in the archive, with its file.
  func holds(_ instance: PublicID) throws(StoreError) -> Bool {
    try index.readNow { db in
      guard let key = try ArchiveIndex.key(db, ResourceReference(.instance, instance)) else { return false }
      return try !IngestOperations.isLost(db, instance: key)
    }
  }

  static let blockingQueue = DispatchQueue(label: "filmroom.files", attributes: .concurrent)

  /// Runs blocking work away from the threads that must not block.
  static func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      blockingQueue.async {
        do throws(StoreError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}
