import DICOM
import GRDB

/// One resource in full, and what deleting some would take along.
enum DetailOperations {
  static func detail(
    _ db: Database, _ resource: ResourceReference, names: MetadataNames, attachmentNames: AttachmentNames
  ) throws -> ResourceDetail? {
    guard let key = try ArchiveIndex.key(db, resource),
      let row = try ResourceRows.fetch(db, resource.level, keys: [key]).first
    else { return nil }
    let size =
      try Int64.fetchOne(
        db.cachedStatement(
          sql: "SELECT uncompressed_size FROM \(IndexSchema.table(resource.level)) WHERE id = ?"),
        arguments: [key]) ?? 0
    return ResourceDetail(
      row: row, metadata: try MetadataOperations.all(db, resource.level, key: key, names: names),
      attachments: try AttachmentOperations.all(db, resource.level, key: key).map {
        attachmentNames.info($0)
      },
      ancestors: try ancestors(db, row),
      uncompressedSize: size)
  }

  private static func row(_ db: Database, _ resource: ResourceReference) throws -> ResourceRow? {
    guard let key = try ArchiveIndex.key(db, resource) else { return nil }
    return try ResourceRows.fetch(db, resource.level, keys: [key]).first
  }

  private static func ancestors(_ db: Database, _ row: ResourceRow) throws -> [ResourceRow] {
    var chain: [ResourceRow] = []
    var current = row
    while let parent = current.parent, let level = current.level.parent,
      let above = try self.row(db, ResourceReference(level, parent))
    {
      chain.insert(above, at: 0)
      current = above
    }
    return chain
  }

  /// Works out a deletion without doing it. Resources below others of the list count once.
  static func preview(_ db: Database, _ resources: [ResourceReference]) throws -> DeletionPreview {
    var preview = DeletionPreview(rows: [], patients: 0, studies: 0, series: 0, instances: 0, diskSize: 0)
    var patients: [PublicID: ResourceRow] = [:]
    // Instances that go, by each resource above that stays: shows which of those are left empty.
    var going: [ResourceReference: Int] = [:]
    let asked = Set(resources)
    for resource in resources {
      guard let row = try row(db, resource) else { continue }
      let above = try ancestors(db, row)
      if above.contains(where: { asked.contains($0.reference) }) { continue }
      if preview.rows.count < DeletionPreview.rowLimit { preview.rows.append(row) }
      preview.studies += row.level == .study ? 1 : row.studies
      preview.series += row.level == .series ? 1 : row.series
      let instances = row.level == .instance ? 1 : row.instances
      preview.instances += instances
      preview.diskSize += row.diskSize
      for parent in above { going[parent.reference, default: 0] += instances }
      let patient = above.first ?? row
      patients[patient.id] = patient
    }
    for (parent, instances) in going.sorted(by: { $0.key.level < $1.key.level }) {
      if let row = try row(db, parent), row.instances <= instances { preview.emptiedParents.append(row) }
    }
    preview.patients = patients.count
    preview.protectedPatients = patients.values.filter(\.isProtected)
    preview.conflictingPatients = patients.values.filter(\.hasConflictingNames)
    for patient in preview.conflictingPatients {
      guard let key = try ArchiveIndex.key(db, patient.reference) else { continue }
      preview.people[patient.id] = try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT \(Tag.patientName.column) FROM study WHERE parent = ? AND sort_name <> ''
          ORDER BY sort_name LIMIT ?
          """, arguments: [key, DeletionPreview.rowLimit])
    }
    return preview
  }
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
