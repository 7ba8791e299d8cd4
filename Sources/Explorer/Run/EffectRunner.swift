import DICOM
import Store

/// Does what `update` wants done with the archive, and says how it went.
struct EffectRunner: Sendable {
  let services: ExplorerServices
  let temporaryFiles = TemporaryFiles()

  private var archive: any ArchiveAccess { services.archive }

  /// Whether an effect changes something: such ones are done one after the other, in their order.
  static func isWrite(_ effect: Effect) -> Bool {
    switch effect {
    case .perform, .writeMetadata, .changeAttachment, .delete, .submitJob, .commandJob: true
    default: false
    }
  }

  /// Nil for what is not for the archive, and when there is nothing to say.
  func message(after effect: Effect) async -> Message? {
    switch effect {
    case .loadTotals: return await attempt { try await archive.totals() }.success.map { .totals($0) }
    case .loadWindow(let request): return await window(request)
    case .loadAll(let list, let query, let limit):
      return .markAll(
        list: list, await attempt { try await archive.window(query, anchor: .start, limit: limit) })
    case .loadDetail(let resource):
      return .detail(resource, await attempt { try await archive.detail(of: resource) })
    case .loadTags(let instance):
      return .tags(instance, await attempt { try await archive.tags(of: instance) })
    case .loadBytes(let instance, let range):
      return .bytes(
        instance, start: range.lowerBound, await attempt { try await archive.bytes(of: instance, in: range) })
    case .loadChanges(let before, let limit):
      return .changes(
        before: before, await attempt { try await archive.changes(before: before, limit: limit) })
    case .loadLog: return .log(services.log.lines(limit: LogState.limit))
    case .loadStorage(let request): return await storage(request)
    case .loadJobs, .submitJob, .commandJob: return await jobs(effect)
    case .locate(let resource): return .located(await attempt { try await archive.detail(of: resource) })
    case .loadLabels, .loadLabelsInUse: return await labels(effect)
    case .loadMetadata, .findMetadataKey: return await metadata(effect)
    case .loadMetadataOfMany(let resources):
      switch await attempt({ try await archive.userMetadata(of: resources) }) {
      case .success(let held): return .metadataOfMany(held, names: archive.metadataNames())
      case .failure(let failure): return .done(Completion(notice: "", undo: nil), failure)
      }
    case .loadAttachments, .findAttachmentType, .readAttachment, .verifyAttachment, .changeAttachment:
      return await attachments(effect)
    case .writeMetadata(let change, let writes): return .metadataWritten(change, await write(writes))
    case .preview(let targets):
      return .preview(targets, await attempt { try await archive.deletionPreview(of: targets) })
    case .delete(let targets): return .deleted(await attempt { try await archive.delete(targets) })
    case .perform(let edits, let completion): return await perform(edits, completion)
    case .lookForDemo:
      return .demoFound(
        await attempt {
          Array(try await archive.labels(of: services.demoStudies).keys).sorted { $0.id < $1.id }
        })
    case .completePath(let text): return .candidates(for: text, PathCompletion.candidates(for: text))
    case .importFolder, .makeDemo, .exportAttachment, .fetchAttachment, .stopWork, .copy, .editExternally,
      .openFile, .suspend, .redraw, .quit:
      return nil
    }
  }

  /// Whether an effect is done by `work`.
  static func isLong(_ effect: Effect) -> Bool {
    switch effect {
    case .importFolder, .makeDemo, .exportAttachment, .fetchAttachment: true
    case .changeAttachment(let change): change.path != nil
    default: false
    }
  }

  /// Does a long task to its end, and says how it went.
  func work(_ effect: Effect, progress: @escaping ExplorerServices.Progress) async -> Message? {
    switch effect {
    case .importFolder(let path):
      guard let importFolder = services.importFolder else { return nil }
      return .worked(await attempt { try await importFolder(path, progress) })
    case .makeDemo:
      guard let makeDemo = services.makeDemo else { return nil }
      return .worked(await attempt { try await makeDemo(progress) })
    case .changeAttachment(let change): return await self.change(change, progress: progress)
    case .exportAttachment(let export): return await self.export(export, progress: progress)
    case .fetchAttachment(let resource, let info, let opener):
      return await fetch(info, of: resource, opener, progress: progress)
    default: return nil
    }
  }

