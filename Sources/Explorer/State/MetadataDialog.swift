import Store

/// Metadata of one resource, or of several at once.
struct MetadataDialog: Sendable {
  struct Edit: Equatable, Sendable {
    var key: MetadataKey
    var name: String
    /// The value of each resource as it was seen when editing began; none where there was none.
    var seen: [ResourceReference: MetadataEntry]
    var field: TextField
  }
  enum Mode: Equatable, Sendable {
    case browsing
    case naming(TextField)
    /// The name is being looked up; what is typed meanwhile is for what comes then.
    case resolving([Key])
    case editing(Edit)
    case saving(MetadataChange)
    /// Some writes met changes of others: what is there now is being read.
    case comparing(MetadataChange, [MetadataWrite])
    case conflict(MetadataChange, Conflicts<MetadataWrite, MetadataEntry>)
    case removing(Edit)
  }

  var targets: [ResourceRow]
  /// Nil until read. Of several resources: every value that one of them has, empty where they differ.
  var entries: [MetadataEntry]?
  /// What each resource has, people's own.
  var held: [ResourceReference: [MetadataEntry]] = [:]
  /// Names from `UserMetadata`.
  var knownNames: [String] = []
  var cursor = 0
  var mode = Mode.browsing
  var problem: String?

  var target: ResourceRow { targets[0] }
  var isOfMany: Bool { targets.count > 1 }

  /// How many of several resources have a value, and whether it is the same on those.
  func spread(of key: MetadataKey) -> (carriers: Int, isSame: Bool) {
    let values = held.values.compactMap { $0.first { $0.key == key }?.value }
    return (values.count, Set(values).count < 2)
  }

  /// What several resources have.
  mutating func take(_ held: [ResourceReference: [MetadataEntry]]) {
    self.held = held
    var merged: [MetadataKey: MetadataEntry] = [:]
    for entry in held.values.joined() {
      if let known = merged[entry.key], known.value != entry.value {
        merged[entry.key]?.value = ""
      } else {
        merged[entry.key] = entry
      }
    }
    for key in merged.keys where !spread(of: key).isSame { merged[key]?.value = "" }
    entries = merged.values.sorted { $0.key < $1.key }
  }

  /// What the one resource has, the core's among it.
  mutating func take(_ entries: [MetadataEntry]) {
    held = [target.reference: entries.filter { $0.key.isUserDefined }]
    self.entries = entries.sorted { $0.key < $1.key }
  }

  /// An edit of a value that is there, or of a new one.
  func edit(_ key: MetadataKey, _ name: String) -> Edit {
    let seen = held.compactMapValues { $0.first { $0.key == key } }
    return Edit(
      key: key, name: name, seen: seen,
      field: TextField(entries?.first { $0.key == key }?.value ?? ""))
  }

  /// What to do with each resource so that all have the value, or none has it.
  func writes(_ change: MetadataChange) -> [MetadataWrite] {
    let value = change.value
    return targets.compactMap { row in
      let seen = change.edit.seen[row.reference]
      if value == nil && seen == nil || isOfMany && value != nil && seen?.value == value { return nil }
      return MetadataWrite(
        resource: row.reference, key: change.edit.key, value: value, revision: seen?.revision,
        before: seen?.value)
    }
  }

  /// The rows where others want something else than what was to be written.
  func conflicts(of writes: [MetadataWrite]) -> Conflicts<MetadataWrite, MetadataEntry>? {
    Conflicts(
      writes.compactMap { write in
        let theirs = held[write.resource]?.first { $0.key == write.key }
        return theirs?.value == write.value ? nil : .init(mine: write, theirs: theirs)
      })
  }

  var user: [MetadataEntry] { (entries ?? []).filter { $0.key.isUserDefined } }
  var core: [MetadataEntry] { (entries ?? []).filter { !$0.key.isUserDefined } }
  var current: MetadataEntry? { user.indices.contains(cursor) ? user[cursor] : nil }

  var reload: Effect {
    isOfMany ? .loadMetadataOfMany(targets.map(\.reference)) : .loadMetadata(target.reference)
  }

  func completions(of text: String) -> [String] {
    let typed = text.lowercased()
    return typed.isEmpty ? knownNames : knownNames.filter { $0.lowercased().hasPrefix(typed) && $0 != text }
  }
}

/// A value that a person sets or removes, on one resource or several, and how far that has come.
struct MetadataChange: Equatable, Sendable {
  var edit: MetadataDialog.Edit
  var isRemoval = false
  var isOfMany: Bool
  /// What takes back whatever has been written.
  var inverse: [MetadataWrite] = []
  /// Resources where theirs was taken.
  var left = 0

  /// Nil: it is to be gone.
  var value: String? { isRemoval ? nil : edit.field.text }

  /// What was written is what has been seen from now on.
  mutating func add(_ report: MetadataWriteReport) {
    for write in report.inverse {
      inverse.removeAll { $0.resource == write.resource }
      inverse.append(write)
      edit.seen[write.resource] = value.flatMap { value in
        write.revision.map {
          MetadataEntry(key: edit.key, name: edit.name, value: value, revision: $0)
        }
      }
    }
  }
}

/// One of several values to set, or to remove.
struct MetadataWrite: Equatable, Sendable {
  var resource: ResourceReference
  var key: MetadataKey
  /// Nil: remove it.
  var value: String?
  /// What it must be at; nil: absent.
  var revision: Int?
  /// What it is now, for taking it back.
  var before: String?

  /// The same over what others have written.
  func over(_ theirs: MetadataEntry?) -> MetadataWrite {
    var write = self
    write.revision = theirs?.revision
    write.before = theirs?.value
    return write
  }
}

/// How setting or removing several values went.
struct MetadataWriteReport: Equatable, Sendable {
  /// Changed by others meanwhile, and left as they are.
  var conflicts: [MetadataWrite] = []
  var failure: Failure?
  /// What takes back whatever was written.
  var inverse: [MetadataWrite] = []
}
