import DICOM

/// The statement that inserts a row above instances, made once for each level.
enum ParentColumns {
  /// Behind `RowValues.names` come the public id, the key of the signature, that of the origin, when it was received, and
  /// the row above, but for a patient.
  static func insertion(_ level: ResourceLevel) -> String { insertions[level.rawValue - 1] }

  private static let insertions = ResourceLevel.allCases.map { level in
    let names =
      RowValues.names(level) + ["public_id", "signature", "source", "last_update"]
      + (level == .patient ? [] : ["parent"])
    return """
      INSERT INTO \(IndexSchema.table(level)) (\(names.joined(separator: ", ")))
      VALUES (\(repeatElement("?", count: names.count).joined(separator: ", ")))
      """
  }
}
