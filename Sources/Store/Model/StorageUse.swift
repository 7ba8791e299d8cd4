/// What one modality has in the archive.
public struct ModalityUse: Equatable, Sendable {
  /// As the series say; empty where they don't.
  public var modality: String
  public var series: Int
  public var instances: Int
  /// Bytes on the disk.
  public var diskSize: Int64

  public init(modality: String, series: Int, instances: Int, diskSize: Int64) {
    self.modality = modality
    self.series = series
    self.instances = instances
    self.diskSize = diskSize
  }
}

/// How full the archive is, and who goes next.
public struct StorageUse: Equatable, Sendable {
  public var limits: StorageLimits
  public var totals: ArchiveTotals
  /// Bytes free in the file system of the storage folder; nil when that can't be told.
  public var free: Int64?
  /// The largest first.
  public var modalities: [ModalityUse]
  /// Unprotected patients, who goes next first; at most as many as were asked for.
  public var order: [ResourceRow]
  /// Protected patients by name; at most as many as were asked for.
  public var protected: [ResourceRow]
  /// How many are protected, and how many bytes they have.
  public var protectedPatients: Int
  public var protectedSize: Int64

  public init(
    limits: StorageLimits, totals: ArchiveTotals, free: Int64?, modalities: [ModalityUse],
    order: [ResourceRow], protected: [ResourceRow], protectedPatients: Int, protectedSize: Int64
  ) {
    self.limits = limits
    self.totals = totals
    self.free = free
    self.modalities = modalities
    self.order = order
    self.protected = protected
    self.protectedPatients = protectedPatients
    self.protectedSize = protectedSize
  }
}
