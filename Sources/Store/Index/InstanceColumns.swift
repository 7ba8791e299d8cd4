/// The columns of an instance that an arriving file fills, and the statements that write them: made once, since they
/// run for every instance.
enum InstanceColumns {
  /// Those of `RowValues` come first.
  static let names =
    RowValues.names(.instance) + [
      "sop_class", "transfer_syntax", "disk_size", "uncompressed_size", "source", "last_update", "signature",
    ]

  /// Behind `names` come the public id and the series.
  static let insertion = """
    INSERT INTO instance (\(names.joined(separator: ", ")), public_id, parent)
    VALUES (\(repeatElement("?", count: names.count + 2).joined(separator: ", ")))
    """

  /// Behind `names` comes the instance's key.
  static let replacement =
    "UPDATE instance SET \(names.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
}
