/// All jobs and which of them run: Orthanc's state machine as a value. Whatever happens gives actions to be done, in
/// their order, by the engine.
struct JobBoard: Sendable {
  enum Action: Equatable, Sendable {
    case start(String)
    /// A run that rests in the middle goes on.
    case proceed(String)
    /// A run that rests in the middle ends.
    case abandon(String)
    case save(Job)
    case forget(String)
    case tell(JobEvent)
  }

  /// What a run hears when it asks whether to go on.
  enum Verdict: Equatable, Sendable {
    case goOn
    case rest
    case stop(JobInterruption)
  }

  /// How a run ended.
  enum Ending: Sendable {
    case done(JobOutcome)
    case failed(JobErrorCode, String)
    case retry(after: Double, JobErrorCode, String)
    case interrupted(JobInterruption)
  }

  private enum Wish { case pause, cancel }

  private(set) var jobs: [String: Job] = [:]
  /// What is wanted of running ones at their next stop.
  private var wishes: [String: Wish] = [:]
  /// Runs that rest in the middle: paused, or resumed and waiting for their turn.
  private var resting: Set<String> = []
  private var isShuttingDown = false
  private var lastNumber = 0
  private let concurrent: Int
  private let historySize: Int

  init(concurrent: Int, historySize: Int) {
    self.concurrent = max(1, concurrent)
    self.historySize = historySize
  }

  /// In the order in which they were submitted.
  var all: [Job] { jobs.values.sorted { $0.number < $1.number } }

  // MARK: What persons ask for

  /// Takes up jobs of an earlier start: what was running starts again.
  mutating func restore(_ saved: [Job], at now: Double) -> [Action] {
    for var job in saved.sorted(by: { ($0.number, $0.created) < ($1.number, $1.created) }) {
      if job.state == .running {
        job.state = .pending
        job.progress = JobProgress()
      }
      lastNumber = max(lastNumber, job.number)
      jobs[job.id] = job
    }
    return forgetOld() + schedule(at: now)
  }

  mutating func submit(_ job: Job, at now: Double) -> [Action] {
    var job = job
    lastNumber += 1
    job.number = lastNumber
    jobs[job.id] = job
    return [.save(job), .tell(event(.submitted, job.id, now))] + schedule(at: now)
  }

  mutating func pause(_ id: String, at now: Double) throws(StoreError) -> [Action] {
    switch try job(id).state {
    case .pending, .retry:
      return change(id, at: now) { job in
        job.state = .paused
        job.retryAt = nil
      }
    case .running:
      if wishes[id] == nil { wishes[id] = .pause }
      return []
    case .paused: return []
    case .success, .failure: throw Self.completed("paused")
    }
  }

  mutating func resume(_ id: String, at now: Double) throws(StoreError) -> [Action] {
    switch try job(id).state {
    case .paused: return change(id, at: now) { $0.state = .pending } + schedule(at: now)
    case .running:
      // It has not come to rest yet.
      if wishes[id] == .pause { wishes[id] = nil }
      return []
    case .pending, .retry, .success, .failure:
      throw StoreError(.badValue, "only a paused job can be resumed")
    }
  }

  mutating func cancel(_ id: String, at now: Double) throws(StoreError) -> [Action] {
    switch try job(id).state {
    case .running:
      wishes[id] = .cancel
      return []
    case .pending, .paused, .retry:
      let rest: [Action] = resting.remove(id) == nil ? [] : [.abandon(id)]
      return rest + complete(id, .failure, .canceledJob, JobErrorCode.canceledJob.description, at: now)
    case .success, .failure: throw Self.completed("cancelled")
    }
  }

  mutating func forget(_ id: String) throws(StoreError) -> [Action] {
    guard try job(id).state.isCompleted else {
      throw StoreError(.badValue, "only a job that is over can be forgotten")
    }
    jobs[id] = nil
    return [.forget(id)]
  }

  /// A failed job is tried again from its start.
  mutating func resubmit(_ id: String, at now: Double) throws(StoreError) -> [Action] {
    guard try job(id).state == .failure else {
      throw StoreError(.badValue, "only a failed job can be submitted again")
    }
    let changed = change(id, at: now) { job in
      job.state = .pending
      (job.error, job.errorDetails, job.outcome, job.details) = (.success, "", "", [])
      (job.progress, job.failures, job.worked, job.completed) = (JobProgress(), 0, 0, nil)
    }
    return changed + schedule(at: now)
  }

  mutating func setPriority(_ id: String, _ priority: Int, at now: Double) throws(StoreError) -> [Action] {
    guard try job(id).priority != priority else { return [] }
    return change(id, at: now) { $0.priority = priority }
  }

  // MARK: What runs say

  /// A run tells how far it is, and hears whether to go on. After `rest` it waits for `proceed`, or `abandon`.
  mutating func stop(_ id: String, _ progress: JobProgress?, at now: Double) -> (Verdict, [Action]) {
    guard var job = jobs[id], job.state == .running else { return (.stop(.cancelled), []) }
    if let progress { job.progress = progress }
    jobs[id] = job
    if isShuttingDown { return (.stop(.shutDown), []) }
    switch wishes[id] {
    case nil: return (.goOn, [])
    case .cancel: return (.stop(.cancelled), [])
    case .pause:
      wishes[id] = nil
      resting.insert(id)
      let changed = change(id, at: now) { job in
        job.worked = job.runtime(at: now)
        job.state = .paused
      }
      return (.rest, changed + schedule(at: now))
    }
  }

