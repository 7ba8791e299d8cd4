import DICOM
import Store
import Synchronization

@testable import Explorer

/// An archive in memory that does what it is told and writes down what it was asked.
final class ScriptedArchive: ArchiveAccess {
  struct Content {
    var rows: [ResourceLevel: [ResourceRow]] = [:]
    var metadata: [ResourceReference: [MetadataEntry]] = [:]
    var attachments: [ResourceReference: [ScriptedAttachment]] = [:]
    var changes: [Change] = []
    var tags: [TagNode] = []
    var bytes: [UInt8] = Array(0...255)
    var asked: [String] = []
    var failure: StoreError?
    var limits = StorageLimits()
    var free: Int64? = 120_000_000_000
    var modalities: [ModalityUse] = []
    /// Events of the commits so far, for a story to deliver when it wants.
    var told: [ArchiveEvent] = []
    var listeners: [AsyncStream<ArchiveEvent>.Continuation] = []
  }

  let content = Mutex(Content())

  var asked: [String] { content.withLock { $0.asked } }

  private func note(_ text: String) throws {
    try content.withLock { content in
      content.asked.append(text)
      if let failure = content.failure { throw failure }
    }
  }

  // MARK: Reading

  func window(_ query: ListQuery, anchor: WindowAnchor, limit: Int) async throws -> ListWindow {
    try note("window \(query.level) \(anchor.isJump ? "jump" : "plain")")
    let rows = content.withLock { content in
      (content.rows[query.level] ?? [])
        .filter { row in
          query.parent.map { parent in content.isBelow(row, parent) } ?? true
            && query.filter.terms.allSatisfy { $0.matches(row) }
        }
        .map { row in
          var row = row
          row.cursor.value = row.value(of: query.sort)
          return row
        }
        .sorted { query.isDescending ? $1.cursor.precedes($0.cursor) : $0.cursor.precedes($1.cursor) }
    }
    func place(_ key: ListCursor) -> Int {
      rows.firstIndex { query.isDescending ? !key.precedes($0.cursor) : !$0.cursor.precedes(key) }
        ?? rows.count
    }
    let center: Int? =
      switch anchor {
      case .start: 0
      case .end: rows.count
      case .around(let key): place(key)
      case .beyond(let key, let count): place(key) + count
      case .aroundResource(let id): rows.firstIndex { $0.id == id }
      }
    let first = max(0, min((center ?? 0) - limit / 2, rows.count - limit))
    return ListWindow(rows: Array(rows[first...].prefix(limit)), firstIndex: first, total: rows.count)
  }

  func detail(of resource: ResourceReference) async throws -> ResourceDetail? {
    content.withLock { content in
      guard let row = content.row(resource) else { return nil }
      var ancestors: [ResourceRow] = []
      var parent = row.parent
      var level = resource.level
      while let id = parent, let above = level.parent, let row = content.row(ResourceReference(above, id)) {
        ancestors.insert(row, at: 0)
        parent = row.parent
        level = above
      }
      let dicom = AttachmentInfo(
        type: .dicom, uuid: "u", diskSize: row.diskSize, uncompressedSize: row.diskSize * 2, md5: nil,
        isCompressed: true, revision: 0)
      return ResourceDetail(
        row: row, metadata: content.metadata[resource] ?? [],
        attachments: (resource.level == .instance ? [dicom] : [])
          + (content.attachments[resource] ?? []).map(\.info), ancestors: ancestors,
        uncompressedSize: row.diskSize * 21 / 10)
    }
  }

  func totals() async throws -> ArchiveTotals { content.withLock { $0.totals } }

  func tags(of instance: PublicID) async throws -> [TagNode] { content.withLock { $0.tags } }

  func bytes(of instance: PublicID, in range: Range<Int>) async throws -> [UInt8] {
    content.withLock { Array($0.bytes[range.clamped(to: 0..<$0.bytes.count)]) }
  }

  func storageUse(from start: Int, limit: Int) async throws -> StorageUse {
    try note("storage \(start) \(limit)")
    return content.withLock { content in
      let patients = content.rows[.patient] ?? []
      let order = patients.filter { !$0.isProtected }.sorted { $0.lastUpdate < $1.lastUpdate }
      let kept = patients.filter(\.isProtected).sorted { $0.patientName < $1.patientName }
      return StorageUse(
        limits: content.limits, totals: content.totals, free: content.free, modalities: content.modalities,
        order: Array(order.dropFirst(start).prefix(limit)),
        protected: Array(kept.dropFirst(max(0, start - order.count)).prefix(limit)),
        protectedPatients: kept.count, protectedSize: kept.reduce(0) { $0 + $1.diskSize })
    }
  }

