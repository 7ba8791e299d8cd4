/// How far a backup has come, and what came of it.
public struct BackupReport: Equatable, Sendable {
  public enum Phase: Equatable, Sendable { case index, attachments, finishing }

  public var phase = Phase.index
  /// Attachments that the archive has, and those that have been looked at.
  public var ofAttachments = 0
  public var attachments = 0
  public var copied = 0
  public var copiedBytes: Int64 = 0
  /// Files that the archive has no more and that went from the copy.
  public var removed = 0
  /// Instances that were only in the ingest journal.
  public var fromJournal = 0

  public init() {}
}
