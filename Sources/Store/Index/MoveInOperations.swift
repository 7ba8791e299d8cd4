import DICOM
import Foundation
import GRDB

/// What an archive that moves in brings beside its files. What is there already stays: a second run changes nothing.
enum MoveInOperations {
  /// What became of the details of one resource.
  struct Outcome: Equatable {
    var labels = 0
    var metadata = 0
    /// Keys whose value here is another one, which was kept.
    var conflicts: [Int] = []
  }

  /// MD5 and size of the content of an instance's file, where the archive has the instance with its file.
  struct Held: Equatable {
    var md5: String?
    var size: Int64
  }

  static func held(_ db: Database, _ id: PublicID) throws -> Held? {
    guard let key = try ArchiveIndex.key(db, ResourceReference(.instance, id)),
      try !IngestOperations.isLost(db, instance: key),
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: "SELECT md5, uncompressed_size FROM attachment WHERE level = 4 AND resource = ? AND type = 1"),
        arguments: [key])
    else { return nil }
    return Held(
      md5: (row["md5"] as Data?).map { Hex.text(Array($0)) }, size: row["uncompressed_size"])
  }

  /// Labels and metadata that have been checked.
  static func add(
    _ db: Database, labels: [String], metadata: [OrthancDetails.Metadata], _ level: ResourceLevel, key: Int64
  ) throws -> Outcome {
    var outcome = Outcome()
    for label in labels where try LabelOperations.add(db, label, level, key: key) { outcome.labels += 1 }
    for entry in metadata {
      guard let value = entry.value else { continue }
      let present = try String.fetchOne(
        db.cachedStatement(sql: "SELECT value FROM metadata WHERE level = ? AND resource = ? AND key = ?"),
        arguments: [level.rawValue, key, entry.key])
      if let present {
        if present != value { outcome.conflicts.append(entry.key) }
        continue
      }
      try db.cachedStatement(
        sql: "INSERT INTO metadata (level, resource, key, value, revision) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [level.rawValue, key, entry.key, value, entry.revision])
      outcome.metadata += 1
    }
    return outcome
  }

  /// When a resource above instances last received something, if that is later than what is known.
  static func note(_ db: Database, lastUpdate date: Int64, _ level: ResourceLevel, key: Int64) throws {
    if level == .instance { return }
    try db.cachedStatement(
      sql: "UPDATE \(IndexSchema.table(level)) SET last_update = ? WHERE id = ? AND last_update < ?"
    ).execute(arguments: [date, key, date])
  }
}
