import Store

/// Jobs: looking after them, and making new ones.
extension ExplorerState {
  var jobs: JobsState {
    get {
      guard case .jobs(let jobs) = stacks[.jobs]?.last else { return JobsState() }
      return jobs
    }
    set { stacks[.jobs] = [.jobs(newValue)] }
  }

  /// Whether what the screen shows of jobs changes by itself.
  var watchesJobs: Bool { tab == .jobs && service.runningJobs > 0 }

  mutating func take(jobs answer: Result<[Job], Failure>, at date: Double) -> [Effect] {
    switch answer {
    case .failure(let failure): jobs.fail(failure.text)
    case .success(let read):
      jobs.take(read, at: date, visible: size.height - 4)
      tellEnds(of: read)
    }
    return []
  }

  /// Says how a job ended that was begun here.
  private mutating func tellEnds(of read: [Job]) {
    for job in read where job.state.isCompleted && ownJobs.remove(job.id) != nil {
      let isFine = job.state == .success
      say(
        JobText.title(job.kind) + ": " + (isFine ? job.outcome : job.errorDetails),
        isFine ? .information : .warning)
    }
    // One that is remembered no longer has nothing to tell.
    ownJobs.formIntersection(read.map(\.id))
  }

  mutating func takeSubmitted(_ answer: Result<String, Failure>) -> [Effect] {
    switch answer {
    case .failure(let failure): say(failure.text, .warning)
    case .success(let id):
      ownJobs.insert(id)
      if tab != .jobs { say("It goes on in the background; 4 shows how far it is") }
    }
    return [.loadJobs]
  }

  mutating func performOnJob(_ id: ActionID) -> [Effect] {
    if id == .verifyArchive { return [.submitJob(.verification(deep: false))] }
    guard let job = jobs.current else { return [] }
    switch id {
    case .pauseJob:
      return [.commandJob(job.id, job.state == .paused ? .resume : .pause)]
    case .cancelJob: return [.commandJob(job.id, .cancel)]
    case .resubmitJob: return [.commandJob(job.id, .resubmit)]
    case .raiseJob: return [.commandJob(job.id, .priority(job.priority + 1))]
    case .lowerJob: return [.commandJob(job.id, .priority(job.priority - 1))]
    case .showJob:
      let facts = JobText.facts(job, at: jobs.date, clock, dot: glyphs.dot)
      dialog = .note(
        NoteDialog(title: "Job", lines: facts.flatMap { $0.isEmpty ? [""] : wrap($0, width: noteWidth) }))
    default: break
    }
    return []
  }

  /// Why an action on the job under the cursor can't be done now.
  func jobReason(_ id: ActionID) -> String? {
    guard capabilities.canRunJobs else { return "This archive runs no jobs" }
    guard let job = jobs.current else { return "There is no job" }
    switch id {
    case .pauseJob, .cancelJob:
      return job.state.isCompleted ? "The job is over" : nil
    case .resubmitJob: return job.state == .failure ? nil : "Only a failed job can be submitted again"
    case .raiseJob, .lowerJob: return job.state.isCompleted ? "The job is over" : nil
    default: return nil
    }
  }

  // MARK: Export

  /// What is proposed: named after the row, or the marked ones' number.
  var proposedExport: String {
    guard let list, list.targets.count == 1, let row = list.targets.first else { return "export.zip" }
    return PathText.safe(row.level == .patient ? row.patientName : row.shortTitle) + ".zip"
  }

  mutating func export(to path: String) -> [Effect] {
    guard let list, !list.targets.isEmpty, !path.isEmpty else { return [] }
    let resources = list.targets.map(\.reference)
    return [.submitJob(.export(.resources(resources), path: path, replaces: false))]
  }

  /// More instances than this are deleted bit by bit, so that what arrives need not wait.
  static let largeDeletion = 2000

  /// Deletes in the background.
  mutating func deleteByJob(_ targets: [ResourceReference]) -> [Effect] {
    dialog = nil
    undo = []
    list?.marks = [:]
    return [.submitJob(.deletion(targets))]
  }
}
