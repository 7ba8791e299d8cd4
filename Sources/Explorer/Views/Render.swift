/// Draws the whole state.
func render(_ state: ExplorerState) -> Grid {
  PersonNameText.$first.withValue(state.nameGroup) { draw(state) }
}

private func draw(_ state: ExplorerState) -> Grid {
  var grid = Grid(size: state.size, glyphs: state.glyphs)
  if state.isTooSmall {
    let wanted = ExplorerState.minimumSize
    let text =
      "Too small: \(state.size.width)×\(state.size.height), needs \(wanted.width)×\(wanted.height). Enlarge the window; q quits."
    grid.put(text, x: 0, y: state.size.height / 2, Style(.warning))
    return grid
  }
  let layout = state.layout
  HeaderView.draw(state, in: layout.header, on: &grid)
  drawScreen(state, layout, on: &grid)
  MessageView.draw(state, in: layout.message, on: &grid)
  HintView.draw(state, in: layout.hints, on: &grid)
  drawDialog(state, on: &grid)
  return grid
}

private func drawScreen(_ state: ExplorerState, _ layout: ScreenLayout, on grid: inout Grid) {
  grid.horizontalLine(x: layout.rule.x, y: layout.rule.y, width: layout.rule.width)
  switch state.stack.last {
  case .list(let list):
    if state.isArchiveEmpty {
      EmptyView.draw(state, in: layout.body, on: &grid)
      return
    }
    if layout.body.width > 0 { ListView.draw(list, state, layout, on: &grid) }
    guard layout.pane.width > 0 else { return }
    if layout.isPaneBeside {
      let style = Style(state.pane.isFocused ? .accent : .border)
      grid.verticalLine(x: layout.pane.x - 1, y: layout.pane.y, height: layout.pane.height, style)
      grid.put(grid.glyphs.crossDown, x: layout.pane.x - 1, y: layout.rule.y, style)
    }
    PaneView.draw(state, in: layout.pane, on: &grid)
  case .tree(let tree):
    if let hex = tree.hex {
      HexView.draw(hex, in: layout.body, on: &grid)
    } else {
      TreeView.draw(tree, in: layout.body, on: &grid)
    }
  case .activity(let activity): ActivityView.draw(activity, state, in: layout.body, on: &grid)
  case .jobs(let jobs): JobsView.draw(jobs, state, in: layout.body, on: &grid)
  case .storage(let storage): StorageView.draw(storage, state, in: layout.body, on: &grid)
  case .log(let log): LogView.draw(log, state, in: layout.body, on: &grid)
  case nil: break
  }
}

private func drawDialog(_ state: ExplorerState, on grid: inout Grid) {
  switch state.dialog {
  case .labels(let dialog): LabelsView.draw(dialog, on: &grid)
  case .metadata(let dialog): MetadataView.draw(dialog, on: &grid)
  case .attachments(let dialog): AttachmentsView.draw(dialog, on: &grid)
  case .deletion(let dialog): DeletionView.draw(dialog, on: &grid)
  case .question(let dialog): QuestionView.draw(dialog, on: &grid)
  case .note(let dialog): NoteView.draw(dialog, on: &grid)
  case .help(let dialog): HelpView.draw(dialog, on: &grid)
  case .sort(let dialog): SortView.draw(dialog, state, on: &grid)
  case nil: break
  }
}
