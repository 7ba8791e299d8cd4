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
    var hints = (ranked[state.context] ?? []).filter { state.offersHint($0.id) }.map { action in
      let key = state.glyphs.isASCII ? action.keys[0].asciiName : action.keys[0].name
      return (action: action, key: key, keyWidth: DisplayWidth.of(key) + 1)
    }
    var width = hints.reduce(-2) { $0 + $1.keyWidth + reserved($1.action) + 2 }
    // Help is what one needs who does not find the rest: it always has its place.
    while width > state.size.width - 2, let index = hints.lastIndex(where: { $0.action.id != .help }) {
      width -= hints[index].keyWidth + reserved(hints[index].action) + 2
      hints.remove(at: index)
    }
    var x = 1
    return hints.map { action, key, keyWidth in
      let text = text(action, state)
      defer { x += keyWidth + reserved(action) + 2 }
      return Hint(
        key: action.keys[0], keyText: key, text: text, x: x, width: keyWidth + DisplayWidth.of(text))
    }
  }

  /// What is hinted at in each context, the most important first.
  private static let ranked: [Context: [Action]] = {
    let hinted = ActionTable.all.filter { $0.hintRank > 0 && !$0.keys.isEmpty }
    return Dictionary(
      uniqueKeysWithValues: Context.allCases.map { context in
        (context, hinted.filter { $0.contexts.contains(context) }.sorted { $0.hintRank < $1.hintRank })
      })
  }()

  /// Room for whatever the hint may say, so that those behind it stay where they are from row to row.
  private static func reserved(_ action: Action) -> Int {
    DisplayWidth.of(action.id == .protect ? unprotect : action.name)
  }

  private static let unprotect = "unprotect"

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
