import DICOM

/// What was sent to modalities and peers, for tracing (`LogExportedResources`). ZIP files and exports to the disk are
/// not among it, as with Orthanc.
extension Archive {
  /// Writes down what is sent elsewhere, one entry for each resource that somebody asked to send, where
  /// `LogExportedResources` is on. Resources that are gone are passed over.
  public func recordExport(
    of resources: [ResourceReference], to remote: String
  ) async throws(StoreError) {
    if !configuration.logsExportedResources { return }
    let date = Archive.now()
    try await committer.edit { db in
      for resource in resources { try ExportedOperations.record(db, resource, to: remote, date: date) }
      return EditEffects()
    }
  }

  /// Those behind one of them, in their order; 0 gives them from the first on. A resource that is deleted stays listed.
  public func exportedResources(since: Int64, limit: Int) async throws(StoreError) -> ExportedPage {
    try await read { try ExportedOperations.page($0, since: since, limit: limit) }
  }

  /// The last one; nil where there is none.
  public func lastExportedResource() async throws(StoreError) -> ExportedResource? {
    try await read { try ExportedOperations.last($0) }
  }

  /// Forgets them all; the numbers go on where they were.
  public func clearExportedResources() async throws(StoreError) {
    try await committer.edit { db in
      try ExportedOperations.clear(db)
      return EditEffects()
    }
  }
}
