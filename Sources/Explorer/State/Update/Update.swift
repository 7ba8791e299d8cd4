import Store

extension ExplorerState {
  /// What a message changes, and what is to be done about it. Pure: nothing outside is touched.
  mutating func update(_ message: Message) -> [Effect] {
    PersonNameText.$first.withValue(nameGroup) { take(message) }
  }

  private mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .start:
      if glyphs.isASCII {
        say(
          "The locale is not UTF-8, so other letters show as ?: set LC_ALL=C.UTF-8 and start again", .warning)
      }
      return [.loadTotals, .loadLabelsInUse] + showScreen()
    case .input(let event): return handle(event)
    case .hit(let target): return take(target)
    case .tick(let now):
      self.now = now
      return []
    case .status(let status):
      service = status
      return []
    case .totals(let totals):
      self.totals = totals
      return []
    case .archive(let event): return take(event)
    case .remoteWrites(let writes):
      activity.prepend(writes, visible: size.height - 4)
      return []
    case .window(let request, let answer): return take(answer, for: request)
    case .markAll(let list, let answer): return takeMarkAll(answer, list: list)
    case .detail(let resource, let answer): return take(answer, of: resource)
    case .tags(let instance, let answer): return take(tags: answer, of: instance)
    case .bytes(let instance, let start, let answer): return take(bytes: answer, at: start, of: instance)
    case .changes(let before, let answer): return take(changes: answer, before: before)
    case .log(let lines):
      log.take(lines, visible: size.height - 4)
      return []
    case .jobs(let answer, let date): return take(jobs: answer, at: date)
    case .storage(let request, let answer): return take(storage: answer, for: request)
    case .jobSubmitted(let answer): return takeSubmitted(answer)
    case .located(let answer): return takeLocated(answer)
    case .labelsInUse(let uses):
      labelsInUse = uses
      return []
    case .candidates(let text, let candidates):
      takeCandidates(candidates, for: text)
      return []
    case .done(let completion, let failure):
      take(completion, failure)
      return []
    case .demoFound(let answer): return takeDemo(answer)
    case .progress(let progress):
      work?.progress = progress
      return []
    case .worked(let answer):
      takeWorked(answer)
      return []
    case .attachments, .attachmentType, .attachmentText, .attachmentVerified, .attachmentChanged,
      .attachmentExists, .attachmentFetched, .handedOn:
      return updateAttachments(message)
    case .labels, .metadata, .metadataOfMany, .metadataWritten, .metadataKey, .edited, .preview,
      .deleted:
      return updateWindow(message)
    }
  }

  private mutating func updateWindow(_ message: Message) -> [Effect] {
    switch message {
    case .labels(let current, let uses): takeLabels(current, uses)
    case .metadata(let resource, let entries, let names): takeMetadata(entries, names, of: resource)
    case .metadataOfMany(let held, let names): takeMetadata(held, names)
    case .metadataWritten(let change, let report): return takeMetadataWritten(change, report)
    case .metadataKey(let name, let answer): return takeMetadataKey(answer, name: name)
    case .edited(let edit, let text): return takeEdited(edit, text)
    case .preview(let targets, let answer): takePreview(answer, of: targets)
    case .deleted(let answer): takeDeleted(answer)
    default: break
    }
    return []
  }

  private mutating func updateAttachments(_ message: Message) -> [Effect] {
    switch message {
    case .attachments(let resource, let answer, let names): takeAttachments(answer, names, of: resource)
    case .attachmentType(let name, let answer): return takeAttachmentType(answer, name: name)
    case .attachmentText(let info, let answer): takeAttachmentText(answer, info)
    case .attachmentVerified(let info, let answer): takeVerified(answer, info)
    case .attachmentChanged(let change, let answer): return takeAttachmentChanged(answer, change)
    case .attachmentExists(let export): takeExists(export)
    case .attachmentFetched(let answer, let opener): return takeFetched(answer, opener)
    case .handedOn(let text, let isFine): say(text, isFine ? .information : .warning)
    default: break
    }
    return []
  }

  private mutating func take(_ completion: Completion, _ failure: Failure?) {
    if let failure {
      say(failure.text, .warning)
      return
    }
    if let undo = completion.undo {
      self.undo.append(undo)
      if self.undo.count > 100 { self.undo.removeFirst() }
    }
    if !completion.notice.isEmpty {
      say(completion.notice + (completion.undo == nil ? "" : "  (u undoes it)"))
    }
  }

  /// What the screen in front needs to be read.
  mutating func showScreen() -> [Effect] {
    switch stack.last {
    case .list(let list):
      if !list.isLoaded && list.pending == nil { return [request(list.id, .start, for: .start)] }
      return (list.isStale ? refresh(list.id) : []) + showSelection()
    case .tree(let tree): return tree.isLoaded ? [] : [.loadTags(tree.instance.id)]
    case .activity: return readActivity()
    case .jobs: return capabilities.canRunJobs ? [.loadJobs] : []
    case .storage: return refreshStorage()
    case .log: return [.loadLog]
    case nil: return []
    }
  }

  mutating func show(_ tab: Tab) -> [Effect] {
    // The number of the tab one is on leads to its top.
    if self.tab == tab, let count = stacks[tab]?.count, count > 1 {
      stacks[tab]?.removeLast(count - 1)
    }
    self.tab = tab
    pane.isFocused = false
    pane.top = 0
    return showScreen()
  }
}
