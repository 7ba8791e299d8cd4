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
