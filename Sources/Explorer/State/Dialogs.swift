import DICOM
import Store

/// A window over the screen.
enum Dialog: Sendable {
  case labels(LabelsDialog)
  case metadata(MetadataDialog)
  case attachments(AttachmentsDialog)
  case deletion(DeletionDialog)
  case question(QuestionDialog)
  case note(NoteDialog)
  case help(HelpDialog)
  case sort(SortDialog)
}

/// Labels of some resources.
struct LabelsDialog: Sendable {
  struct Choice: Equatable, Sendable {
    enum Wish: Sendable { case keep, on, off }
    var label: String
    /// How many of the resources carry it now, and how many resources of the archive do.
    var carriers: Int
    var uses: Int
    var wish = Wish.keep
  }

  var targets: [ResourceRow]
  /// What each carries; nil until read.
  var current: [ResourceReference: [String]]?
  var uses: [LabelUse] = []
  var choices: [Choice] = []
  /// The choice under the cursor; one behind the last is the line for a new label.
  var cursor = 0
  var field = TextField()
  var problem: String?

  var isTyping: Bool { cursor >= choices.count }

  /// Labels in use that begin with what is typed.
  var completions: [String] {
    let typed = field.text.lowercased()
    guard !typed.isEmpty else { return [] }
    return uses.map(\.label).filter { $0.lowercased().hasPrefix(typed) && $0 != field.text }
  }

  var adding: [String] {
    choices.filter { $0.wish == .on && $0.carriers < targets.count }.map(\.label)
  }
  var removing: [String] { choices.filter { $0.wish == .off && $0.carriers > 0 }.map(\.label) }
}

/// Metadata of one resource, or of several at once.
struct MetadataDialog: Sendable {
  struct Edit: Equatable, Sendable {
    var key: MetadataKey
    var name: String
    /// Nil: it must not exist yet.
    var revision: Int?
    var field: TextField
  }
  struct Conflict: Equatable, Sendable {
    var mine: Edit
    /// I want it gone.
    var isRemoval = false
    /// Nil: somebody removed it.
    var theirs: MetadataEntry?
  }
  enum Mode: Equatable, Sendable {
    case browsing
    case naming(TextField)
    /// The name is being looked up; what is typed meanwhile is for what comes then.
    case resolving([Key])
    case editing(Edit)
    case saving(Edit)
    /// A removal met a change: what is there now is being read.
    case comparing(Edit)
    case conflict(Conflict)
    case removing(MetadataEntry)
  }

  /// Larger values are set all the same, and said to be large.
  static let advisedSize = 1024

  var targets: [ResourceRow]
  /// Nil until read. Of several resources: every value that one of them has, empty where they differ.
  var entries: [MetadataEntry]?
  /// What each of several resources has.
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

  /// What to do with each of several resources so that all have this value, or none has it (nil).
  func writes(_ key: MetadataKey, _ value: String?) -> [MetadataWrite] {
    targets.compactMap { row in
      let present = held[row.reference]?.first { $0.key == key }
      if value == nil && present == nil || value != nil && present?.value == value { return nil }
      return MetadataWrite(
        resource: row.reference, key: key, value: value, revision: present?.revision, before: present?.value)
    }
  }

  var user: [MetadataEntry] { (entries ?? []).filter { $0.key.isUserDefined } }
  var core: [MetadataEntry] { (entries ?? []).filter { !$0.key.isUserDefined } }
  var current: MetadataEntry? { user.indices.contains(cursor) ? user[cursor] : nil }
}

/// The question before something is deleted.
struct DeletionDialog: Sendable {
  var targets: [ResourceReference]
  var preview: DeletionPreview?
  /// Whether the button is on Delete.
  var isOnDelete = false
  var isDeleting = false
  var field = TextField()
  var problem: String?

  /// What must be typed to delete protected patients: the identifier of each, one after the other.
  var codes: [String] {
    (preview?.protectedPatients ?? []).map { patient in
      let identifier = patient.text(ShownTag.patientID)
      return identifier.isEmpty ? "DELETE" : VisibleText.string(identifier)
    }
  }
  var codesTyped = 0
  var isUnlocked: Bool { codesTyped >= codes.count }
}

/// Yes or no, on No.
struct QuestionDialog: Sendable {
  enum Purpose: Sendable { case quit, suspend }
  var purpose: Purpose
  var title: String
  var lines: [String]
  var confirm: String
  var isOnConfirm = false
}

/// Something to read.
struct NoteDialog: Equatable, Sendable {
  var title: String
  var lines: [String]
  var top = 0
}

/// The keys, and running one of them.
struct HelpDialog: Sendable {
  var context: Context
  var field = TextField()
  var cursor = 0
  var top = 0
}

/// What to sort by.
struct SortDialog: Sendable {
  var keys: [SortKey]
  var cursor: Int
}

/// A line typed at the bottom.
struct Prompt: Sendable {
  enum Kind: Sendable {
    case filter, search, logFilter, command, importPath, exportPath, attachmentFile, attachmentExport

    var isPath: Bool { [.importPath, .exportPath, .attachmentFile, .attachmentExport].contains(self) }
  }
  var kind: Kind
  var field: TextField
  /// What Tab offers.
  var candidates: [String] = []
  var history: Int?
}
