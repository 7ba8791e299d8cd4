import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `update` wants done with jobs.
extension EffectRunner {
  func jobs(_ effect: Effect) async -> Message? {
    guard let jobs = services.jobs else { return nil }
    do {
      switch effect {
      case .submitJob(let kind):
        return .jobSubmitted(.success(try await jobs.submit(try Self.located(kind), priority: 0)))
      case .commandJob(let id, let command): try await run(command, id, jobs)
      default: break
      }
      return .jobs(.success(try await jobs.jobs()), at: Self.now())
    } catch {
      switch effect {
      case .submitJob: return .jobSubmitted(.failure(Failure(error)))
      case .commandJob: return .done(Completion(notice: "", undo: nil), Failure(error))
      default: return .jobs(.failure(Failure(error)), at: Self.now())
      }
    }
  }

  private func run(_ command: JobCommand, _ id: String, _ jobs: any JobAccess) async throws {
    switch command {
    case .pause: try await jobs.pause(id)
    case .resume: try await jobs.resume(id)
    case .cancel: try await jobs.cancel(id)
    case .resubmit: try await jobs.resubmit(id)
    case .priority(let priority): try await jobs.setPriority(priority, of: id)
    }
  }

  /// A job may run at the next start, in another folder: its path is made absolute. What is there is not overwritten.
  private static func located(_ kind: JobKind) throws -> JobKind {
    guard case .export(let selection, let typed, let replaces) = kind else { return kind }
    let path = try TypedPath.absolute(typed)
    if access(path, F_OK) == 0 { throw Failure("\(typed) is there already: give another name") }
    return .export(selection, path: path, replaces: replaces)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
