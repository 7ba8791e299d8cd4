import DICOM
import Foundation
import GRDB

/// User-defined metadata with their revisions, and the core ones as the index keeps them, typed.
enum MetadataOperations {
  /// Longest value, in bytes of UTF-8: metadata are for small things, attachments for large ones.
  static let valueLimit = 1 << 20

  /// What to say of a value that is allowed and rather long; nil of others.
  static func advice(_ value: String, _ name: String, of resource: ResourceReference) -> String? {
    let count = value.utf8.count
    if count <= MetadataEntry.advisedSize { return nil }
    return
      "metadata \(name) of \(resource.level.name.lowercased()) \(resource.id) has \(count) bytes: what is longer than "
      + "\(MetadataEntry.advisedSize) is better kept as an attachment"
  }

  static func check(_ key: MetadataKey, _ value: String) throws(StoreError) {
    try checkUserDefined(key)
    try checkValue(value)
  }

  static func checkValue(_ value: String) throws(StoreError) {
    if value.utf8.contains(0) { throw StoreError(.badValue, "a metadata value can't contain NUL") }
    if value.utf8.count > valueLimit {
      throw StoreError(
        .badValue,
        "a metadata value of \(value.utf8.count) bytes is too long (\(valueLimit) are allowed); use an attachment"
      )
    }
  }

  static func checkUserDefined(_ key: MetadataKey) throws(StoreError) {
    if !key.isUserDefined {
      throw StoreError(
        .readOnly,
        "metadata \(key.coreName ?? String(key.rawValue)) is read-only: user-defined keys are 1024 to 65535")
    }
  }

  /// Sets a value and returns its new revision. Throws `revisionConflict`.
  static func set(
    _ db: Database, _ metadata: MetadataKey, _ value: String, if check: RevisionCheck,
    _ level: ResourceLevel, key: Int64
  ) throws -> Int {
    let present = try revision(db, metadata, level, key: key)
    try check.pass(present: present)
    let revision = present.map { $0 + 1 } ?? 0
    try db.execute(
      sql: "INSERT OR REPLACE INTO metadata (level, resource, key, value, revision) VALUES (?, ?, ?, ?, ?)",
      arguments: [level.rawValue, key, metadata.rawValue, value, revision])
    return revision
  }

  /// Removes a value. Throws `notFound`, `revisionConflict`.
  static func remove(
    _ db: Database, _ metadata: MetadataKey, if check: RevisionCheck, _ level: ResourceLevel, key: Int64
  ) throws {
    let present = try revision(db, metadata, level, key: key)
    if present == nil { throw StoreError(.notFound, "there is no \(check.subject)") }
    try check.pass(present: present)
    try db.execute(
      sql: "DELETE FROM metadata WHERE level = ? AND resource = ? AND key = ?",
      arguments: [level.rawValue, key, metadata.rawValue])
  }

  private static func revision(
    _ db: Database, _ metadata: MetadataKey, _ level: ResourceLevel, key: Int64
  ) throws -> Int? {
    try Int.fetchOne(
      db, sql: "SELECT revision FROM metadata WHERE level = ? AND resource = ? AND key = ?",
      arguments: [level.rawValue, key, metadata.rawValue])
  }

  /// Core and user-defined values of one resource, by key.
  static func all(
    _ db: Database, _ level: ResourceLevel, key: Int64, names: MetadataNames
  ) throws -> [MetadataEntry] {
    // Core ones that can't be worked out, such as `ModifiedFrom`, stand as they came.
    let kept = try written(db, level, key: key, from: 0, names: names)
    return (try core(db, level, key: key) + kept).sorted { $0.key < $1.key }
  }

  /// User-defined values of one resource, by key.
  static func userDefined(
    _ db: Database, _ level: ResourceLevel, key: Int64, names: MetadataNames
  ) throws -> [MetadataEntry] {
    try written(db, level, key: key, from: MetadataKey.userDefined.lowerBound, names: names)
  }

