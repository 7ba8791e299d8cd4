import DICOM
import GRDB

/// What a repair asks the index and writes into it.
enum RepairOperations {
  static func attachmentCount(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM attachment") ?? 0
  }

  static func id(_ db: Database, instance: Int64) throws -> PublicID? {
    try Row.fetchOne(db, sql: "SELECT public_id FROM instance WHERE id = ?", arguments: [instance])?
      .publicID("public_id")
  }

  /// Instances whose file the index does not know.
  static func instancesWithoutFile(_ db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM instance t WHERE NOT EXISTS
          (SELECT 1 FROM attachment WHERE level = 4 AND resource = t.id AND type = 1)
        """)
  }

  /// The key of an instance, and its file as the index has it.
  static func instance(
    _ db: Database, _ id: PublicID
  ) throws -> (key: Int64, file: AttachmentRow?)? {
    guard let key = try ArchiveIndex.key(db, ResourceReference(.instance, id)) else { return nil }
    return (key, try AttachmentOperations.row(db, .dicom, .instance, key: key))
  }

  /// Indexes files by the rules of every instance that comes in. Nothing is replaced but a row whose file is gone.
  static func adopt(
    _ db: Database, _ instances: [PreparedInstance], tags: MainDicomTags
  ) throws -> EditEffects {
    let signatures = ResourceLevel.allCases.map { ($0, tags.signature($0)) }
    var ingest = try IngestOperations(
      db, mainTags: tags, signatures: Dictionary(uniqueKeysWithValues: signatures), cache: IngestCache(),
      hasTitles: false)
    var effects = EditEffects()
    for instance in instances {
      if case .overwritten(let oldFiles) = try ingest.ingest(instance, overwrite: false) {
        effects.doomedFiles += oldFiles
      }
    }
    try ingest.finish()
    effects.changes = ingest.changes
    return effects
  }
}
