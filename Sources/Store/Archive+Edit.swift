import DICOM
import GRDB
import Synchronization

/// What can be changed. Each is one commit: all of it or nothing.
extension Archive {
  /// Adds and removes labels of many resources. Throws `badValue` for a label that is not allowed; resources
  /// that are gone are passed over.
  public func editLabels(
    adding: [String], removing: [String], on resources: [ResourceReference]
  ) async throws(StoreError) {
    for label in adding { try LabelOperations.check(label) }
    let date = Archive.now()
    try await committer.edit { db in
      var effects = EditEffects()
      for resource in resources {
        guard let key = try ArchiveIndex.key(db, resource) else { continue }
        var changed: [String] = []
        for label in adding where try LabelOperations.add(db, label, resource.level, key: key) {
          changed.append("+" + label)
        }
        for label in removing where try LabelOperations.remove(db, label, resource.level, key: key) {
          changed.append("-" + label)
        }
        if !changed.isEmpty {
          effects.changes.append(
            Change(
              sequence: 0, type: .updatedLabels, resource: resource, date: date,
              title: try ChangeOperations.title(db, resource.level, key: key),
              detail: changed.joined(separator: " ")))
        }
      }
      return effects
    }
  }

  /// Sets a user-defined value and returns its new revision. Throws `notFound`, `readOnly`, `badValue`, or
  /// `revisionConflict` unless the value is at the expected revision.
  public func setMetadata(
    _ metadata: MetadataKey, to value: String, expecting expected: ExpectedRevision,
    on resource: ResourceReference
  ) async throws(StoreError) -> Int {
    try MetadataOperations.check(metadata, value)
    let (date, name) = (Archive.now(), names.name(of: metadata))
    let check = revisionCheck(expected, "metadata \(name)")
    let revision = Mutex(0)
    try await committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      let new = try MetadataOperations.set(
        db, metadata, value, if: check, resource.level, key: key)
      revision.withLock { $0 = new }
      return try Self.updatedMetadata(db, resource, key: key, name: name, date: date)
    }
    if let advice = MetadataOperations.advice(value, name, of: resource) { logger.warning("\(advice)") }
    return revision.withLock { $0 }
  }

  /// Removes a user-defined value. Throws as `setMetadata` does.
  public func removeMetadata(
    _ metadata: MetadataKey, expecting expected: ExpectedRevision, on resource: ResourceReference
  ) async throws(StoreError) {
    try MetadataOperations.checkUserDefined(metadata)
    let (date, name) = (Archive.now(), names.name(of: metadata))
    let check = revisionCheck(expected, "metadata \(name)")
    try await committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, resource)
      try MetadataOperations.remove(db, metadata, if: check, resource.level, key: key)
      return try Self.updatedMetadata(db, resource, key: key, name: name, date: date)
    }
  }

  func revisionCheck(_ expected: ExpectedRevision, _ subject: String) -> RevisionCheck {
    RevisionCheck(expected: expected, isRequired: configuration.checksRevisions, subject: subject)
  }

  private static func updatedMetadata(
    _ db: Database, _ resource: ResourceReference, key: Int64, name: String, date: Int64
  ) throws -> EditEffects {
    var change = try ChangeOperations.record(
      db, .updatedMetadata, resource, key: key, date: date,
      title: try ChangeOperations.title(db, resource.level, key: key))
    change.detail = name
    return EditEffects(changes: [change])
  }

  /// Protects patients from recycling, or takes the protection away. Patients that are gone are passed over.
  public func setProtected(_ isProtected: Bool, patients: [PublicID]) async throws(StoreError) {
    let date = Archive.now()
    try await committer.edit { db in
      var effects = EditEffects()
      for patient in patients {
        let resource = ResourceReference(.patient, patient)
        guard let key = try ArchiveIndex.key(db, resource) else { continue }
        if try RecyclingOperations.setProtected(db, patient: key, isProtected) {
          effects.changes.append(
            Change(
              sequence: 0, type: .updatedProtection, resource: resource, date: date,
              title: try ChangeOperations.title(db, .patient, key: key),
              detail: isProtected ? "protected" : "no longer protected"))
        }
      }
      return effects
    }
  }

  /// Deletes resources with everything below them and parents that are left empty. Returns how many instances
  /// went; resources that are gone already count nothing.
  public func delete(_ resources: [ResourceReference]) async throws(StoreError) -> Int {
    let date = Archive.now()
    let count = Mutex(0)
    try await committer.edit { db in
      var effects = EditEffects()
      var instances = 0
      for resource in resources {
        let result = try DeletionOperations.delete(db, resource, date: date)
        instances += result.instances
        effects.doomedFiles += result.files
        effects.changes += result.changes
        if !result.changes.isEmpty { effects.hasDeleted = true }
      }
      let total = instances
      count.withLock { $0 = total }
      return effects
    }
    return count.withLock { $0 }
  }
}