  private static func written(
    _ db: Database, _ level: ResourceLevel, key: Int64, from first: UInt16, names: MetadataNames
  ) throws -> [MetadataEntry] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT key, value, revision FROM metadata WHERE level = ? AND resource = ? AND key >= ? ORDER BY key
          """), arguments: [level.rawValue, key, first]
    ).map { row in
      let metadata = MetadataKey(rawValue: row["key"])
      return MetadataEntry(
        key: metadata, name: names.name(of: metadata), value: row["value"], revision: row["revision"])
    }
  }

  private static func core(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> [MetadataEntry] {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT t.*, s.*, t.id AS id, g.text AS signature_text FROM \(IndexSchema.table(level)) t
            LEFT JOIN source s ON s.id = t.source LEFT JOIN term g ON g.id = t.signature WHERE t.id = ?
            """), arguments: [key])
    else { return [] }
    var values: [MetadataKey: String] = [.mainDicomTagsSignature: row["signature_text"] ?? ""]
    let received: Int64 = row["last_update"]
    let date = OrthancDate.text(max(received, level == .instance ? 0 : row["last_change"]))
    switch level {
    case .patient, .study: values[.lastUpdate] = date
    case .series:
      values[.lastUpdate] = date
      values[.remoteAET] = row["remote_aet"]
      if let expected = row["expected"] as Int? { values[.expectedNumberOfInstances] = String(expected) }
    case .instance:
      values[.receptionDate] = date
      try addInstance(db, row, to: &values)
    }
    return values.sorted { $0.key < $1.key }.map { key, value in
      MetadataEntry(key: key, name: key.coreName ?? "", value: value, revision: 0)
    }
  }

  private static func addInstance(
    _ db: Database, _ row: Row, to values: inout [MetadataKey: String]
  ) throws {
    let origin = InstanceOrigin.Mechanism(rawValue: row["mechanism"] ?? 0) ?? .unknown
    values[.origin] = origin.name
    values[.remoteAET] = row["remote_aet"] ?? ""
    func term(_ column: String) throws -> String {
      try String.fetchOne(
        db, sql: "SELECT text FROM term WHERE id = ?", arguments: [row[column] as Int64]) ?? ""
    }
    values[.sopClassUID] = try term("sop_class")
    values[.transferSyntax] = try term("transfer_syntax")
    if let index = row["index_in_series"] as Int? { values[.indexInSeries] = String(index) }
    if let offset = row["pixel_data_offset"] as Int? { values[.pixelDataOffset] = String(offset) }
    if let vr = row["pixel_data_vr"] as String? { values[.pixelDataVR] = vr }
    if origin == .dicomProtocol || origin == .restAPI { values[.remoteIP] = row["remote_ip"] }
    if origin == .dicomProtocol { values[.calledAET] = row["called_aet"] }
    if origin == .restAPI { values[.httpUsername] = row["username"] }
  }
}

/// Names of user-defined metadata, from `UserMetadata`.
struct MetadataNames: Equatable, Sendable {
  let keys: [String: MetadataKey]
  private let names: [MetadataKey: String]

  init(_ keys: [String: MetadataKey]) {
    self.keys = keys
    names = Dictionary(keys.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  func name(of key: MetadataKey) -> String {
    key.coreName ?? names[key] ?? NumberRegistry.name(ofMetadata: key) ?? String(key.rawValue)
  }

  /// The key behind a name or a number. Throws `StoreError.badValue`.
  func key(named text: String) throws(StoreError) -> MetadataKey {
    if let key = keys[text] { return key }
    if let number = UInt16(text) { return MetadataKey(rawValue: number) }
    if let core = MetadataKey.coreNames.first(where: { $0.value == text }) {
      return MetadataKey(rawValue: core.key)
    }
    throw StoreError(
      .badValue, "“\(text)” is no metadata: give a number from 1024 to 65535 or a name from UserMetadata")
  }
}

/// Dates as Orthanc writes them in metadata: UTC, `20261123T204458`.
public enum OrthancDate {
  /// Nil for what `text` does not write.
  static func seconds(_ text: String) -> Int64? {
    let characters = Array(text.utf8)
    guard characters.count == 15, characters[8] == UInt8(ascii: "T"),
      let date = Int32(text.prefix(8)), let time = Int32(text.suffix(6)), date > 0, time >= 0
    else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (date / 10_000 - 1900, date / 100 % 100 - 1, date % 100)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (time / 10_000, time / 100 % 100, time % 100)
    return Int64(timegm(&parts))
  }

  public static func text(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func padded(_ number: Int32, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1) + padded(parts.tm_mday) + "T"
      + padded(parts.tm_hour) + padded(parts.tm_min) + padded(parts.tm_sec)
  }
}
