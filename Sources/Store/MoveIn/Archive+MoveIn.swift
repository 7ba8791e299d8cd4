import Glibc

extension Archive {
  /// Takes in everything that an Orthanc has in a storage folder: instances with when and from whom they came, labels,
  /// metadata, attachments that people added, and the protection of patients. The folder is only read; Orthanc must
  /// have stopped. What the archive has already is passed over, so that a run that was interrupted is simply
  /// started again.
  ///
  /// - Parameters:
  ///   - indexFolder: where the index lies, if not in the storage folder.
  ///   - told: hears each thing that does not move as it was.
  ///   - isCancelled: ends it between two instances.
  /// - Throws: `StoreError` where the folder can't be read at all, an Orthanc runs on it, its index has another version
  ///   than 6, or the archive can take no more.
  public func moveIn(
    orthanc folder: String, indexFolder: String? = nil,
    progress: @escaping @Sendable (MoveInReport) -> Void, told: @escaping @Sendable (MoveInFault) -> Void,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) async throws(StoreError) -> MoveInReport {
    let orthanc = try OrthancFolder(folder, indexFolder: indexFolder)
    // In our own folder: what the index says is nobody else's business.
    let place = storage.root + "/moving-in"
    Self.removeCopy(place)
    if mkdir(place, 0o700) != 0 { throw SystemError.last("create", place) }
    defer { Self.removeCopy(place) }
    let index = try OrthancIndex(copy: try orthanc.copyIndex(to: place), named: orthanc.index)
    return try await MoveIn(self, orthanc, index, progress: progress, told: told, isCancelled: isCancelled)
      .run()
  }

  private static func removeCopy(_ place: String) {
    for name in StorageArea.names(in: place) { unlink(place + "/" + name) }
    rmdir(place)
  }
}
