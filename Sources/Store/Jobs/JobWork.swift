import Synchronization

/// What jobs do.
extension Archive {
  func run(_ kind: JobKind, _ control: JobControl) async throws -> JobOutcome {
    switch kind {
    case .export(let selection, let path, let replaces):
      return try await exportJob(selection, .folders, path, replaces: replaces, control)
    case .media(let selection, let path, let isExtended):
      return try await exportJob(
        selection, .media(isExtended: isExtended), path, replaces: false, control)
    case .verification(let deep): return try await verificationJob(deep: deep, control)
    case .compression(let isCompressed): return try await compressionJob(isCompressed, control)
    case .deletion(let resources): return try await deletionJob(resources, control)
    }
  }

  private func exportJob(
    _ selection: ExportSelection, _ layout: ExportLayout, _ path: String, replaces: Bool,
    _ control: JobControl
  ) async throws -> JobOutcome {
    let summary = try await export(
      selection, layout: layout, to: path, replaces: replaces, token: control.id
    ) { progress in
      try await control.stop(
        JobProgress(
          done: progress.instances + progress.gone, total: progress.ofInstances, unit: "instances",
          bytes: progress.bytes))
    }
    let gone = summary.gone > 0 ? ", \(summary.gone) deleted meanwhile" : ""
    return JobOutcome(text: "\(summary.instances) instances in \(summary.path)\(gone)")
  }

  private func verificationJob(deep: Bool, _ control: JobControl) async throws -> JobOutcome {
    let start = try await Archive.blocking { () throws(StoreError) in try VerificationRun(self, deep: deep) }
    let run = Mutex(start)
    let faults = Mutex((count: 0, lines: [String]()))
    let step: @Sendable () throws(StoreError) -> VerificationProgress? = { () throws(StoreError) in
      let result: Result<VerificationProgress?, StoreError> = run.withLock { run in
        do throws(StoreError) {
          let isMore = try run.step { fault in
            faults.withLock { faults in
              faults.count += 1
              if faults.lines.count < Job.detailLimit { faults.lines.append(fault.description) }
            }
          }
          return .success(isMore ? run.progress : nil)
        } catch {
          return .failure(error)
        }
      }
      return try result.get()
    }
    var last = VerificationProgress()
    while let progress = try await Archive.blocking(step) {
      last = progress
      try await control.stop(
        JobProgress(
          done: progress.attachments, total: progress.ofAttachments, unit: "attachments",
          bytes: progress.bytes)
      )
    }
    let found = faults.withLock { $0 }
    let text = "\(last.attachments) attachments, \(found.count == 1 ? "1 fault" : "\(found.count) faults")"
    return found.count == 0
      ? JobOutcome(text: text)
      : JobOutcome(
        error: .corruptedFile, text: text + ": `filmroom repair` mends what the files allow",
        details: found.lines)
  }

  private func deletionJob(
    _ resources: [ResourceReference], _ control: JobControl
  ) async throws -> JobOutcome {
    await committer.settle()
    let total = try await index.read { try DeletionSlices.instances($0, below: resources) }
    var deleted = 0
    for resource in resources {
      while true {
        let next = try await index.read { try DeletionSlices.next($0, of: resource) }
        if next.isEmpty { break }
        deleted += try await delete(next)
        try await control.stop(
          JobProgress(done: deleted, total: max(total, deleted), unit: "instances"))
      }
    }
    return JobOutcome(text: "\(deleted) instances deleted")
  }
}
