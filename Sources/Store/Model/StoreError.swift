import DICOM

/// Why the archive refused or failed.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Equatable, Sendable, CaseIterable {
    /// The folder can't be used: missing rights, something else lives there, a newer version wrote it.
    case storageUnusable
    /// Another process holds the folder.
    case storageInUse
    /// No room, or the limit is reached and `MaximumStorageMode` is `Reject`.
    case storageFull
    /// A read or write of the storage area or the index failed.
    case inputOutput
    /// The data set can't be understood: truncated, nested too deep, no DICOM at all.
    case cannotUnderstand
    /// A UID that the hierarchy needs is missing or invalid, or does not match the command.
    case dataSetMismatch
    /// No such resource, label, metadata or attachment.
    case notFound
    /// A name, key or value that is not allowed.
    case badValue
    /// Core metadata and attachments are read-only.
    case readOnly
    /// Somebody else changed it: the revision does not match.
    case revisionConflict
    /// The archive is closing.
    case closed
  }

  public var code: Code
  /// A sentence for the user, with the value at fault in it.
  public var message: String
  /// The tag at fault, where one is.
  public var tag: Tag?

  public init(_ code: Code, _ message: String, tag: Tag? = nil) {
    self.code = code
    self.message = message
    self.tag = tag
  }

  public var description: String { message }
}
