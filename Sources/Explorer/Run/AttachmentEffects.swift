import Store
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `update` wants done with attachments.
extension EffectRunner {
  func attachments(_ effect: Effect) async -> Message? {
    let archive = services.archive
    switch effect {
    case .loadAttachments(let resource):
      return .attachments(
        resource, await attempt { try await archive.attachments(of: resource) },
        names: archive.userAttachmentTypes.map(\.name))
    case .findAttachmentType(let name):
      return .attachmentType(name: name, await attempt { try archive.attachmentType(named: name) })
    case .readAttachment(let resource, let info):
      return .attachmentText(
        info,
        await attempt {
          try await archive.bytes(of: info.type, of: resource, in: 0..<AttachmentText.limit)
        })
    case .verifyAttachment(let resource, let info):
      return .attachmentVerified(
        info, await attempt { try await archive.verify(info.type, of: resource)?.description })
    case .changeAttachment(let change): return await self.change(change) { _ in }
    default: return nil
    }
  }

  func change(
    _ change: AttachmentChange, progress: @escaping ExplorerServices.Progress
  ) async -> Message {
    let archive = services.archive
    let answer = await attempt { () -> Int? in
      guard let path = change.path else {
        try await archive.removeAttachment(change.type, expecting: change.expected, of: change.resource)
        return nil
      }
      return try await archive.setAttachment(
        change.type, toFile: try TypedPath.absolute(path), expecting: change.expected, of: change.resource
      ) { progress(WorkProgress(done: $0, total: $1, isOfBytes: true)) }
    }
    return .attachmentChanged(change, answer)
  }

  func export(_ export: AttachmentExport, progress: @escaping ExplorerServices.Progress) async -> Message {
    let answer = await attempt { () -> Message in
      let path = try TypedPath.absolute(export.path)
      if !export.replaces && access(path, F_OK) == 0 { return .attachmentExists(export) }
      try await write(export.info, of: export.resource, to: path, replaces: export.replaces, progress)
      return .worked(
        .success("\(export.info.name) written to \(export.path), \(AttachmentText.size(export.info))"))
    }
    switch answer {
    case .success(let message): return message
    case .failure(let failure): return .worked(.failure(failure))
    }
  }

  /// A copy that only this person can read, for another program.
  func fetch(
    _ info: AttachmentInfo, of resource: ResourceReference, _ opener: AttachmentOpener,
    progress: @escaping ExplorerServices.Progress
  ) async -> Message {
    let answer = await attempt {
      let path = try temporaryFiles.make(AttachmentText.fileName(info))
      do {
        try await write(info, of: resource, to: path, replaces: false, progress)
      } catch {
        temporaryFiles.remove(path)
        throw error
      }
      return path
    }
    return .attachmentFetched(answer, opener)
  }

  private func write(
    _ info: AttachmentInfo, of resource: ResourceReference, to path: String, replaces: Bool,
    _ progress: @escaping ExplorerServices.Progress
  ) async throws {
    try await services.archive.exportAttachment(info.type, of: resource, toFile: path, replaces: replaces) {
      progress(WorkProgress(done: $0, total: $1, isOfBytes: true))
    }
  }
}

/// Paths as people type them.
enum TypedPath {
  /// The same path for whoever is in another folder; `~` is the home folder.
  static func absolute(_ typed: String) throws -> String {
    var path = typed
    if path.hasPrefix("~/"), let home = getenv("HOME") { path = String(cString: home) + path.dropFirst() }
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { throw Failure("This folder is gone: give a path from / on") }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }
}

/// Files for other programs to show, each in a folder that only this person can enter; gone at the end at the latest.
final class TemporaryFiles: Sendable {
  private let files = Mutex<Set<String>>([])

  /// A path for a file of this name.
  func make(_ name: String) throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var folder = Array(((parent.isEmpty ? "/tmp" : parent) + "/filmroom-XXXXXX").utf8CString)
    guard mkdtemp(&folder) != nil else {
      throw Failure("No temporary folder could be made: \(String(cString: strerror(errno)))")
    }
    let path = String(decoding: folder.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/" + name
    _ = files.withLock { $0.insert(path) }
    return path
  }

  func remove(_ path: String) {
    _ = files.withLock { $0.remove(path) }
    unlink(path)
    if let slash = path.lastIndex(of: "/") { rmdir(String(path[..<slash])) }
  }

  func removeAll() {
    for path in files.withLock({ $0 }) { remove(path) }
  }
}
