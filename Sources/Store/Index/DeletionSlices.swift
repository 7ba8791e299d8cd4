import DICOM
import GRDB

/// A deletion in parts, so that what arrives meanwhile need not wait for the whole.
enum DeletionSlices {
  /// Instances that go in one transaction.
  static let size = 200

  /// How many instances lie at and below these resources, each counted once a resource that names it.
  static func instances(_ db: Database, below resources: [ResourceReference]) throws -> Int {
    try resources.reduce(0) { total, resource in
      guard let key = try ArchiveIndex.key(db, resource) else { return total }
      if resource.level == .instance { return total + 1 }
      let table = IndexSchema.table(resource.level)
      return total
        + (try Int.fetchOne(db, sql: "SELECT instances FROM \(table) WHERE id = ?", arguments: [key]) ?? 0)
    }
  }

  /// What to delete next so that in the end this resource is gone: itself when little is left of it, else a part of
  /// what lies below. None when it is gone.
  static func next(_ db: Database, of resource: ResourceReference) throws -> [ResourceReference] {
    guard let key = try ArchiveIndex.key(db, resource) else { return [] }
    guard resource.level != .instance else { return [resource] }
    let ids = try Row.fetchAll(
      db,
      sql: """
        SELECT public_id FROM instance
        WHERE parent IN (\(DeletionOperations.keysBelow(resource.level, .series))) LIMIT ?
        """, arguments: [key, size + 1]
    ).map { ResourceReference(.instance, try $0.publicID(0)) }
    return ids.count <= size ? [resource] : Array(ids.prefix(size))
  }
}
