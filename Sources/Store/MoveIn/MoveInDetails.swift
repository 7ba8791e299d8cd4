import DICOM
import Synchronization

/// A resource of Orthanc's, what it is called here, and what hangs on it there.
struct PlacedResource: Sendable {
  var resource: OrthancResource
  /// Nil for a name that is no identifier.
  var id: PublicID?
  var details: OrthancDetails

  init(_ resource: OrthancResource, _ id: PublicID?, _ details: OrthancDetails) {
    self.resource = resource
    self.id = id
    self.details = details
  }
}

/// Takes over what hangs on resources: labels, metadata, attachments, protection.
struct MoveInDetails {
  private let move: MoveIn
  private var archive: Archive { move.archive }
  private var tally: MoveInTally { move.tally }

  init(_ move: MoveIn) { self.move = move }

  /// What is left to do for one resource.
  private struct Addition: Sendable {
    var name: String
    var resource: ResourceReference
    var labels: [String]
    var metadata: [OrthancDetails.Metadata]
    var lastUpdate: Int64?

    var isEmpty: Bool { labels.isEmpty && metadata.isEmpty && lastUpdate == nil }
  }

  /// All in one commit.
  func move(_ placed: [PlacedResource]) async throws(StoreError) {
    var additions: [Addition] = []
    for item in placed {
      let addition = addition(item)
      if let addition, !addition.isEmpty { additions.append(addition) }
    }
    if !additions.isEmpty { try await add(additions) }
    for item in placed { try await moveAttachments(item) }
  }

  private func addition(_ item: PlacedResource) -> Addition? {
    let name = MoveIn.name(item.resource)
    guard let id = item.id else {
      tell(.unreadableRow, name, "“\(item.resource.publicID)” is no identifier of Orthanc's")
      return nil
    }
    let labels = item.details.labels.filter { label in
      do throws(StoreError) {
        try LabelOperations.check(label)
        return true
      } catch {
        tell(.leftDetail, name, "its label: \(error.message)")
        return false
      }
    }
    let metadata = item.details.kept.filter { isSound($0, name) }
    let date = item.resource.level == .instance ? nil : item.details.date(item.resource.level)
    return Addition(
      name: name, resource: ResourceReference(item.resource.level, id), labels: labels, metadata: metadata,
      lastUpdate: date.map { min($0, Archive.now()) })
  }

  private func isSound(_ entry: OrthancDetails.Metadata, _ name: String) -> Bool {
    guard let value = entry.value, let key = UInt16(exactly: entry.key) else {
      tell(.leftDetail, name, "its metadata \(entry.key) is no text in UTF-8")
      return false
    }
    do throws(StoreError) {
      try MetadataOperations.checkValue(value)
      return true
    } catch {
      tell(.leftDetail, name, "its metadata \(key): \(error.message)")
      return false
    }
  }

  private func add(_ additions: [Addition]) async throws(StoreError) {
    let outcomes = Mutex<[(Addition, MoveInOperations.Outcome?)]>([])
    try await archive.committer.edit { db in
      var effects = EditEffects()
      var results: [(Addition, MoveInOperations.Outcome?)] = []
      for addition in additions {
        let level = addition.resource.level
        guard let key = try ArchiveIndex.key(db, addition.resource) else {
          results.append((addition, nil))
          continue
        }
        let outcome = try MoveInOperations.add(
          db, labels: addition.labels, metadata: addition.metadata, level, key: key)
        if let date = addition.lastUpdate {
          try MoveInOperations.note(db, lastUpdate: date, level, key: key)
        }
        results.append((addition, outcome))
        if outcome.labels > 0 || outcome.metadata > 0 {
          effects.changes.append(
            Change(
              sequence: 0, type: .updatedLabels, resource: addition.resource, date: Archive.now(),
              title: try ChangeOperations.title(db, level, key: key), detail: "moved in"))
        }
      }
      let all = results
      outcomes.withLock { $0 = all }
      return effects
    }
    for (addition, outcome) in outcomes.withLock({ $0 }) { note(addition, outcome) }
  }

