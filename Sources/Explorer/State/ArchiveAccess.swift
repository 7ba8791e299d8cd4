import DICOM
import Store

/// The archive as the explorer sees it. The archive in the same process fills it; tests fill it with a
/// scripted one. Everything is asynchronous, any answer may be late, any resource may be gone by then.
public protocol ArchiveAccess: Sendable {
  /// At most `limit` rows of a list around a place in it.
  func window(_ query: ListQuery, anchor: WindowAnchor, limit: Int) async throws -> ListWindow
  /// Nil when the resource is gone.
  func detail(of resource: ResourceReference) async throws -> ResourceDetail?
  func totals() async throws -> ArchiveTotals
  /// The tag tree of an instance.
  func tags(of instance: PublicID) async throws -> [TagNode]
  /// Bytes of an instance's file, for the hexadecimal view; at most `range.count` of them.
  func bytes(of instance: PublicID, in range: Range<Int>) async throws -> [UInt8]

  /// Every label in use, most used first.
  func labelsInUse() async throws -> [LabelUse]
  /// The labels of each of these resources.
  func labels(of resources: [ResourceReference]) async throws -> [ResourceReference: [String]]
  /// Adds and removes labels of many resources in one commit.
  func editLabels(adding: [String], removing: [String], on resources: [ResourceReference]) async throws

  /// The user-defined metadata of each of these resources.
  func userMetadata(of resources: [ResourceReference]) async throws -> [ResourceReference: [MetadataEntry]]
  /// Sets a user-defined value and returns its new revision. `expectedRevision` nil: it must not exist yet;
  /// else throws `StoreError.revisionConflict` when the value is at another one.
  func setMetadata(
    _ key: MetadataKey, to value: String, expectedRevision: Int?, on resource: ResourceReference
  )
    async throws -> Int
  func removeMetadata(_ key: MetadataKey, expectedRevision: Int, on resource: ResourceReference) async throws
  /// The key that a name or a number stands for (`UserMetadata` names, 1024–65535); throws when there is none.
  func metadataKey(named name: String) throws -> MetadataKey
  /// Names from `UserMetadata`, for completion.
  func metadataNames() -> [String]

  /// The attachments of a resource itself, by type.
  func attachments(of resource: ResourceReference) async throws -> [AttachmentInfo]
  /// The type that a name or a number stands for (`UserContentType` names, 1024–65535); throws when there is none.
  func attachmentType(named name: String) throws -> AttachmentType
  /// Names from `UserContentType` with their types, for completion.
  var userAttachmentTypes: [(name: String, type: AttachmentType)] { get }
  /// Bytes of an attachment's content, for showing some of it; fewer than asked for only at its end.
  func bytes(of type: AttachmentType, of resource: ResourceReference, in range: Range<Int>) async throws
    -> [UInt8]
  /// Writes an attachment's content into a file of this machine, piece by piece; ends early when its task is cancelled.
  func exportAttachment(
    _ type: AttachmentType, of resource: ResourceReference, toFile path: String, replaces: Bool,
    progress: @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws
  /// Adds or replaces an attachment with a file of this machine, piece by piece, and returns its revision. Throws
  /// `StoreError.revisionConflict` when it is at another one than expected; ends early when its task is cancelled.
  func setAttachment(
    _ type: AttachmentType, toFile path: String, expecting expected: ExpectedRevision,
    of resource: ResourceReference, progress: @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws -> Int
  func removeAttachment(
    _ type: AttachmentType, expecting expected: ExpectedRevision, of resource: ResourceReference
  ) async throws
  /// Reads an attachment whole and compares it with what was stored; nil: it is sound.
  func verify(_ type: AttachmentType, of resource: ResourceReference) async throws -> Fault?

  /// How full the archive is, and at most `limit` patients each of the recycling order and of the protected ones
  /// behind it, from a place on.
  func storageUse(from start: Int, limit: Int) async throws -> StorageUse
  func setProtected(_ isProtected: Bool, patients: [PublicID]) async throws
  func deletionPreview(of resources: [ResourceReference]) async throws -> DeletionPreview
  /// Returns how many instances went.
  func delete(_ resources: [ResourceReference]) async throws -> Int

  /// The kept changes, newest first, older than `before` (nil: from the newest on).
  func changes(before: Int64?, limit: Int) async throws -> [Change]
  /// What is committed from now on. Slow readers are told less often, never wrongly.
  func events() -> AsyncStream<ArchiveEvent>
}
