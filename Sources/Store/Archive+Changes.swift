extension Archive {
  /// The kept changes behind one of them, in their order. A deleted resource takes its changes with it.
  ///
  /// - Parameters:
  ///   - since: number of the last change that is known; 0 gives them from the first on.
  ///   - types: only these; nil gives all.
  public func changes(
    since: Int64, limit: Int, types: Set<ChangeType>? = nil
  ) async throws(StoreError) -> ChangePage {
    try await read { try ChangeOperations.page($0, since: since, limit: limit, types: types) }
  }

  /// The last change that is there, alone; `last` is the number of the last one that ever was.
  public func lastChange() async throws(StoreError) -> ChangePage {
    try await read { db in
      let last = try ChangeOperations.last(db)
      return ChangePage(
        changes: try ChangeOperations.page(db, before: nil, limit: 1), isDone: true, last: last)
    }
  }

  /// Forgets all changes; the numbers go on where they were.
  public func clearChanges() async throws(StoreError) {
    try await committer.edit { db in
      try ChangeOperations.clear(db)
      return EditEffects()
    }
  }
}
