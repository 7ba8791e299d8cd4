import Store

/// The jobs, newest first. The cursor stays on its job, whatever comes.
struct JobsState: Sendable {
  private(set) var jobs: [Job] = []
  /// When they were read: seconds since 1970.
  private(set) var date = 0.0
  private(set) var isLoaded = false
  var failure: String?
  private(set) var cursor = 0
  private(set) var top = 0

  var current: Job? { jobs.indices.contains(cursor) ? jobs[cursor] : nil }

  mutating func take(_ read: [Job], at date: Double, visible: Int) {
    let id = current?.id
    jobs = read.reversed()
    self.date = date
    isLoaded = true
    failure = nil
    // Even at the top: what is asked for must not reach another job that has just come.
    let place = jobs.firstIndex { $0.id == id } ?? cursor
    move(to: place, visible: visible)
  }

  mutating func fail(_ failure: String) {
    self.failure = failure
    isLoaded = true
  }

  mutating func move(to index: Int, visible: Int) {
    let visible = max(1, visible)
    cursor = max(0, min(index, jobs.count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + visible { top = cursor - visible + 1 }
    top = max(0, min(top, jobs.count - visible))
  }
}
