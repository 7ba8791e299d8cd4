import Store

/// A hint at the bottom: a key, what it does, and where it stands so that a click finds it.
struct Hint: Equatable, Sendable {
  var key: Key
  var keyText: String
  var text: String
  var x: Int
  var width: Int
}

/// Which keys the bottom line shows.
enum HintLine {
  static func hints(for state: ExplorerState) -> [Hint] {
    let context = state.context
    var actions = ActionTable.actions(in: context)
      .filter { $0.hintRank > 0 && !$0.keys.isEmpty && state.offersHint($0.id) }
      .sorted { $0.hintRank < $1.hintRank }
    let room = state.size.width - 2
    // Help is what one needs who does not find the rest: it always has its place.
    while width(actions, state) > room, let index = actions.lastIndex(where: { $0.id != .help }) {
      actions.remove(at: index)
    }
    var x = 1
    return actions.map { action in
      let key = keyText(action, state)
      let text = text(action, state)
      let width = DisplayWidth.of(key) + 1 + DisplayWidth.of(text)
      defer { x += self.width(action, state) + 2 }
      return Hint(key: action.keys[0], keyText: key, text: text, x: x, width: width)
    }
  }

  private static func width(_ actions: [Action], _ state: ExplorerState) -> Int {
    actions.reduce(-2) { $0 + width($1, state) + 2 }
  }

  /// Room for whatever the hint may say, so that those behind it stay where they are from row to row.
  private static func width(_ action: Action, _ state: ExplorerState) -> Int {
    let text = action.id == .protect ? unprotect : action.name
    return DisplayWidth.of(keyText(action, state)) + 1 + DisplayWidth.of(text)
  }

  private static let unprotect = "unprotect"

  private static func keyText(_ action: Action, _ state: ExplorerState) -> String {
    state.glyphs.isASCII ? action.keys[0].asciiName : action.keys[0].name
  }

  private static func text(_ action: Action, _ state: ExplorerState) -> String {
    if action.id == .protect {
      let targets = state.protectionTargets
      if !targets.isEmpty && targets.allSatisfy(\.isProtected) { return unprotect }
    }
    return action.name
  }
}

extension ExplorerState {
  /// What stands to reason is not hinted at: the screen one is on, going back from the top.
  func offersHint(_ id: ActionID) -> Bool {
    switch id {
    case .studies: tab != .studies
    case .patients: tab != .patients
    case .activity: tab != .activity
    case .jobs: tab != .jobs && capabilities.canRunJobs
    case .storage: tab != .storage
    case .log: tab != .log
    case .goBack: stack.count > 1 || !(list?.marks.isEmpty ?? true) || !(list?.filterText.isEmpty ?? true)
    case .protect where tab == .storage: storage.current != nil
    case .undo: !undo.isEmpty
    case .showPatient: storage.current != nil
    case .showJob, .pauseJob, .cancelJob, .resubmitJob, .raiseJob: jobs.current != nil
    case .open, .filter, .labels, .metadata, .attachments, .protect, .delete, .mark, .sort, .pane:
      !isArchiveEmpty
    case .editMetadata, .editExternally, .removeMetadata: isBrowsingMetadata && hasUserMetadata
    case .addMetadata: isBrowsingMetadata
    case .addAttachment: isBrowsingAttachments
    case .viewAttachment, .exportAttachment, .verifyAttachment: currentAttachment != nil
    case .replaceAttachment: currentAttachment?.type.isUserDefined == true
    case .removeAttachment: currentAttachment?.type.isDeletable == true
    case .pageAttachment: currentAttachment != nil && capabilities.canPage
    case .openAttachment: currentAttachment != nil && capabilities.canOpenOnDesktop
    case .switchButton, .confirm, .yes, .no: !isLockedDeletion
    case .complete:
      prompt?.kind == .filter || prompt?.kind == .command || prompt?.kind.isPath == true
    default: true
    }
  }

  /// A protected patient's identifier is to be typed first.
  private var isLockedDeletion: Bool {
    guard case .deletion(let dialog) = dialog else { return false }
    return !dialog.isUnlocked
  }

  private var isBrowsingMetadata: Bool {
    guard case .metadata(let dialog) = dialog else { return false }
    return dialog.mode == .browsing
  }

  private var isBrowsingAttachments: Bool {
    guard case .attachments(let dialog) = dialog else { return false }
    return dialog.mode == .browsing
  }

  private var currentAttachment: AttachmentInfo? {
    guard case .attachments(let dialog) = dialog, dialog.mode == .browsing else { return nil }
    return dialog.current
  }

  private var hasUserMetadata: Bool {
    guard case .metadata(let dialog) = dialog else { return false }
    return dialog.current != nil
  }

  /// Where keys go now.
  var context: Context {
    if prompt != nil { return .prompt }
    switch dialog {
    case .labels: return .labels
    case .metadata: return .metadata
    case .attachments(let dialog):
      if case .viewing = dialog.mode { return .note }
      return .attachments
    case .deletion: return .deletion
    case .question: return .question
    case .note: return .note
    case .help: return .help
    case .sort: return .sort
    case nil: return screenContext
    }
  }

  var screenContext: Context {
    switch stack.last {
    case .list(let list):
      switch list.level {
      case .patient: return .patients
      case .study: return .studies
      case .series: return .series
      case .instance: return .instances
      }
    case .tree(let tree): return tree.hex == nil ? .tags : .hex
    case .activity: return .activity
    case .jobs: return .jobs
    case .storage: return .storage
    case .log, nil: return .log
    }
  }
}
