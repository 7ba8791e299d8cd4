import DICOM

/// The columns of an instance that an arriving file fills, and the statements that write them: made once, since they
/// run for every instance.
enum InstanceColumns {
  static let names =
    [
      "sort_number", "sop_class", "transfer_syntax", "index_in_series", "pixel_data_offset", "pixel_data_vr",
      "disk_size", "uncompressed_size", "source", "last_update", "signature", "extra",
    ] + MainDicomTags.builtIn(.instance).map(\.column)

  /// Behind `names` come the public id and the series.
  static let insertion = """
    INSERT INTO instance (\(names.joined(separator: ", ")), public_id, parent)
    VALUES (\(repeatElement("?", count: names.count + 2).joined(separator: ", ")))
    """

  /// Behind `names` comes the instance's key.
  static let replacement =
    "UPDATE instance SET \(names.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
}

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