  mutating func end(_ id: String, _ ending: Ending, at now: Double) -> [Action] {
    guard let job = jobs[id], job.state == .running else { return [] }
    let isCancelled = wishes.removeValue(forKey: id) == .cancel
    jobs[id]?.worked = job.runtime(at: now)
    switch ending {
    case .done(let outcome):
      jobs[id]?.outcome = outcome.text
      jobs[id]?.details = Array(outcome.details.prefix(Job.detailLimit))
      if outcome.error == .success { jobs[id]?.progress.finish() }
      let isFine = outcome.error == .success
      return complete(id, isFine ? .success : .failure, outcome.error, isFine ? "" : outcome.text, at: now)
    case .failed(let code, let details): return complete(id, .failure, code, details, at: now)
    case .retry(_, let code, let details) where isCancelled:
      return complete(id, .failure, code, details, at: now)
    case .retry(let seconds, let code, let details):
      let changed = change(id, at: now) { job in
        (job.state, job.retryAt) = (.retry, now + seconds)
        (job.error, job.errorDetails) = (code, details)
        job.failures += 1
      }
      return changed + schedule(at: now)
    case .interrupted(.cancelled), .interrupted(.abandoned):
      return complete(id, .failure, .canceledJob, JobErrorCode.canceledJob.description, at: now)
    case .interrupted(.shutDown):
      // It starts from its beginning when the program does.
      return change(id, at: now) { job in
        (job.state, job.progress) = (.pending, JobProgress())
      }
    }
  }

  /// When the next one in `retry` is due.
  var nextRetry: Double? { jobs.values.compactMap { $0.state == .retry ? $0.retryAt : nil }.min() }

  /// The clock has moved on.
  mutating func wake(at now: Double) -> [Action] {
    var actions: [Action] = []
    for job in all where job.state == .retry && (job.retryAt ?? 0) <= now {
      actions += change(job.id, at: now) { job in
        (job.state, job.retryAt) = (.pending, nil)
      }
    }
    return actions + schedule(at: now)
  }

  /// Nothing is started any more; what runs hears it at its next stop, what rests ends.
  mutating func shutDown() -> [Action] {
    isShuttingDown = true
    defer { resting = [] }
    return resting.sorted().map { .abandon($0) }
  }

  // MARK: Inside

  private func job(_ id: String) throws(StoreError) -> Job {
    if let job = jobs[id] { return job }
    throw StoreError(.notFound, "there is no job \(id)")
  }

  private static func completed(_ what: String) -> StoreError {
    StoreError(.badValue, "the job is over: it can't be \(what)")
  }

  private func event(_ kind: JobEvent.Kind, _ id: String, _ now: Double) -> JobEvent {
    JobEvent(kind: kind, job: id, date: Int64(now))
  }

  private mutating func change(_ id: String, at now: Double, _ body: (inout Job) -> Void) -> [Action] {
    guard var job = jobs[id] else { return [] }
    body(&job)
    jobs[id] = job
    return [.save(job), .tell(event(.updated, id, now))]
  }

  private mutating func complete(
    _ id: String, _ state: JobState, _ code: JobErrorCode, _ details: String, at now: Double
  ) -> [Action] {
    guard var job = jobs[id] else { return [] }
    (job.state, job.error, job.errorDetails, job.completed) = (state, code, details, now)
    jobs[id] = job
    let told = event(state == .success ? .success : .failure, id, now)
    return [.save(job), .tell(told)] + forgetOld() + schedule(at: now)
  }

  private mutating func schedule(at now: Double) -> [Action] {
    var actions: [Action] = []
    if isShuttingDown { return actions }
    var running = jobs.values.count { $0.state == .running }
    let waiting = jobs.values.filter { $0.state == .pending }
      .sorted { ($1.priority, $0.number) < ($0.priority, $1.number) }
    for var job in waiting where running < concurrent {
      running += 1
      (job.state, job.started) = (.running, now)
      (job.error, job.errorDetails) = (.success, "")
      let isResting = resting.remove(job.id) != nil
      if !isResting { job.progress = JobProgress() }
      jobs[job.id] = job
      actions += [
        .save(job), .tell(event(.updated, job.id, now)), isResting ? .proceed(job.id) : .start(job.id),
      ]
    }
    return actions
  }

  /// Of those that are over only the newest are kept.
  private mutating func forgetOld() -> [Action] {
    let over = jobs.values.filter(\.state.isCompleted)
      .sorted { ($0.completed ?? 0, $0.number) < ($1.completed ?? 0, $1.number) }
    return over.dropLast(historySize).map { job in
      jobs[job.id] = nil
      return .forget(job.id)
    }
  }
}

extension JobProgress {
  fileprivate mutating func finish() {
    total = max(total, 1)
    done = total
  }
}
