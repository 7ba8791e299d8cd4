import GRDB
import Glibc

extension Archive {
  /// How full the archive is, by modality, and who would go next; nothing is scanned.
  ///
  /// - Parameter limit: how many patients to name of those that go next and of those that are protected.
  public func storageUse(limit: Int) async throws(StoreError) -> StorageUse {
    let (limits, free) = (configuration.limits, storage.freeSpace())
    let (stableAge, now) = (Int64(configuration.stableAge), Archive.now())
    return try await read { db in
      func rows(_ keys: [Int64]) throws -> [ResourceRow] {
        // One by one: together they would lose their order.
        try keys.compactMap {
          try ResourceRows.fetch(db, .patient, keys: [$0], stableAge: stableAge, now: now).first
        }
      }
      let kept = try RecyclingOperations.protectedTotals(db)
      return StorageUse(
        limits: limits, totals: try ArchiveIndex.totals(db), free: free,
        modalities: try ModalityTotals.all(db),
        order: try rows(try RecyclingOperations.order(db, limit: limit)),
        protected: try rows(try RecyclingOperations.protected(db, limit: limit)),
        protectedPatients: kept.patients, protectedSize: kept.size)
    }
  }
}
