import DICOM
import GRDB

/// What an export needs to know, read in the order in which it is written.
enum ExportOperations {
  /// Every series at, below or above a resource, patient by patient; of a single instance, only that one is chosen.
  static func series(_ db: Database, of resource: ResourceReference?) throws -> [ExportSeries] {
    var (condition, arguments): (String, StatementArguments) = ("", [])
    var chosen: Set<PublicID>?
    if let resource {
      let key = try ArchiveIndex.existingKey(db, resource)
      switch resource.level {
      case .patient: condition = "WHERE p.id = ?"
      case .study: condition = "WHERE st.id = ?"
      case .series: condition = "WHERE se.id = ?"
      case .instance:
        condition = "WHERE se.id = (SELECT parent FROM instance WHERE id = ?)"
        chosen = [resource.id]
      }
      arguments = [key]
    }
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT se.id, se.parent, st.parent AS patient, se.instances, se.uncompressed_size,
          p.\(Tag.patientName.column) AS patient_name, p.\(Tag.patientID.column) AS patient_id,
          st.\(Tag.accessionNumber.column) AS accession, st.\(Tag.studyDescription.column) AS study,
          se.\(Tag.modality.column) AS modality, se.\(Tag.seriesDescription.column) AS description
        FROM series se JOIN study st ON st.id = se.parent JOIN patient p ON p.id = st.parent
        \(condition) ORDER BY p.id, st.sort_date, st.id, se.sort_number, se.id
        """, arguments: arguments)
    return try rows.map { row in
      var series = ExportSeries(
        key: row["id"], study: row["parent"], patient: row["patient"], chosen: chosen,
        instances: row["instances"], bytes: row["uncompressed_size"],
        patientName: row["patient_name"] ?? "", patientID: row["patient_id"] ?? "",
        accessionNumber: row["accession"] ?? "", studyDescription: row["study"] ?? "",
        modality: row["modality"] ?? "", seriesDescription: row["description"] ?? "")
      if let id = chosen?.first {
        series.instances = 1
        series.bytes =
          try Int64.fetchOne(
            db, sql: "SELECT uncompressed_size FROM instance WHERE public_id = ?", arguments: [id.data]) ?? 0
      }
      return series
    }
  }

  /// The next instances of a series behind a place in their order.
  static func instances(
    _ db: Database, of series: Int64, after place: ExportInstance.Place, limit: Int
  ) throws -> [ExportInstance] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT i.id, i.public_id, i.sort_number, i.last_update, a.uncompressed_size,
            (SELECT text FROM term WHERE id = i.transfer_syntax) AS syntax,
            (SELECT text FROM term WHERE id = i.sop_class) AS sop_class,
            i.\(Tag.sopInstanceUID.column) AS sop_instance, i.\(Tag.instanceNumber.column) AS number
          FROM instance i JOIN attachment a ON a.level = 4 AND a.resource = i.id AND a.type = 1
          WHERE i.parent = ? AND (i.sort_number, i.id) > (?, ?) ORDER BY i.sort_number, i.id LIMIT ?
          """), arguments: [series, place.number, place.key, limit])
    return try rows.map { row in
      ExportInstance(
        id: try row.publicID("public_id"), place: .init(number: row["sort_number"], key: row["id"]),
        size: row["uncompressed_size"], date: row["last_update"], sopClass: row["sop_class"] ?? "",
        sopInstance: row["sop_instance"] ?? "", number: row["number"] ?? "",
        transferSyntax: row["syntax"] ?? "")
    }
  }

  /// What a DICOMDIR says of a series, its study and its patient.
  static func directoryTags(_ db: Database, series: Int64) throws -> [Tag: String] {
    let tables: [(String, [Tag])] = [
      ("p", [.patientName, .patientID]),
      ("st", [.studyDate, .studyTime, .accessionNumber, .studyDescription, .studyInstanceUID, .studyID]),
      ("se", [.seriesDate, .seriesTime, .modality, .seriesDescription, .seriesInstanceUID, .seriesNumber]),
    ]
    let columns = tables.flatMap { table, tags in tags.map { "\(table).\($0.column) AS \($0.column)" } }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(columns.joined(separator: ", ")) FROM series se JOIN study st ON st.id = se.parent
            JOIN patient p ON p.id = st.parent WHERE se.id = ?
          """), arguments: [series])
    var values: [Tag: String] = [:]
    guard let row else { return values }
    for tag in tables.flatMap(\.1) { values[tag] = row[tag.column] as String? }
    return values
  }

  /// The resources that an identifier names; at most one, unless somebody made identifiers collide.
  static func resources(_ db: Database, named id: PublicID) throws -> [ResourceReference] {
    try ResourceLevel.allCases.map { ResourceReference($0, id) }.filter {
      try ArchiveIndex.key(db, $0) != nil
    }
  }
}
