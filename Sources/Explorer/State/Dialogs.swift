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
