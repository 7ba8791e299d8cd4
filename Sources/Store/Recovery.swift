import GRDB
import Glibc
import Logging

/// What is done at each start, so that a crash leaves nothing half-done: the index is checked when it was not closed
/// in good order, what is only in the journal is taken in, files that were being written go, and files that had to
/// go go.
struct Recovery {
  let storage: StorageArea
  let index: ArchiveIndex
  let replay: JournalReplay
  let logger: Logger

  /// An index up to so many pages (8 MB) is checked whole, in some 20 ms; reading a larger one would delay the start.
  private static let checkedPages = 2048

  func run(_ records: [IngestJournal.Record]) throws(StoreError) {
    try checkIndex()
    try replay.run(records)
    try clearLeftovers()
    try clearDoomed()
  }

  private func clearLeftovers() throws(StoreError) {
    let names = storage.leftovers()
    if names.isEmpty { return }
    // Nobody knows those that were only made ahead, and to find that out takes a look at every row.
    let (ahead, begun) = (names.filter(storage.isMadeAhead), names.filter { !storage.isMadeAhead($0) })
    let known = try index.readNow { try JournalOperations.known($0, files: Set(begun)) }
    for name in known {
      try storage.restoreName(name)
      storage.forgetIncoming(name)
    }
    let unfinished = begun.filter { !known.contains($0) }
    storage.removeUnfinished(ahead + unfinished)
    if !unfinished.isEmpty {
      logger.notice("cleaned up \(unfinished.count) unfinished files of the last run")
    }
  }

  private func clearDoomed() throws(StoreError) {
    let files = try index.readNow { try DeletionOperations.doomedFiles($0) }
    if files.isEmpty { return }
    for file in files { storage.remove(file) }
    try write(isDurable: true) { try $0.execute(sql: "DELETE FROM doomed_file") }
  }

  private func checkIndex() throws(StoreError) {
    let isClean =
      try index.readNow { try PropertyOperations.value($0, PropertyOperations.cleanShutdown) } == "1"
    // Not synced: whatever is written later is durable only together with it.
    try write(isDurable: false) { try PropertyOperations.set($0, PropertyOperations.cleanShutdown, "0") }
    if isClean { return }
    let report = try index.readNow { db -> String in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      if pages > Self.checkedPages { return "ok" }
      return try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "ok"
    }
    if report != "ok" {
      throw StoreError(.storageUnusable, "the index \(index.path) is damaged: \(report)")
    }
  }

  private func write(isDurable: Bool, _ body: (Database) throws -> Void) throws(StoreError) {
    do {
      try index.write(isDurable: isDurable, body)
    } catch {
      throw ArchiveIndex.storeError(error, path: index.path)
    }
  }
}
