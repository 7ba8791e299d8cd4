/// Where keys go.
enum Context: String, CaseIterable, Sendable {
  case studies, patients, series, instances
  case tags, hex
  case activity, jobs, storage, log
  case labels, metadata, attachments, deletion, question, help, sort, note
  case prompt

  var title: String {
    switch self {
    case .studies: "Studies"
    case .patients: "Patients"
    case .series: "Series"
    case .instances: "Instances"
    case .tags: "Tag tree"
    case .hex: "Bytes of a value"
    case .activity: "Activity"
    case .jobs: "Jobs"
    case .storage: "Storage"
    case .log: "Log"
    case .labels: "Labels window"
    case .metadata: "Metadata window"
    case .attachments: "Attachments window"
    case .deletion: "Deletion window"
    case .question: "Questions"
    case .help: "Help"
    case .sort: "Sort menu"
    case .note: "Something to read"
    case .prompt: "A line being typed"
    }
  }

  static let lists: Set<Context> = [.studies, .patients, .series, .instances]
  static let screens: Set<Context> = lists.union([.tags, .hex, .activity, .jobs, .storage, .log])
  static let scrolling: Set<Context> = screens.union([.note, .help, .sort])
  static let below: Set<Context> = [.series, .instances, .tags, .hex]
}

/// Everything that a key can do.
enum ActionID: String, CaseIterable, Sendable {
  case down, up, pageDown, pageUp, halfPageDown, halfPageUp, top, bottom
  case open, back, goBack
  case filter, search, logFilter, next, previous, sort, reverse
  case mark, markRange, markAll
  case protect, labels, metadata, attachments, delete, undo
  case refresh, importFolder, demo, command, help, pane, hidePane
  case studies, patients, activity, jobs, storage, log
  case stopWork, suspend, redraw, quit
  case fold, unfold, foldOrParent, foldAll, copy, hex, explain, previousInstance, nextInstance
  case jump, showLine, showPatient
  case showJob, pauseJob, cancelJob, resubmitJob, raiseJob, lowerJob, verifyArchive, export
  case toggleLabel, applyLabels, completeLabel
  case addMetadata, editMetadata, editExternally, removeMetadata, keepMine, takeTheirs, keepAllMine,
    takeAllTheirs
  case addAttachment, viewAttachment, exportAttachment, replaceAttachment, removeAttachment
  case verifyAttachment, pageAttachment, openAttachment
  case switchButton, confirm, yes, no
  case pick, complete, accept, close
}

/// One row of the table that keys, help, hints, commands and documentation come from.
struct Action: Sendable {
  var id: ActionID
  var keys: [Key]
  /// A word or two for hints.
  var name: String
  var help: String
  var contexts: Set<Context>
  /// 0: not in the hint line; else the lowest comes first.
  var hintRank: Int
  /// How `:` calls it, and what may follow.
  var command: String?
  var argument: String?

  init(
    _ id: ActionID, _ keys: [Key], _ name: String, _ help: String, in contexts: Set<Context>, hint: Int = 0,
    command: String? = nil, argument: String? = nil
  ) {
    self.id = id
    self.keys = keys
    self.name = name
    self.help = help
    self.contexts = contexts
    self.hintRank = hint
    self.command = command
    self.argument = argument
  }
}
