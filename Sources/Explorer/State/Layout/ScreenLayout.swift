/// Where the parts of a screen lie; shared by the views and by the mouse.
struct ScreenLayout: Equatable, Sendable {
  /// Breadcrumbs and machine status.
  var header: Rectangle
  /// Column titles; empty where there are none.
  var columns: Rectangle
  /// The line below the header.
  var rule: Rectangle
  var body: Rectangle
  /// The right pane; empty when it isn't shown.
  var pane: Rectangle
  /// Counts, messages, what is typed.
  var message: Rectangle
  var hints: Rectangle

  static let paneMinimumWidth = 110

  init(_ state: ExplorerState) {
    let width = state.size.width
    let height = state.size.height
    header = Rectangle(x: 0, y: 0, width: width, height: 1)
    message = Rectangle(x: 0, y: height - 2, width: width, height: 1)
    hints = Rectangle(x: 0, y: height - 1, width: width, height: 1)
    let hasColumns = state.list != nil && !state.isArchiveEmpty
    let top = hasColumns ? 3 : 2
    var bodyWidth = width
    pane = Rectangle(x: width, y: 1, width: 0, height: 0)
    if hasColumns {
      if width >= Self.paneMinimumWidth, state.pane.isWanted || state.pane.isFocused {
        let paneWidth = min(60, max(34, width * 28 / 100))
        bodyWidth = width - paneWidth - 1
        pane = Rectangle(x: bodyWidth + 1, y: 1, width: paneWidth, height: height - 3)
      } else if state.pane.isFocused {
        bodyWidth = 0
        pane = Rectangle(x: 0, y: 2, width: width, height: height - 4)
      }
    }
    // Numbers in the last column don't touch the pane's edge.
    let columnsWidth = hasColumns ? max(0, bodyWidth - (pane.width > 0 ? 1 : 0)) : 0
    columns = Rectangle(x: 0, y: 1, width: columnsWidth, height: hasColumns ? 1 : 0)
    rule = Rectangle(x: 0, y: top - 1, width: bodyWidth, height: 1)
    if bodyWidth == 0 { rule = Rectangle(x: 0, y: 1, width: width, height: 1) }
    body = Rectangle(x: 0, y: top, width: bodyWidth, height: height - 2 - top)
  }

  /// Whether the pane stands beside the list, not in its place.
  var isPaneBeside: Bool { pane.width > 0 && body.width > 0 }
}

extension ExplorerState {
  var layout: ScreenLayout { ScreenLayout(self) }

  /// Rows of the list, tree or log that the screen shows.
  var visibleRows: Int {
    if case .storage = stack.last { return storageLayout.listHeight }
    return max(1, size.height - 2 - (list != nil && !isArchiveEmpty ? 3 : 2))
  }

  /// Nothing stored at all, so a list has nothing to show but how to begin.
  var isArchiveEmpty: Bool {
    guard let list, list.parent == nil, list.isLoaded, list.filterText.isEmpty else { return false }
    return list.total == 0 && (totals?.instances ?? 0) == 0
  }
}
