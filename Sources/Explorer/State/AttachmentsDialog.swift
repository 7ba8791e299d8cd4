import Store

/// The attachments of one resource.
struct AttachmentsDialog: Sendable {
  /// What a path is typed for.
  enum Purpose: Equatable, Sendable {
    case add(AttachmentType, name: String)
    case replace(AttachmentInfo)
    case export(AttachmentInfo)
  }
  enum Mode: Equatable, Sendable {
    case browsing
    case naming(TextField)
    /// The name is being looked up; what is typed meanwhile is for what comes then.
    case resolving([Key])
    /// A path is typed at the bottom.
    case path(Purpose)
    case removing(AttachmentInfo)
    /// There is such a file already.
    case overwriting(AttachmentExport)
    /// A change met another one: what is there now is being read.
    case comparing(AttachmentChange)
    case conflict(Conflicts<AttachmentChange, AttachmentInfo>)
    case viewing(NoteDialog)
  }

  var target: ResourceRow
  /// People's own first; nil until read.
  var entries: [AttachmentInfo]?
  /// Names from `UserContentType`.
  var knownNames: [String] = []
  var cursor = 0
  var mode = Mode.browsing
  /// What was typed for a file that could not be stored: proposed the next time, it may be a slip.
  var failedPath: String?

  var all: [AttachmentInfo] { entries ?? [] }
  var userCount: Int { all.prefix { $0.type.isUserDefined }.count }
  var current: AttachmentInfo? { all.indices.contains(cursor) ? all[cursor] : nil }

  /// The cursor stays on what it is on.
  mutating func take(_ read: [AttachmentInfo]) {
    let type = current?.type
    entries = read.filter(\.type.isUserDefined) + read.filter { !$0.type.isUserDefined }
    cursor = all.firstIndex { $0.type == type } ?? max(0, min(cursor, all.count - 1))
  }

  func completions(of text: String) -> [String] {
    let typed = text.lowercased()
    return knownNames.filter { $0.lowercased().hasPrefix(typed) && $0 != text }
  }
}

/// An attachment that a person sets or deletes.
struct AttachmentChange: Equatable, Sendable {
  var resource: ResourceReference
  var type: AttachmentType
  var name: String
  /// What they have seen.
  var expected: ExpectedRevision
  /// The file that it is to become; nil: it is deleted.
  var path: String?
}

/// An attachment on its way into a file.
struct AttachmentExport: Equatable, Sendable {
  var resource: ResourceReference
  var info: AttachmentInfo
  var path: String
  var replaces = false
}

/// What shows an attachment outside of the explorer.
enum AttachmentOpener: Equatable, Sendable {
  /// `$PAGER`, which takes the terminal.
  case pager
  /// `xdg-open`, in a window of its own.
  case desktop
}
