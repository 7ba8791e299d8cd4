import DICOM
import Store

/// The screens that a number key shows.
enum Tab: Int, CaseIterable, Sendable {
  case studies = 1
  case patients = 2
  case activity = 3
  case jobs = 4
  case storage = 5
  case log = 9

  var title: String {
    switch self {
    case .studies: "Studies"
    case .patients: "Patients"
    case .activity: "Activity"
    case .jobs: "Jobs"
    case .storage: "Storage"
    case .log: "Log"
    }
  }
}

/// One screen of a tab; going down puts one on top.
enum ScreenState: Sendable {
  case list(ListState)
  case tree(TreeState)
  case activity(ActivityState)
  case jobs(JobsState)
  case storage(StorageState)
  case log(LogState)
}

/// The pane on the right.
struct PaneState: Equatable, Sendable {
  /// Whether the person wants it where there is room.
  var isWanted = true
  /// Keys scroll it; where there is no room beside the list it takes the list's place.
  var isFocused = false
  var top = 0
}

/// Something to tell in the message line until the next key.
struct Notice: Equatable, Sendable {
  enum Kind: Sendable { case information, warning }
  var text: String
  var kind: Kind
}

/// What the program can do here.
struct Capabilities: Equatable, Sendable {
  var canImport = false
  var canMakeDemo = false
  var canRunJobs = false
  var canEditExternally = false
  /// `$PAGER` is set; there is a desktop with `xdg-open`.
  var canPage = false
  var canOpenOnDesktop = false
  var canSuspend = true
  var canCopy = true
  var logPath: String?
}

/// Everything that the explorer knows and shows. A pure value: `update` changes it, the views draw it.
struct ExplorerState: Sendable {
  var size: Size
  var glyphs = Glyphs.unicode
  var clock = LocalClock.local
  /// Which component group of a person's name stands first.
  var nameGroup = PersonNameGroup.alphabetic
  /// Seconds since 1970.
  var now: Int64 = 0
  var capabilities = Capabilities()
  var service = ServiceStatus()
  var totals: ArchiveTotals?
  var tab = Tab.studies
  var stacks: [Tab: [ScreenState]] = [:]
  var dialog: Dialog?
  var prompt: Prompt?
  var notice: Notice?
  var work: Work?
  var pane = PaneState()
  /// What is known of the selected resource, and whose detail is being read.
  var detail: ResourceDetail?
  var detailRequest: ResourceReference?
  var isDetailStale = false
  var undo: [Undo] = []
  /// Jobs that were begun here and whose end is told.
  var ownJobs: Set<String> = []
  var labelsInUse: [LabelUse] = []
  var commandHistory: [String] = []
  var lastNumber = 0
  /// Explains a tag; a pure look-up in the dictionary.
  var explain: (@Sendable (Tag, String?) -> TagExplanation?)?

  init(size: Size) {
    self.size = size
    stacks[.studies] = [.list(ListState(id: makeNumber(), query: ListQuery(level: .study)))]
    stacks[.patients] = [.list(ListState(id: makeNumber(), query: ListQuery(level: .patient)))]
    stacks[.activity] = [.activity(ActivityState())]
    stacks[.jobs] = [.jobs(JobsState())]
    stacks[.storage] = [.storage(StorageState())]
    stacks[.log] = [.log(LogState())]
  }

  mutating func makeNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  static let minimumSize = Size(80, 24)
  var isTooSmall: Bool { size.width < Self.minimumSize.width || size.height < Self.minimumSize.height }
}

/// The screen in front, by kind.
extension ExplorerState {
  var stack: [ScreenState] {
    get { stacks[tab] ?? [] }
    set { stacks[tab] = newValue }
  }

  var list: ListState? {
    get {
      guard case .list(let list) = stack.last else { return nil }
      return list
    }
    set { if let newValue { replaceTop(.list(newValue)) } }
  }

  var tree: TreeState? {
    get {
      guard case .tree(let tree) = stack.last else { return nil }
      return tree
    }
    set { if let newValue { replaceTop(.tree(newValue)) } }
  }

  var activity: ActivityState {
    get {
      guard case .activity(let activity) = stacks[.activity]?.last else { return ActivityState() }
      return activity
    }
    set { stacks[.activity] = [.activity(newValue)] }
  }

  var log: LogState {
    get {
      guard case .log(let log) = stacks[.log]?.last else { return LogState() }
      return log
    }
    set { stacks[.log] = [.log(newValue)] }
  }

  private mutating func replaceTop(_ screen: ScreenState) {
    guard let count = stacks[tab]?.count, count > 0 else { return }
    stacks[tab]?[count - 1] = screen
  }

  /// Changes the list with this number, wherever it is.
  mutating func withList<Answer>(_ id: Int, _ change: (inout ListState) -> Answer) -> Answer? {
    for tab in Tab.allCases {
      for index in (stacks[tab] ?? []).indices {
        guard case .list(var list) = stacks[tab]?[index], list.id == id else { continue }
        let answer = change(&list)
        stacks[tab]?[index] = .list(list)
        return answer
      }
    }
    return nil
  }

  /// What the pane shows and actions apply to when nothing is marked.
  var selected: ResourceRow? {
    switch stack.last {
    case .list(let list): list.cursorRow ?? list.parent
    case .tree(let tree): tree.instance
    default: nil
    }
  }

  mutating func say(_ text: String, _ kind: Notice.Kind = .information) {
    notice = Notice(text: text, kind: kind)
  }
}
