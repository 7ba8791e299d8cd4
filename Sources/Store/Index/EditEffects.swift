/// What an edit did, beside its result.
struct EditEffects {
  var changes: [Change] = []
  /// Files that go after the commit; they must have been doomed in the same transaction.
  var doomedFiles: [String] = []
  /// Rows went: what the ingest cache remembers may be wrong.
  var hasDeleted = false
}