  private func note(_ addition: Addition, _ outcome: MoveInOperations.Outcome?) {
    guard let outcome else {
      // What received no instance here is told where something is lost with it.
      if addition.labels.isEmpty && addition.metadata.isEmpty { return }
      return tell(
        .leftDetail, addition.name,
        "\(addition.labels.count) labels and \(addition.metadata.count) metadata, since no instance of it came in"
      )
    }
    tally.update { report in
      report.labels += outcome.labels
      report.metadata += outcome.metadata
    }
    for key in outcome.conflicts { tell(.keptValue, addition.name, "metadata \(key)") }
  }

  /// Attachments that people added, and summaries of old Orthancs, one after the other. One that is there already stays.
  private func moveAttachments(_ item: PlacedResource) async throws(StoreError) {
    if item.details.attachments.isEmpty { return }
    let name = MoveIn.name(item.resource)
    guard let id = item.id else { return }
    let resource = ResourceReference(item.resource.level, id)
    let present: [AttachmentInfo]
    do throws(StoreError) {
      present = try await archive.attachments(of: resource)
    } catch {
      if error.code != .notFound { throw error }
      return tell(
        .leftDetail, name, "\(item.details.attachments.count) attachments, since no instance of it came in")
    }
    for attachment in item.details.attachments {
      let held = present.first { Int($0.type.rawValue) == attachment.type }
      if let held {
        let isSame =
          held.uncompressedSize == attachment.size && (held.md5 ?? attachment.md5) == attachment.md5
        if !isSame { tell(.keptValue, name, "attachment \(attachment.type)") }
      } else {
        try await move(attachment, to: resource, name)
      }
    }
  }

  private func move(
    _ attachment: OrthancAttachment, to resource: ResourceReference, _ name: String
  ) async throws(StoreError) {
    guard let type = UInt16(exactly: attachment.type), let path = move.orthanc.file(attachment.uuid) else {
      return tell(.unreadableRow, name, "attachment \(attachment.type) in “\(attachment.uuid)”")
    }
    let source = MoveInSource(path, attachment)
    do throws(StoreError) {
      let writer = try await archive.beginAttachment(AttachmentType(rawValue: type), of: resource)
      try await Archive.blocking { () throws(StoreError) in
        do throws(StoreError) {
          try source.forEachPiece { piece throws(StoreError) in
            try piece.span.withUnsafeBytes { bytes throws(StoreError) in try writer.append(bytes) }
          }
        } catch {
          writer.discard()
          throw error
        }
      }
      _ = try await writer.finish(expecting: .absent)
      tally.update { $0.attachments += 1 }
    } catch {
      if !source.hasFailed { throw error }
      tell(
        source.isMissing ? .missingFile : .damagedFile, path,
        "\(error.message), attachment \(type) of \(name)")
    }
  }

  /// Protects a patient that was protected.
  func protect(_ patient: OrthancPatient) async throws(StoreError) {
    guard patient.isProtected, let id = PublicID(patient.publicID) else { return }
    let isProtected = Mutex<Bool?>(nil)
    let resource = ResourceReference(.patient, id)
    try await archive.committer.edit { db in
      guard let key = try ArchiveIndex.key(db, resource) else { return EditEffects() }
      let isNew = try RecyclingOperations.setProtected(db, patient: key, true)
      isProtected.withLock { $0 = isNew }
      if !isNew { return EditEffects() }
      return EditEffects(changes: [
        Change(
          sequence: 0, type: .updatedProtection, resource: resource, date: Archive.now(),
          title: try ChangeOperations.title(db, .patient, key: key), detail: "protected")
      ])
    }
    switch isProtected.withLock({ $0 }) {
    case true: tally.update { $0.protectedPatients += 1 }
    case false: break
    case nil:
      tell(.leftDetail, "patient \(patient.publicID)", "its protection, since no instance of it came in")
    }
  }

  private func tell(_ kind: MoveInFault.Kind, _ subject: String, _ detail: String) {
    tally.tell(kind, subject, detail, isInstance: false)
  }
}
