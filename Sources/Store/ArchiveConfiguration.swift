import DICOM

/// What an archive is opened with. The defaults are Orthanc's.
public struct ArchiveConfiguration: Sendable {
  /// Folder of the attachments (`StorageDirectory`), created when missing.
  public var storageFolder: String
  /// Folder of the index (`IndexDirectory`); nil puts it into the storage folder.
  public var indexFolder: String?
  /// Whether an archive must be there already: none is made.
  public var mustExist = false
  /// Whether an instance that is there already is replaced (`OverwriteInstances`).
  public var overwriteInstances = false
  /// Whether attachments get an MD5 (`StoreMD5ForAttachments`).
  public var storeMD5 = true
  /// Whether attachments are compressed as they come (`StorageCompression`).
  public var compressesStorage = false
  /// Tags kept beyond the built-in ones (`ExtraMainDicomTags`).
  public var extraMainDicomTags: [ResourceLevel: [Tag]] = [:]
  /// Names of user-defined metadata (`UserMetadata`), keys from 1024 up.
  public var userMetadata: [String: MetadataKey] = [:]
  /// Names of user-defined attachments (`UserContentType`), types from 1024 up.
  public var userAttachments: [String: UserAttachmentType] = [:]
  /// Seconds without a new instance after which a resource is stable (`StableAge`).
  public var stableAge = 60
  /// Whether metadata and attachments are changed only by those who say which revision they replace (`CheckRevisions`).
  public var checksRevisions = false
  /// Whether what is sent to modalities and peers is written down (`LogExportedResources`).
  public var logsExportedResources = false
  /// How much may be kept (`MaximumStorageSize`, `MaximumPatientCount`, `MaximumStorageMode`).
  public var limits = StorageLimits()

  public init(storageFolder: String) { self.storageFolder = storageFolder }
}
