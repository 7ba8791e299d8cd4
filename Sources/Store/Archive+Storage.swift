extension Archive {
  /// How full the archive is, by modality, and who would go next; nothing is scanned.
  ///
  /// Patients have places: who goes next is 0, the protected ones follow behind those that go.
  ///
  /// - Parameters:
  ///   - start: the place of the first patient to name.
  ///   - limit: how many patients to name of those that go next and of those that are protected.
  public func storageUse(from start: Int = 0, limit: Int) async throws(StoreError) -> StorageUse {
    let (limits, free) = (configuration.limits, storage.freeSpace())
    return try await read { db in
      func rows(_ keys: [Int64]) throws -> [ResourceRow] {
        let found = try ResourceRows.fetch(db, .patient, keys: keys)
        let byKey = Dictionary(found.map { ($0.cursor.key, $0) }, uniquingKeysWith: { $1 })
        return keys.compactMap { byKey[$0] }
      }
      let kept = try RecyclingOperations.protectedTotals(db)
      let totals = try ArchiveIndex.totals(db)
      let behind = max(0, start - (totals.patients - kept.patients))
      return StorageUse(
        limits: limits, totals: totals, free: free,
        modalities: try ModalityTotals.all(db),
        order: try rows(try RecyclingOperations.order(db, from: start, limit: limit)),
        protected: try rows(try RecyclingOperations.protected(db, from: behind, limit: limit)),
        protectedPatients: kept.patients, protectedSize: kept.size)
    }
  }
}
