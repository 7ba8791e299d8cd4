import Synchronization

/// Values that belong to the archive as a whole, by number.
extension Archive {
  /// Nil where there is none.
  public func globalProperty(_ property: GlobalProperty) async throws(StoreError) -> String? {
    guard property.isWritable else { return nil }
    return try await read { try PropertyOperations.value($0, property) }
  }

  /// All of them, without what the archive keeps for itself.
  public func globalProperties() async throws(StoreError) -> [GlobalProperty: String] {
    try await read { try PropertyOperations.all($0).filter(\.key.isWritable) }
  }

  /// Sets a value; nil removes it. Throws `readOnly` for a number that is not free to use, and `badValue`.
  public func setGlobalProperty(_ property: GlobalProperty, to value: String?) async throws(StoreError) {
    _ = try await editGlobalProperty(property) { _ in value }
  }

  /// Changes a value in one commit: nobody else changes it between what the body gets and what it gives. Returns what is
  /// kept now. Throws as `setGlobalProperty` does.
  public func editGlobalProperty(
    _ property: GlobalProperty, _ body: @escaping @Sendable (String?) -> String?
  ) async throws(StoreError) -> String? {
    try PropertyOperations.checkWritable(property)
    let result = Mutex<String?>(nil)
    try await committer.edit { db in
      let value = body(try PropertyOperations.value(db, property))
      if let value {
        try PropertyOperations.checkValue(value, of: property)
        try PropertyOperations.set(db, property, value)
      } else {
        try PropertyOperations.remove(db, property)
      }
      result.withLock { $0 = value }
      return EditEffects()
    }
    return result.withLock { $0 }
  }
}
