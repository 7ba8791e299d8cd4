import Store

/// The jobs: state, what, a bar, and how it goes or went.
enum JobsView {
  private static let barWidth = 20

  static func draw(_ jobs: JobsState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    guard !jobs.jobs.isEmpty else {
      drawNothing(jobs, state, in: part, on: &grid)
      return
    }
    for (offset, job) in jobs.jobs.dropFirst(jobs.top).prefix(part.height).enumerated() {
      let y = part.y + offset
      draw(job, jobs, state, x: part.x, y: y, width: part.width, on: &grid)
      if jobs.top + offset == jobs.cursor {
        grid.highlight(Rectangle(x: part.x, y: y, width: part.width, height: 1))
      }
    }
  }

  private static func drawNothing(
    _ jobs: JobsState, _ state: ExplorerState, in part: Rectangle, on grid: inout Grid
  ) {
    if let failure = jobs.failure {
      grid.put(failure, x: part.x + 3, y: part.y + 1, Style(.warning))
    } else if !jobs.isLoaded {
      grid.put(grid.glyphs.unread, x: part.x + 3, y: part.y + 1, Style(.faint))
    } else {
      let lines = [
        "No jobs. Long work that goes on in the background shows here:",
        "w in a list writes what is marked into a ZIP file,",
        "V here checks the whole archive.",
      ]
      for (index, line) in lines.enumerated() {
        grid.put(line, x: part.x + 3, y: part.y + 1 + index, width: part.width - 4, Style(.faint))
      }
    }
  }

  private static func draw(
    _ job: Job, _ jobs: JobsState, _ state: ExplorerState, x: Int, y: Int, width: Int, on grid: inout Grid
  ) {
    grid.put(job.state.rawValue, x: x + 1, y: y, width: 8, Style(role(job.state)))
    let titleWidth = min(40, max(24, width / 3))
    var title = JobText.title(job.kind)
    if job.priority != 0 { title += " (\(job.priority > 0 ? "+" : "")\(job.priority))" }
    grid.put(title, x: x + 11, y: y, width: titleWidth)
    var place = x + 13 + titleWidth
    let hasBar = job.state == .running || job.state == .paused
    if hasBar && width >= 100 {
      let share = Double(job.progress.percent) / 100
      BarView.draw(share, x: place, y: y, width: barWidth, on: &grid)
      place += barWidth + 1
    }
    if hasBar {
      grid.put("\(job.progress.percent) %", x: place, y: y, width: 5, align: .right)
      place += 7
    }
    let time = job.completed ?? job.created
    let clock = TimeText.clockOrDay(Int64(time), at: state.now, state.clock)
    let room = x + width - place - (hasBar ? 1 : 13)
    let text = JobText.state(job, at: jobs.date, state.clock, dot: state.glyphs.dot)
    grid.put(text, x: place, y: y, width: room, Style(job.state == .failure ? .warning : .plain))
    if !hasBar {
      grid.put(clock, x: x + width - 11, y: y, width: 10, Style(.faint), align: .right)
    }
  }

  private static func role(_ state: JobState) -> Role {
    switch state {
    case .running: .accent
    case .success: .plain
    case .failure, .retry: .warning
    case .pending, .paused: .faint
    }
  }
}
