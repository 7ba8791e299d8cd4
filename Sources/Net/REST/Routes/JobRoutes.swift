import DICOM
import HTTPTypes
import NIOCore
import Store

/// Jobs and what they made.
enum JobRoutes {
  static let routes =
    [
      Route(.get, "/jobs", "The jobs: identifiers, or with `expand` all about each.") { request, services in
        let jobs = services.jobs.jobs()
        if !request.flag("expand") { return .json(.texts(jobs.map(\.id).sorted())) }
        return .json(.array(jobs.sorted { $0.id < $1.id }.map { value($0, services) }))
      },
      Route(.get, "/jobs/{id}", "What is known of a job.") { request, services in
        guard let job = services.jobs.job(request.parameter("id")) else { return .empty(404) }
        return .json(value(job, services))
      },
      Route(.delete, "/jobs/{id}", "Forget a job that is over.") { request, services in
        let id = request.parameter("id")
        guard let job = services.jobs.job(id) else { throw RESTError(.inexistentItem) }
        guard job.state.isCompleted else {
          throw RESTError(.badJobTransition, "the job is not over: cancel it first")
        }
        try services.jobs.forget(id)
        services.outputs.remove(id)
        return .done
      },
      Route(.get, "/jobs/{id}/{key}", "What a job made: `archive` is its ZIP file.") { request, services in
        guard request.parameter("key") == "archive",
          let output = services.outputs.output(of: request.parameter("id"))
        else { throw missing(request) }
        return try await output.response(request)
      },
      Route(.delete, "/jobs/{id}/{key}", "Delete what a job made.") { request, services in
        guard request.parameter("key") == "archive", services.outputs.remove(request.parameter("id")) else {
          throw missing(request)
        }
        return .done
      },
    ]
    + [
      action("cancel", "Cancel a job.") { try $0.cancel($1) },
      action("pause", "Pause a job.") { try $0.pause($1) },
      action("resume", "Go on with a paused job.") { try $0.resume($1) },
      action("resubmit", "Do a failed job again.") { try $0.resubmit($1) },
    ]

  /// Orthanc answers `{}`, and 400 without a word for a job that isn't there; one that is over already is none to cancel.
  private static func action(
    _ name: String, _ summary: String, _ act: @escaping @Sendable (JobsEngine, String) throws -> Void
  ) -> Route {
    Route(.post, "/jobs/{id}/\(name)", summary) { request, services in
      let id = request.parameter("id")
      guard let job = services.jobs.job(id) else { return .empty(400) }
      if job.state.isCompleted && name == "cancel" { return .done }
      try act(services.jobs, id)
      return .done
    }
  }

  private static func missing(_ request: RESTRequest) -> RESTError {
    RESTError(.inexistentItem, "Job has no such output: \(request.parameter("key"))")
  }

  static func value(_ job: Job, _ services: RESTServices) -> JSONValue {
    let now = OrthancClock.now
    let output = services.outputs.output(of: job.id)
    // Where a file that is to be fetched lies is nobody's business.
    let isTold = !job.outcome.isEmpty && !services.outputs.holds(job.kind)
    var content: [String: JSONValue] = ["Description": .text(isTold ? job.outcome : "REST API")]
    switch job.kind {
    case .export, .media:
      content["InstancesCount"] = .number(job.progress.total)
      content["UncompressedSize"] = .text(String(job.progress.bytes))
      content["UncompressedSizeMB"] = .number(job.progress.bytes >> 20)
      content["ArchiveSize"] = .text(String(output?.size ?? 0))
      content["ArchiveSizeMB"] = .number((output?.size ?? 0) >> 20)
    case .deletion(let resources):
      content["ParentResources"] = .texts(resources.map(\.id.description))
    case .verification, .compression: break
    }
    if !job.details.isEmpty { content["Details"] = .texts(job.details) }
    var members: [String: JSONValue] = [
      "ID": .text(job.id), "Type": .text(job.kind.name), "Content": .object(content),
      "CreationTime": .text(OrthancClock.text(job.created)), "Timestamp": .text(OrthancClock.text(now)),
      "EffectiveRuntime": .number((job.runtime(at: now) * 1000).rounded() / 1000),
      "ErrorCode": .number(job.error.rawValue), "ErrorDescription": .text(job.error.description),
      "ErrorDetails": .text(job.errorDetails), "Priority": .number(job.priority),
      "Progress": .number(job.state == .success ? 100 : job.progress.percent),
      "State": .text(job.state.rawValue),
    ]
    if let completed = job.completed, job.state.isCompleted {
      members["CompletionTime"] = .text(OrthancClock.text(completed))
    } else if job.state == .running, job.progress.percent > 0 {
      let left = job.runtime(at: now) * Double(100 - job.progress.percent) / Double(job.progress.percent)
      members["EstimatedTimeOfArrival"] = .text(OrthancClock.text(now + left))
    }
    return .object(members)
  }
}
