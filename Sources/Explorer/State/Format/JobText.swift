import Store

/// What to say of jobs.
enum JobText {
  /// `Export 3 studies to a.zip`, `Verify every file`.
  static func title(_ kind: JobKind) -> String {
    switch kind {
    case .export(.all, let path, _): "Export everything to " + fileName(path)
    case .export(.resources(let resources), let path, _):
      "Export " + subject(resources) + " to " + fileName(path)
    case .media(.all, let path, _): "Media of everything to " + fileName(path)
    case .media(.resources(let resources), let path, _):
      "Media of " + subject(resources) + " to " + fileName(path)
    case .verification(let deep): deep ? "Verify every file's content" : "Verify presence and size"
    case .compression(true): "Compress all attachments"
    case .compression(false): "Uncompress all attachments"
    case .deletion(let resources): "Delete " + subject(resources)
    }
  }

  private static func subject(_ resources: [ResourceReference]) -> String {
    guard let level = resources.first?.level, resources.allSatisfy({ $0.level == level }) else {
      return NumberText.count(resources.count, "resource")
    }
    return LevelText.count(resources.count, level)
  }

  private static func fileName(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// `3 s left · 85/s · 12 MB/s · 256 of 512 instances`: what matters most first.
  static func progress(_ job: Job, at now: Double, dot: String) -> String {
    let progress = job.progress
    guard progress.total > 0 else { return job.state == .running ? "begins" : "" }
    var parts: [String] = []
    let seconds = job.runtime(at: now)
    if job.state == .running, seconds >= 1, progress.done > 0 {
      let left = Double(max(0, progress.total - progress.done)) * seconds / Double(progress.done)
      parts.append(NumberText.duration(Int64(min(left, 1e9).rounded(.up))) + " left")
      parts.append(NumberText.count(Int((Double(progress.done) / seconds).rounded())) + "/s")
      if progress.bytes > 0 { parts.append(NumberText.size(Int64(Double(progress.bytes) / seconds)) + "/s") }
    }
    parts.append(
      "\(NumberText.count(progress.done)) of \(NumberText.count(progress.total)) \(progress.unit)")
    return parts.joined(separator: dot)
  }

  /// What there is to say of it at the end of its line.
  static func state(_ job: Job, at now: Double, _ clock: LocalClock, dot: String) -> String {
    switch job.state {
    case .running: return progress(job, at: now, dot: dot)
    case .pending: return job.progress.total > 0 ? "goes on in its turn" : "waits for its turn"
    case .paused: return progress(job, at: now, dot: dot)
    case .success: return job.outcome
    case .failure: return job.errorDetails.isEmpty ? job.error.description : job.errorDetails
    case .retry:
      let due = job.retryAt.map { " at " + TimeText.full(Int64($0), clock).suffix(8) } ?? ""
      return "again\(due): \(job.errorDetails)"
    }
  }

  /// Everything about it, a fact a line.
  static func facts(_ job: Job, at now: Double, _ clock: LocalClock, dot: String) -> [String] {
    func time(_ date: Double) -> String { TimeText.full(Int64(date), clock) }
    var lines = [title(job.kind), ""]
    switch job.kind {
    case .export(_, let path, _), .media(_, let path, _): lines.append("File       " + path)
    case .verification, .compression, .deletion: break
    }
    lines += ["State      \(job.state.rawValue)", "Priority   \(job.priority)"]
    let progress = progress(job, at: now, dot: dot)
    if !progress.isEmpty { lines.append("Progress   \(job.progress.percent) %\(dot)\(progress)") }
    lines.append("Created    " + time(job.created))
    if let started = job.started { lines.append("Started    " + time(started)) }
    if let completed = job.completed { lines.append("Completed  " + time(completed)) }
    lines.append("At work    " + NumberText.duration(Int64(job.runtime(at: now).rounded(.up))))
    lines.append("Identifier " + job.id)
    if job.error != .success {
      lines.append("Error      \(job.error.rawValue), \(job.error.description)")
    }
    let end = job.state == .success ? job.outcome : job.errorDetails
    if !end.isEmpty { lines += ["", end] }
    return job.details.isEmpty ? lines : lines + [""] + job.details
  }
}
