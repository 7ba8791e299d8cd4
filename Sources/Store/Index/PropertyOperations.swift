import GRDB

/// Values that belong to the archive as a whole.
enum PropertyOperations {
  /// Whether the archive was closed in good order the last time. Below Orthanc's numbers: plugins may use any from 1024 up.
  static let cleanShutdown = GlobalProperty(rawValue: -1)

  /// Bytes of a value.
  static let longestValue = 16 << 20

  static func checkWritable(_ property: GlobalProperty) throws(StoreError) {
    if property.isWritable { return }
    throw StoreError(
      .readOnly,
      "the global property \(property.rawValue) can't be set: \(GlobalProperty.modalities.rawValue), "
        + "\(GlobalProperty.peers.rawValue) and those from \(GlobalProperty.userDefined.lowerBound) up can")
  }

  static func checkValue(_ value: String, of property: GlobalProperty) throws(StoreError) {
    if value.utf8.count > longestValue {
      throw StoreError(
        .badValue, "the global property \(property.rawValue) has more than \(longestValue) bytes")
    }
    if value.utf8.contains(0) {
      throw StoreError(.badValue, "the global property \(property.rawValue) has a NUL character")
    }
  }

  static func value(_ db: Database, _ property: GlobalProperty) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT value FROM global_property WHERE property = ?", arguments: [property.rawValue])
  }

  static func all(_ db: Database) throws -> [GlobalProperty: String] {
    let rows = try Row.fetchAll(db, sql: "SELECT property, value FROM global_property")
    return Dictionary(uniqueKeysWithValues: rows.map { (GlobalProperty(rawValue: $0[0]), $0[1]) })
  }

  static func set(_ db: Database, _ property: GlobalProperty, _ value: String) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO global_property (property, value) VALUES (?, ?)",
      arguments: [property.rawValue, value])
  }

  static func remove(_ db: Database, _ property: GlobalProperty) throws {
    try db.execute(sql: "DELETE FROM global_property WHERE property = ?", arguments: [property.rawValue])
  }
}
