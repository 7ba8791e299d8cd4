import DICOM
import Foundation
import GRDB

/// A row of `attachment`, but for the resource that it belongs to.
struct AttachmentRow: Sendable {
  var type: AttachmentType
  var uuid: String
  var isCompressed: Bool
  var size: AttachmentSize
  var diskMD5: [UInt8]?
  var md5: [UInt8]?
  var revision: Int

  /// Waits for the MD5s.
  init(_ type: AttachmentType, _ file: StoredFile, revision: Int) {
    self.type = type
    uuid = file.uuid
    isCompressed = file.isCompressed
    size = AttachmentSize(type, file)
    md5 = file.md5
    diskMD5 = file.isCompressed ? file.diskMD5 : md5
    self.revision = revision
  }

  init(_ row: Row) {
    type = AttachmentType(rawValue: row["type"])
    uuid = row["uuid"]
    isCompressed = row["compression"] == AttachmentOperations.zlib
    size = AttachmentSize(type, onDisk: row["disk_size"], ofContent: row["uncompressed_size"])
    diskMD5 = (row["disk_md5"] as Data?).map { Array($0) }
    md5 = (row["md5"] as Data?).map { Array($0) }
    revision = row["revision"]
  }
}

/// The files of resources.
enum AttachmentOperations {
  /// Orthanc's numbers for how a file is compressed.
  static let plain = 1
  static let zlib = 2

