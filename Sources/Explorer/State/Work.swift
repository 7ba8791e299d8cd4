import Synchronization

/// How far a long task has come.
public struct WorkProgress: Equatable, Sendable {
  public var done: Int
  /// 0 while it is not known.
  public var total: Int
  /// Whether bytes are counted, not files.
  public var isOfBytes: Bool

  public init(done: Int, total: Int, isOfBytes: Bool = false) {
    self.done = done
    self.total = total
    self.isOfBytes = isOfBytes
  }

  func text(_ amount: Int) -> String {
    isOfBytes ? NumberText.size(Int64(amount)) : NumberText.count(amount)
  }
}

/// A long task that the explorer started: an import, the demo studies, an attachment in or out. One at a time.
struct Work: Equatable, Sendable {
  var title: String
  var progress = WorkProgress(done: 0, total: 0)
  /// Seconds since 1970.
  var started: Int64
  var isStopping = false

  /// `Importing /data: 340 of 1,204 · 85/s · 10 s left`.
  func text(now: Int64, dot: String) -> String {
    if isStopping { return title + ": stopping …" }
    if progress.total == 0 { return title + " …" }
    var parts = [title + ": " + progress.text(progress.done) + " of " + progress.text(progress.total)]
    let seconds = now - started
    if seconds > 1 && progress.done > 0 {
      parts.append(progress.text(progress.done / Int(seconds)) + "/s")
      let left = Int64(progress.total - progress.done) * seconds / Int64(progress.done)
      if left > 0 { parts.append(NumberText.duration(left) + " left") }
    }
    return parts.joined(separator: dot)
  }
}

extension ExplorerState {
  /// Jobs of the archive, and what the explorer itself has under way.
  var runningJobs: Int { service.runningJobs + (work == nil ? 0 : 1) }

  /// Whether quitting would cut something off.
  var isBusy: Bool { service.openAssociations > 0 || runningJobs > 0 }

  mutating func begin(_ title: String, _ effect: Effect) -> [Effect] {
    if let work {
      say(work.title + " is still under way; ^X ends it", .warning)
      return []
    }
    work = Work(title: title, started: now)
    return [effect]
  }

  mutating func stopWork() -> [Effect] {
    work?.isStopping = true
    return [.stopWork]
  }

  mutating func takeWorked(_ answer: Result<String, Failure>) {
    work = nil
    switch answer {
    case .success(let text):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      say(lines.first ?? "")
      if lines.count > 1 && dialog == nil { dialog = .note(NoteDialog(title: "Import", lines: lines)) }
    case .failure(let failure): say(failure.text, .warning)
    }
  }
}

/// Passes on how far a task has come, at most ten times a second.
final class ProgressGate: Sendable {
  private let last = Mutex(ContinuousClock.now - .seconds(1))

  func isOpen() -> Bool {
    last.withLock { last in
      let now = ContinuousClock.now
      if now - last < .milliseconds(100) { return false }
      last = now
      return true
    }
  }
}
