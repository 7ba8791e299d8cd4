import GRDB

/// A piece of work for the index. Those that wait share a transaction.
enum IndexWork: Sendable {
  typealias IngestCompletion = @Sendable (Result<StoreResult, StoreError>) -> Void
  typealias EditCompletion = @Sendable (StoreError?) -> Void

  /// An instance that the journal has.
  case ingest(Ingest)
  /// Somebody waits for it, and it is durable when it is answered.
  case edit(@Sendable (Database) throws -> EditEffects, EditCompletion)
  /// Nobody waits for it, and a power cut may undo it. It is told how many instances have been indexed.
  case chore(@Sendable (Database, _ indexed: Int) throws -> EditEffects, EditCompletion)
  /// Nothing but an answer when everything before it is done.
  case settle(EditCompletion)

  struct Ingest: Sendable {
    var instance: PreparedInstance
    /// Its number in the journal.
    var sequence: UInt64
    var overwrite: Bool
    /// The sender waits for it, and it may still be refused. Otherwise it was acknowledged, and is kept whatever comes.
    var isAwaited: Bool
    /// Comes after the commit.
    var completion: IngestCompletion?
  }

  var isIngest: Bool {
    if case .ingest = self { return true }
    return false
  }

  var isEdit: Bool {
    if case .edit = self { return true }
    return false
  }

  var isSettling: Bool {
    if case .settle = self { return true }
    return false
  }

  /// Somebody waits for it.
  var isUrgent: Bool {
    switch self {
    case .ingest(let ingest): ingest.isAwaited
    case .edit, .settle: true
    case .chore: false
    }
  }

  /// Bytes of its file that it keeps in memory.
  var bytes: Int {
    guard case .ingest(let ingest) = self else { return 0 }
    return ingest.instance.files.reduce(0) { $0 + ($1.bytes?.count ?? 0) }
  }

  /// The size of an instance that was acknowledged before it was indexed.
  var admittedSize: Int64? {
    guard case .ingest(let ingest) = self, !ingest.isAwaited else { return nil }
    return ingest.instance.diskSize
  }

  var sequence: UInt64? {
    guard case .ingest(let ingest) = self else { return nil }
    return ingest.sequence
  }
}
