import NIOCore
import Store
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// ZIP files that jobs made, kept for a while to be fetched. A restart of the program takes them away, as Orthanc's does.
final class JobOutputs: Sendable {
  struct Output: Sendable {
    var path: String
    /// What a browser saves it as.
    var filename: String

    /// Bytes; 0 until it is complete.
    var size: Int64 {
      var status = stat()
      return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
  }

  private let folder: String
  /// `MediaArchiveSize`: so many of the newest are kept.
  private let limit: Int
  private let outputs = Mutex<[(job: String, output: Output)]>([])

  init(folder: String, limit: Int) {
    self.folder = folder
    self.limit = max(1, limit)
  }

  /// A place for what a job will make.
  func newPath() -> String {
    folder + "/archive-" + String(UInt64.random(in: .min ... .max), radix: 16) + ".zip"
  }

  func note(_ job: String, _ output: Output) {
    let old = outputs.withLock { outputs in
      outputs.append((job, output))
      let old = outputs.dropLast(limit)
      outputs.removeFirst(old.count)
      return old.map(\.output.path)
    }
    for path in old { unlink(path) }
  }

  /// Whether a job makes a file that is kept here, or was.
  func holds(_ kind: JobKind) -> Bool {
    switch kind {
    case .export(_, let path, _), .media(_, let path, _): path.hasPrefix(folder + "/")
    case .verification, .compression, .deletion: false
    }
  }

  func output(of job: String) -> Output? { outputs.withLock { $0.first { $0.job == job }?.output } }

  /// False when there was none.
  @discardableResult
  func remove(_ job: String) -> Bool {
    let path = outputs.withLock { outputs -> String? in
      guard let place = outputs.firstIndex(where: { $0.job == job }) else { return nil }
      return outputs.remove(at: place).output.path
    }
    if let path { unlink(path) }
    return path != nil
  }
}

extension JobOutputs.Output {
  /// Throws `RESTError` while it is not there yet.
  func response(_ request: RESTRequest) async throws -> RESTResponse {
    guard let content = try? AttachmentContent.file(path) else {
      throw RESTError(.inexistentItem, "the job has made nothing yet")
    }
    return try await Download.content(content, type: "application/zip", request: request).named(filename)
  }
}
