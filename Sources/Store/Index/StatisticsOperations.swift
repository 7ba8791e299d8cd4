import DICOM
import GRDB

/// What lies in a resource, read from its own counters: as quick for fifty thousand instances as for one.
enum StatisticsOperations {
  static func statistics(_ db: Database, _ resource: ResourceReference) throws -> ResourceStatistics {
    let (level, key) = (resource.level, try ArchiveIndex.existingKey(db, resource))
    let size = try AttachmentOperations.counted(db, level, key: key) ?? AttachmentSize()
    let columns: String
    switch level {
    case .patient: columns = "studies, series, instances"
    case .study: columns = "1, series, instances"
    case .series: columns = "1, 1, instances"
    case .instance: columns = "1, 1, 1"
    }
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(columns) FROM \(IndexSchema.table(level)) WHERE id = ?"),
      arguments: [key])
    return ResourceStatistics(
      studies: row?[0] ?? 0, series: row?[1] ?? 0, instances: row?[2] ?? 0, diskSize: size.onDisk,
      uncompressedSize: size.ofContent, dicomDiskSize: size.dicomOnDisk,
      dicomUncompressedSize: size.dicomOfContent)
  }
}
