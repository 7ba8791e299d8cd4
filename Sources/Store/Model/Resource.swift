import DICOM

/// Names one resource: its level and its identifier.
public struct ResourceReference: Hashable, Sendable {
  public var level: ResourceLevel
  public var id: PublicID

  public init(_ level: ResourceLevel, _ id: PublicID) {
    self.level = level
    self.id = id
  }
}

/// One row of a list: a resource as a screen shows it, read from the index alone.
public struct ResourceRow: Equatable, Sendable {
  public var id: PublicID
  public var level: ResourceLevel
  /// The resource one level up; nil for a patient.
  public var parent: PublicID?
  /// The patient that the resource belongs to (its own id for a patient).
  public var patient: PublicID
  /// Main DICOM tags as UTF-8, padding removed. A study has its own copy of its patient's tags.
  public var tags: [Tag: String]
  /// Children below the resource, by level; zero above and at its own.
  public var studies: Int
  public var series: Int
  public var instances: Int
  /// Bytes that the resource's attachments take on the disk.
  public var diskSize: Int64
  /// Distinct modalities of the series below, sorted; its own for a series.
  public var modalities: [String]
  /// Labels of this very resource, sorted.
  public var labels: [String]
  /// Whether the patient that it belongs to is protected from recycling.
  public var isProtected: Bool
  /// When an instance was last added below (or the instance arrived): seconds since 1970, UTC.
  public var lastUpdate: Int64
  /// Whether it has not received anything for `StableAge` seconds.
  public var isStable: Bool
  /// A patient whose studies carry different names or birth dates: two people under one PatientID.
  public var hasConflictingNames: Bool
  /// How many instances the series is expected to have, where the modality said so.
  public var expectedInstances: Int?
  /// Whether the series has what was announced; nil at other levels.
  public var seriesStatus: SeriesStatus?
  /// AE title that sent the latest instance; nil when it did not come over DICOM.
  public var remoteAET: String?
  /// The instance's transfer syntax; nil above instances.
  public var transferSyntax: String?
  /// Where the row stands in its list's order, for asking for what is before and behind it.
  public var cursor: ListCursor

  public init(
    id: PublicID, level: ResourceLevel, parent: PublicID? = nil, patient: PublicID, tags: [Tag: String] = [:],
    studies: Int = 0, series: Int = 0, instances: Int = 0, diskSize: Int64 = 0, modalities: [String] = [],
    labels: [String] = [], isProtected: Bool = false, lastUpdate: Int64 = 0, isStable: Bool = true,
    hasConflictingNames: Bool = false, expectedInstances: Int? = nil, seriesStatus: SeriesStatus? = nil,
    remoteAET: String? = nil, transferSyntax: String? = nil, cursor: ListCursor
  ) {
    self.id = id
    self.level = level
    self.parent = parent
    self.patient = patient
    self.tags = tags
    self.studies = studies
    self.series = series
    self.instances = instances
    self.diskSize = diskSize
    self.modalities = modalities
    self.labels = labels
    self.isProtected = isProtected
    self.lastUpdate = lastUpdate
    self.isStable = isStable
    self.hasConflictingNames = hasConflictingNames
    self.expectedInstances = expectedInstances
    self.seriesStatus = seriesStatus
    self.remoteAET = remoteAET
    self.transferSyntax = transferSyntax
    self.cursor = cursor
  }

  public var reference: ResourceReference { ResourceReference(level, id) }
}

/// Everything that the archive knows of one resource beside its row.
public struct ResourceDetail: Equatable, Sendable {
  public var row: ResourceRow
  /// Core metadata (read-only) and user-defined ones, by key.
  public var metadata: [MetadataEntry]
  public var attachments: [AttachmentInfo]
  /// The rows above it, from the patient down.
  public var ancestors: [ResourceRow]
  /// Uncompressed size of everything below, in bytes.
  public var uncompressedSize: Int64

  public init(
    row: ResourceRow, metadata: [MetadataEntry], attachments: [AttachmentInfo], ancestors: [ResourceRow],
    uncompressedSize: Int64
  ) {
    self.row = row
    self.metadata = metadata
    self.attachments = attachments
    self.ancestors = ancestors
    self.uncompressedSize = uncompressedSize
  }
}

/// Totals of the whole archive.
public struct ArchiveTotals: Equatable, Sendable {
  public var patients: Int
  public var studies: Int
  public var series: Int
  public var instances: Int
  /// Bytes of all attachments on the disk, and before compression.
  public var diskSize: Int64
  public var uncompressedSize: Int64

  public init(
    patients: Int = 0, studies: Int = 0, series: Int = 0, instances: Int = 0, diskSize: Int64 = 0,
    uncompressedSize: Int64 = 0
  ) {
    self.patients = patients
    self.studies = studies
    self.series = series
    self.instances = instances
    self.diskSize = diskSize
    self.uncompressedSize = uncompressedSize
  }
}

/// A label and how many resources carry it.
public struct LabelUse: Equatable, Sendable {
  public var label: String
  public var count: Int

  public init(label: String, count: Int) {
    self.label = label
    self.count = count
  }
}

/// What deleting some resources takes along, worked out before anything is deleted.
public struct DeletionPreview: Equatable, Sendable {
  /// The rows that were asked for, at most `DeletionPreview.rowLimit` of them.
  public var rows: [ResourceRow]
  public var studies: Int
  public var series: Int
  public var instances: Int
  public var diskSize: Int64
  /// Patients that lose something.
  public var patients: Int
  /// Resources above that have nothing else and go too.
  public var emptiedParents: [ResourceRow]
  /// Patients among them that are protected.
  public var protectedPatients: [ResourceRow]
  /// Patients among them under whose PatientID more than one person lies.
  public var conflictingPatients: [ResourceRow]
  /// The names under each of those PatientIDs, as the studies have them; at most `rowLimit` a patient.
  public var people: [PublicID: [String]] = [:]

  public static let rowLimit = 20

  public init(
    rows: [ResourceRow], patients: Int, studies: Int, series: Int, instances: Int, diskSize: Int64,
    emptiedParents: [ResourceRow] = [], protectedPatients: [ResourceRow] = [],
    conflictingPatients: [ResourceRow] = []
  ) {
    self.rows = rows
    self.patients = patients
    self.studies = studies
    self.series = series
    self.instances = instances
    self.diskSize = diskSize
    self.emptiedParents = emptiedParents
    self.protectedPatients = protectedPatients
    self.conflictingPatients = conflictingPatients
  }
}
