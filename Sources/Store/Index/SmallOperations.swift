import DICOM
import GRDB

/// Counters of the whole archive.
enum TotalsOperations {
  static func add(_ db: Database, _ added: ArchiveTotals) throws {
    if added == ArchiveTotals() { return }
    try db.cachedStatement(
      sql: """
        UPDATE totals SET patients = patients + ?, studies = studies + ?, series = series + ?,
          instances = instances + ?, disk_size = disk_size + ?, uncompressed_size = uncompressed_size + ?
        """
    ).execute(arguments: [
      added.patients, added.studies, added.series, added.instances, added.diskSize, added.uncompressedSize,
    ])
  }
}

/// Two people under one PatientID: studies whose name or birth date contradict each other.
enum ConflictOperations {
  /// When the study that gave the patient its name is gone, the one received last of those that remain gives it.
  static func adoptRemaining(_ db: Database, patient: Int64) throws {
    let tags = MainDicomTags.builtIn(.patient)
    let names = tags.map(\.column).joined(separator: ", ")
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT \(names) FROM study WHERE parent = ? AND NOT EXISTS (SELECT 1 FROM study s
          JOIN patient p ON p.id = s.parent WHERE p.id = study.parent AND s.sort_name = p.sort_name)
        ORDER BY last_update DESC, id DESC LIMIT 1
        """, arguments: [patient])
    guard let row else { return }
    var values: [Tag: String] = [:]
    for tag in tags { if let text = row[tag.column] as String? { values[tag] = text } }
    let sets = tags.map { "\($0.column) = ?" }.joined(separator: ", ")
    try db.execute(
      sql: "UPDATE patient SET \(sets), sort_name = ?, sort_id = ?, sort_birth = ?, search = ? WHERE id = ?",
      arguments: StatementArguments(tags.map { values[$0] })
        + [
          SearchText.normalized(values[.patientName] ?? ""), SearchText.normalized(values[.patientID] ?? ""),
          values[.patientBirthDate] ?? "", SearchColumn.text(.patient) { values[$0] }, patient,
        ])
  }

  private static let refreshment = """
    UPDATE patient SET has_conflict = (SELECT count(DISTINCT nullif(sort_name, '')) > 1
      OR count(DISTINCT nullif(\(Tag.patientBirthDate.column), '')) > 1 FROM study WHERE parent = patient.id)
    WHERE id = ?
    """

  static func refresh(_ db: Database, patient: Int64) throws {
    try db.cachedStatement(sql: refreshment).execute(arguments: [patient])
  }
}