  func attempt<Value: Sendable>(_ run: () async throws -> Value) async -> Result<Value, Failure> {
    do { return .success(try await run()) } catch { return .failure(Failure(error)) }
  }

  private func window(_ request: WindowRequest) async -> Message? {
    if request.delayMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(request.delayMilliseconds)) }
    // A newer request of the same list has taken its place.
    if Task.isCancelled { return nil }
    let answer = await attempt {
      try await archive.window(request.query, anchor: request.anchor, limit: request.limit)
    }
    return Task.isCancelled ? nil : .window(request, answer)
  }

  private func storage(_ request: StorageRequest) async -> Message? {
    if request.delayMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(request.delayMilliseconds)) }
    return .storage(
      request,
      await attempt { try await archive.storageUse(from: request.start, limit: request.limit) })
  }

  private func labels(_ effect: Effect) async -> Message? {
    let uses = await attempt { try await archive.labelsInUse() }
    guard case .loadLabels(let resources) = effect else { return uses.success.map { .labelsInUse($0) } }
    switch await attempt({ try await archive.labels(of: resources) }) {
    case .success(let labels): return .labels(labels, uses: uses.success ?? [])
    case .failure(let failure): return .done(Completion(notice: "", undo: nil), failure)
    }
  }

  private func metadata(_ effect: Effect) async -> Message? {
    switch effect {
    case .loadMetadata(let resource):
      switch await attempt({ try await archive.detail(of: resource) }) {
      case .success(let detail?): return .metadata(resource, detail.metadata, names: archive.metadataNames())
      case .success(nil): return .done(Completion(notice: "", undo: nil), Failure("It was deleted meanwhile"))
      case .failure(let failure): return .done(Completion(notice: "", undo: nil), failure)
      }
    case .findMetadataKey(let name):
      return .metadataKey(name: name, await attempt { try archive.metadataKey(named: name) })
    default: return nil
    }
  }

  /// One after the other, each in a commit of its own; a conflict leaves that one alone.
  private func write(_ writes: [MetadataWrite]) async -> MetadataWriteReport {
    var report = MetadataWriteReport()
    for write in writes {
      let answer = await attempt {
        if let value = write.value {
          let revision = try await archive.setMetadata(
            write.key, to: value, expectedRevision: write.revision, on: write.resource)
          report.inverse.append(
            MetadataWrite(resource: write.resource, key: write.key, value: write.before, revision: revision))
        } else if let revision = write.revision {
          try await archive.removeMetadata(write.key, expectedRevision: revision, on: write.resource)
          report.inverse.append(
            MetadataWrite(resource: write.resource, key: write.key, value: write.before, revision: nil))
        }
      }
      switch answer {
      case .success: break
      case .failure(let failure) where failure.isConflict: report.conflicts.append(write)
      case .failure(let failure):
        report.failure = failure
        return report
      }
    }
    return report
  }

  private func perform(_ edits: [Undo.Edit], _ completion: Completion) async -> Message? {
    let answer = await attempt {
      for edit in edits {
        switch edit {
        case .protect(let isProtected, let patients):
          try await archive.setProtected(isProtected, patients: patients)
        case .labels(let adding, let removing, let targets):
          try await archive.editLabels(adding: adding, removing: removing, on: targets)
        case .metadata(let writes):
          let report = await write(writes)
          if let failure = report.failure { throw failure }
          if !report.conflicts.isEmpty {
            throw Failure(
              "Somebody changed \(NumberText.count(report.conflicts.count, "value")) meanwhile: not taken back"
            )
          }
        }
      }
    }
    if case .failure(let failure) = answer { return .done(completion, failure) }
    return .done(completion, nil)
  }
}

extension Result {
  fileprivate var success: Success? { try? get() }
}
