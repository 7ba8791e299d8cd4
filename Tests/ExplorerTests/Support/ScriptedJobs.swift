import DICOM
import Store
import Synchronization

@testable import Explorer

/// Jobs that do nothing by themselves, and write down what they were asked.
final class ScriptedJobs: JobAccess {
  struct Content {
    var jobs: [Job] = []
    var asked: [String] = []
    var failure: StoreError?
  }

  let content = Mutex(Content())

  var asked: [String] { content.withLock { $0.asked } }

  func jobs() async throws -> [Job] { content.withLock { $0.jobs } }

  func submit(_ kind: JobKind, priority: Int) async throws -> String {
    try note("submit \(kind)")
    return content.withLock { content in
      let id = "job-\(content.jobs.count)"
      content.jobs.append(Job(id: id, kind: kind, priority: priority, created: 0))
      return id
    }
  }

  func pause(_ id: String) async throws { try note("pause \(id)") }
  func resume(_ id: String) async throws { try note("resume \(id)") }
  func cancel(_ id: String) async throws { try note("cancel \(id)") }
  func resubmit(_ id: String) async throws { try note("resubmit \(id)") }
  func setPriority(_ priority: Int, of id: String) async throws { try note("priority \(priority) \(id)") }

  private func note(_ text: String) throws {
    try content.withLock { content in
      content.asked.append(text)
      if let failure = content.failure { throw failure }
    }
  }

  /// One job in each state, as the engine would keep them.
  static func samples(now: Double) -> [Job] {
    let studies = (1...3).map { ResourceReference(.study, PublicID(dicomIdentifiers: ["\($0)"])) }
    let export = JobKind.export(.resources(studies), path: "/data/chest.zip", replaces: false)
    return [
      Job.sample("a", .verification(deep: true), .failure, created: now - 600) {
        $0.error = .corruptedFile
        $0.errorDetails = "512 attachments, 1 fault: `filmroom repair` mends what the files allow"
        $0.details = ["missing file: /data/aa/bb/x (12 bytes), instance 0b42"]
      },
      Job.sample("b", export, .success, created: now - 300) {
        $0.outcome = "512 instances in /data/chest.zip"
      },
      Job.sample("c", .deletion(studies), .retry, created: now - 100) {
        $0.errorDetails = "no room left for the index"
        $0.retryAt = now + 20
      },
      Job.sample("d", export, .running, created: now - 60) {
        $0.started = now - 3
        $0.progress = JobProgress(done: 256, total: 512, unit: "instances", bytes: 134_000_000)
      },
      Job.sample("e", .verification(deep: false), .paused, created: now - 50) {
        $0.progress = JobProgress(done: 100, total: 400, unit: "attachments")
      },
      Job.sample("f", .export(.all, path: "/data/all.zip", replaces: false), .pending, created: now - 10) {
        $0.priority = 2
      },
    ]
  }
}

extension Job {
  static func sample(
    _ id: String, _ kind: JobKind, _ state: JobState, created: Double, _ change: (inout Job) -> Void
  ) -> Job {
    var job = Job(id: id, kind: kind, priority: 0, created: created)
    job.state = state
    change(&job)
    return job
  }
}