  static func row(
    _ db: Database, _ type: AttachmentType, _ level: ResourceLevel, key: Int64
  ) throws -> AttachmentRow? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM attachment WHERE level = ? AND resource = ? AND type = ?"),
      arguments: [level.rawValue, key, type.rawValue]
    ).map { AttachmentRow($0) }
  }

  /// Every attachment of one resource, by type.
  static func all(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> [AttachmentRow] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM attachment WHERE level = ? AND resource = ? ORDER BY type"),
      arguments: [level.rawValue, key]
    ).map { AttachmentRow($0) }
  }

  /// Writes a row, in place of the one of the same type. Counters are another matter.
  static func put(_ db: Database, _ row: AttachmentRow, _ level: ResourceLevel, key: Int64) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO attachment (level, resource, type, uuid, compression, disk_size,
          uncompressed_size, disk_md5, md5, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      level.rawValue, key, row.type.rawValue, row.uuid, row.isCompressed ? zlib : plain, row.size.onDisk,
      row.size.ofContent, row.diskMD5.map { Data($0) }, row.md5.map { Data($0) }, row.revision,
    ])
  }

  static func remove(
    _ db: Database, _ type: AttachmentType, _ level: ResourceLevel, key: Int64
  ) throws {
    try db.cachedStatement(sql: "DELETE FROM attachment WHERE level = ? AND resource = ? AND type = ?")
      .execute(arguments: [level.rawValue, key, type.rawValue])
  }

  // MARK: Changes of one

  /// Adds or replaces one and corrects the counters. Returns its new revision and the file that must go, which is doomed.
  /// Throws `revisionConflict`.
  static func set(
    _ db: Database, _ row: AttachmentRow, if check: RevisionCheck, _ resource: ResourceReference, key: Int64
  ) throws -> (revision: Int, oldFile: String?) {
    let present = try self.row(db, row.type, resource.level, key: key)
    try check.pass(present: present?.revision)
    var row = row
    row.revision = present.map { $0.revision + 1 } ?? 0
    try replace(db, present, with: row, resource.level, key: key)
    return (row.revision, present?.uuid)
  }

  /// Puts another file with the same content in the place of one. Throws `revisionConflict` when that is there no more.
  static func rewrite(
    _ db: Database, _ row: AttachmentRow, inPlaceOf uuid: String, named name: String,
    _ resource: ResourceReference, key: Int64
  ) throws {
    guard let present = try self.row(db, row.type, resource.level, key: key), present.uuid == uuid else {
      throw StoreError(.revisionConflict, "somebody else changed attachment \(name) meanwhile")
    }
    try replace(db, present, with: row, resource.level, key: key)
  }

  /// Removes one and corrects the counters. Returns its file, which is doomed. Throws `notFound`, `revisionConflict`.
  static func remove(
    _ db: Database, _ type: AttachmentType, if check: RevisionCheck, _ resource: ResourceReference, key: Int64
  ) throws -> String {
    guard let present = try row(db, type, resource.level, key: key) else {
      throw StoreError(
        .notFound, "\(resource.level.name.lowercased()) \(resource.id) has no \(check.subject)")
    }
    try check.pass(present: present.revision)
    try remove(db, type, resource.level, key: key)
    try count(db, AttachmentSize() - present.size, resource.level, key: key)
    try DeletionOperations.doom(db, [present.uuid])
    return present.uuid
  }

  private static func replace(
    _ db: Database, _ old: AttachmentRow?, with new: AttachmentRow, _ level: ResourceLevel, key: Int64
  ) throws {
    try put(db, new, level, key: key)
    try count(db, new.size - (old?.size ?? AttachmentSize()), level, key: key)
    if let old { try DeletionOperations.doom(db, [old.uuid]) }
  }

  // MARK: Instances

  /// Removes the rows of an instance's DICOM file and of what was made from it. Returns their files.
  static func removeDICOM(_ db: Database, instance: Int64) throws -> [String] {
    let types = "level = 4 AND resource = ? AND type IN (1, 2, 3)"
    let files = try String.fetchAll(
      db.cachedStatement(sql: "SELECT uuid FROM attachment WHERE \(types)"), arguments: [instance])
    try db.cachedStatement(sql: "DELETE FROM attachment WHERE \(types)").execute(arguments: [instance])
    return files
  }

  // MARK: Sizes

  /// What the attachments of one resource itself take.
  static func size(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> AttachmentSize {
    try all(db, level, key: key).reduce(AttachmentSize()) { $0 + $1.size }
  }

  /// What counters hold for a resource with everything below; nil when it is gone.
  static func counted(_ db: Database, _ level: ResourceLevel, key: Int64) throws -> AttachmentSize? {
    let other = level == .instance ? "" : ", other_disk_size, other_uncompressed_size"
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: "SELECT disk_size, uncompressed_size\(other) FROM \(IndexSchema.table(level)) WHERE id = ?"),
        arguments: [key])
    else { return nil }
    var size = AttachmentSize(onDisk: row["disk_size"], ofContent: row["uncompressed_size"])
    if level == .instance {
      let own = try self.size(db, level, key: key)
      (size.otherOnDisk, size.otherOfContent) = (own.otherOnDisk, own.otherOfContent)
    } else {
      (size.otherOnDisk, size.otherOfContent) = (row["other_disk_size"], row["other_uncompressed_size"])
    }
    return size
  }

  /// Adds to the counters of a resource alone.
  static func addSize(
    _ db: Database, _ size: AttachmentSize, to level: ResourceLevel, key: Int64
  ) throws {
    if size == AttachmentSize() { return }
    if level == .instance {
      return try db.cachedStatement(
        sql: """
          UPDATE instance SET disk_size = disk_size + ?, uncompressed_size = uncompressed_size + ? WHERE id = ?
          """
      ).execute(arguments: [size.onDisk, size.ofContent, key])
    }
    try db.cachedStatement(sql: "UPDATE \(IndexSchema.table(level)) SET \(growth) WHERE id = ?")
      .execute(arguments: size.arguments + [key])
  }

  /// SQL that adds `AttachmentSize.arguments` to the counters of a level above instances.
  static let growth = """
    disk_size = disk_size + ?, uncompressed_size = uncompressed_size + ?,
    other_disk_size = other_disk_size + ?, other_uncompressed_size = other_uncompressed_size + ?
    """

  /// Adds to the counters of a resource, of all above it, of its modality and of the archive.
  static func count(_ db: Database, _ size: AttachmentSize, _ level: ResourceLevel, key: Int64) throws {
    var (level, key) = (level, key)
    while true {
      try addSize(db, size, to: level, key: key)
      if level == .series {
        try ModalityTotals.add(db, to: key, series: 0, instances: 0, diskSize: size.onDisk)
      }
      guard let above = level.parent,
        let parent = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT parent FROM \(IndexSchema.table(level)) WHERE id = ?"),
          arguments: [key])
      else { break }
      (level, key) = (above, parent)
    }
    try TotalsOperations.add(
      db, ArchiveTotals(diskSize: size.onDisk, uncompressedSize: size.ofContent))
  }
}