  func labelsInUse() async throws -> [LabelUse] {
    content.withLock { content in
      var counts: [String: Int] = [:]
      for row in content.rows.values.joined() { for label in row.labels { counts[label, default: 0] += 1 } }
      return counts.map { LabelUse(label: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    }
  }

  func labels(of resources: [ResourceReference]) async throws -> [ResourceReference: [String]] {
    content.withLock { content in
      Dictionary(uniqueKeysWithValues: resources.compactMap { id in content.row(id).map { (id, $0.labels) } })
    }
  }

  func changes(before: Int64?, limit: Int) async throws -> [Change] {
    content.withLock { content in
      let older = content.changes.filter { $0.sequence < before ?? .max }
      return Array(older.suffix(limit).reversed())
    }
  }

  /// Tells of jobs as the engine does.
  func tell(jobs: [JobEvent]) {
    content.withLock { content in
      content.told.append(ArchiveEvent(changes: [], isTruncated: false, totals: content.totals, jobs: jobs))
    }
  }

  func events() -> AsyncStream<ArchiveEvent> {
    let (stream, continuation) = AsyncStream<ArchiveEvent>.makeStream()
    content.withLock { $0.listeners.append(continuation) }
    return stream
  }

  // MARK: Writing

  func editLabels(adding: [String], removing: [String], on resources: [ResourceReference]) async throws {
    try note(
      "labels +\(adding.joined(separator: ",")) -\(removing.joined(separator: ",")) on \(resources.count)")
    content.withLock { content in
      for resource in resources {
        content.change(resource) { row in
          row.labels = Set(row.labels).union(adding).subtracting(removing).sorted()
        }
      }
      content.tell(resources.map { Change(sequence: 0, type: .updatedLabels, resource: $0, date: 0) })
    }
  }

  func userMetadata(of resources: [ResourceReference]) async throws -> [ResourceReference: [MetadataEntry]] {
    content.withLock { content in
      Dictionary(uniqueKeysWithValues: resources.map { ($0, content.metadata[$0] ?? []) })
    }
  }

  func setMetadata(
    _ key: MetadataKey, to value: String, expectedRevision: Int?, on resource: ResourceReference
  ) async throws -> Int {
    try note("metadata \(key.rawValue)=\(value) at \(expectedRevision.map(String.init) ?? "none")")
    return try content.withLock { content in
      var entries = content.metadata[resource] ?? []
      let index = entries.firstIndex { $0.key == key }
      guard index.map({ entries[$0].revision }) == expectedRevision else {
        throw StoreError(.revisionConflict, "Somebody else changed \(key.rawValue)")
      }
      let revision = index.map { entries[$0].revision + 1 } ?? 0
      let entry = MetadataEntry(key: key, name: key.testName, value: value, revision: revision)
      if let index { entries[index] = entry } else { entries.append(entry) }
      content.metadata[resource] = entries
      return revision
    }
  }

  func removeMetadata(_ key: MetadataKey, expectedRevision: Int, on resource: ResourceReference) async throws
  {
    try note("remove metadata \(key.rawValue)")
    try content.withLock { content in
      guard content.metadata[resource]?.first(where: { $0.key == key })?.revision == expectedRevision else {
        throw StoreError(.revisionConflict, "Somebody else changed \(key.rawValue)")
      }
      content.metadata[resource]?.removeAll { $0.key == key }
    }
  }

  func metadataKey(named name: String) throws -> MetadataKey {
    if name == "my-note" { return MetadataKey(rawValue: 1024) }
    guard let number = UInt16(name), MetadataKey.userDefined.contains(number) else {
      throw StoreError(
        .badValue, "“\(name)” is neither a name from UserMetadata nor a number from 1024 to 65535")
    }
    return MetadataKey(rawValue: number)
  }

  func metadataNames() -> [String] { ["my-note"] }

  func setProtected(_ isProtected: Bool, patients: [PublicID]) async throws {
    try note("protect \(isProtected) \(patients.count)")
    content.withLock { content in
      for level in ResourceLevel.allCases {
        for index in (content.rows[level] ?? []).indices
        where patients.contains(content.rows[level]?[index].patient ?? patients[0]) {
          content.rows[level]?[index].isProtected = isProtected
        }
      }
      content.tell(
        patients.map {
          Change(sequence: 0, type: .updatedProtection, resource: ResourceReference(.patient, $0), date: 0)
        })
    }
  }

  func deletionPreview(of resources: [ResourceReference]) async throws -> DeletionPreview {
    content.withLock { content in
      let rows = resources.compactMap { content.row($0) }
      let patients = Set(rows.map(\.patient)).sorted().compactMap {
        content.row(ResourceReference(.patient, $0))
      }
      let emptied = patients.filter { patient in
        patient.level < (resources.first?.level ?? .patient)
          && (content.rows[.study] ?? []).filter { $0.patient == patient.id }.allSatisfy { study in
            rows.contains { $0.id == study.id }
          }
      }
      return DeletionPreview(
        rows: Array(rows.prefix(DeletionPreview.rowLimit)), patients: patients.count,
        studies: rows.count { $0.level == .study }, series: rows.reduce(0) { $0 + $1.series },
        instances: rows.reduce(0) { $0 + $1.instances }, diskSize: rows.reduce(0) { $0 + $1.diskSize },
        emptiedParents: emptied, protectedPatients: patients.filter(\.isProtected),
        conflictingPatients: patients.filter(\.hasConflictingNames))
    }
  }

  func delete(_ resources: [ResourceReference]) async throws -> Int {
    try note("delete \(resources.count)")
    return content.withLock { content in
      let gone = resources.compactMap { content.row($0) }
      let ids = Set(gone.map(\.id))
      for level in ResourceLevel.allCases {
        content.rows[level]?.removeAll { ids.contains($0.id) || $0.parent.map(ids.contains) == true }
      }
      content.tell(gone.map { Change(sequence: 0, type: .deleted, resource: $0.reference, date: 0) })
      return gone.reduce(0) { $0 + $1.instances }
    }
  }

  // MARK: Script

  func add(_ rows: [ResourceRow]) {
    content.withLock { for row in rows { $0.rows[row.level, default: []].append(row) } }
  }

  /// A resource arrives as it does in a commit of the archive.
  func arrive(_ rows: [ResourceRow], date: Int64 = 0, source: String = "CT1") {
    content.withLock { content in
      for row in rows { content.rows[row.level, default: []].append(row) }
      content.tell(
        rows.map { row in
          let sequence = Int64(content.changes.count + 1)
          let type: ChangeType =
            switch row.level {
            case .patient: .newPatient
            case .study: .newStudy
            case .series: .newSeries
            case .instance: .newInstance
            }
          return Change(
            sequence: sequence, type: type, resource: row.reference, date: date, title: row.testTitle,
            source: source)
        })
    }
  }
}

extension ScriptedArchive.Content {
  var totals: ArchiveTotals {
    let studies = rows[.study] ?? []
    let size = studies.reduce(0) { $0 + $1.diskSize }
    return ArchiveTotals(
      patients: rows[.patient]?.count ?? 0, studies: studies.count, series: rows[.series]?.count ?? 0,
      instances: studies.reduce(0) { $0 + $1.instances }, diskSize: size, uncompressedSize: size * 2)
  }

  func row(_ resource: ResourceReference) -> ResourceRow? {
    rows[resource.level]?.first { $0.id == resource.id }
  }

  func isBelow(_ row: ResourceRow, _ ancestor: ResourceReference) -> Bool {
    ancestor.level == .patient ? row.patient == ancestor.id : row.parent == ancestor.id
  }

  mutating func change(_ resource: ResourceReference, _ change: (inout ResourceRow) -> Void) {
    guard let index = rows[resource.level]?.firstIndex(where: { $0.id == resource.id }) else { return }
    change(&rows[resource.level, default: []][index])
  }

  mutating func tell(_ changes: [Change]) {
    self.changes += changes.filter(\.type.isKept)
    let event = ArchiveEvent(changes: changes, isTruncated: false, totals: totals)
    told.append(event)
    for listener in listeners { listener.yield(event) }
  }
}

extension MetadataKey {
  fileprivate var testName: String { rawValue == 1024 ? "my-note" : String(rawValue) }
}

extension WindowAnchor {
  fileprivate var isJump: Bool {
    if case .aroundResource = self { return true }
    return false
  }
}

extension ListFilter.Term {
  fileprivate func matches(_ row: ResourceRow) -> Bool {
    let found: Bool =
      switch field {
      case .any: row.tags.values.contains { $0.lowercased().contains(text.lowercased()) }
      case .mod: row.modalities.contains(text.uppercased())
      case .label: row.labels.contains(text)
      case .aet: row.remoteAET == text
      case .id: row.tags[Tag(0x0010, 0x0020)] == text
      case .date: row.tags[Tag(0x0008, 0x0020)] == text
      case .protected: row.isProtected == (text == "yes")
      }
    return found != isNegated
  }
}

extension ResourceRow {
  fileprivate var testTitle: String {
    (tags[Tag(0x0010, 0x0010)] ?? "") + (description.isEmpty ? "" : " · " + description)
  }

  fileprivate func value(of key: SortKey) -> ListCursor.Value {
    switch key {
    case .patientName: .text(text(ShownTag.patientName).lowercased())
    case .patientID: .text(text(ShownTag.patientID).lowercased())
    case .birthDate: .text(text(ShownTag.birthDate))
    case .studyDate: .text(text(ShownTag.studyDate))
    case .modality: .text(modalityText)
    case .description: .text(description.lowercased())
    case .accessionNumber: .text(text(ShownTag.accessionNumber))
    case .number:
      .number(Int64(text(level == .instance ? ShownTag.instanceNumber : ShownTag.seriesNumber)) ?? 0)
    case .instances: .number(Int64(instances))
    case .diskSize: .number(diskSize)
    case .lastUpdate: .number(lastUpdate)
    }
  }
}
