import DICOM
import NIOHTTP1
import Store
import Synchronization

/// The archive that another process of this machine holds, asked over the socket in its storage folder.
///
/// Everything throws `StoreError`, with that process's sentences; `closed` when it ends meanwhile.
public struct LocalArchive: Sendable {
  let connection: LocalConnection

  /// Nil when nobody answers there: the process that holds the folder serves nothing, or there is none.
  public static func connect(storageFolder: String) async -> LocalArchive? {
    guard let folder = SocketFolder(storageFolder) else { return nil }
    let archive = LocalArchive(connection: LocalConnection(folder: folder, name: storageFolder))
    guard let answer = try? await archive.connection.send(.GET, "/filmroom"), answer.status == 200 else {
      return nil
    }
    return archive
  }

  /// Checks every attachment, as `Archive.verify` does. What `progress` throws ends it.
  public func verify(
    deep: Bool, progress: @escaping @Sendable (VerificationProgress) -> Void,
    fault: @escaping @Sendable (Fault) -> Void
  ) async throws(StoreError) {
    _ = try await work("/filmroom/verify", ["Deep": .boolean(deep)]) { line in
      switch line {
      case .progress(let done, let total, let bytes, _):
        progress(VerificationProgress(attachments: done, ofAttachments: total, bytes: bytes))
      case .fault(let found): fault(found)
      case .data, .failure, .end: break
      }
    }
  }

  /// Writes a ZIP file, as `Archive.export` does.
  ///
  /// - Parameters:
  ///   - ids: of any level; nil takes everything.
  ///   - progress: hears how far it is; what it throws ends the export.
  public func export(
    _ ids: [PublicID]?, to path: String, replaces: Bool, token: String,
    progress: @escaping @Sendable (ExportProgress) throws -> Void
  ) async throws -> ExportSummary {
    let file = try ExportFile(path, token: token, replaces: replaces)
    defer { file.discard() }
    let state = Mutex((last: ExportProgress(), size: Int64(0)))
    let selection: [String: JSONValue] =
      ids.map { ["Resources": .texts($0.map(\.description))] } ?? ["All": .boolean(true)]
    try await work("/filmroom/export", selection) { line in
      guard case .progress(let done, let total, let bytes, let gone) = line else { return }
      let now = state.withLock { state in
        state.last = ExportProgress()
        (state.last.instances, state.last.ofInstances) = (done, total)
        (state.last.bytes, state.last.gone) = (bytes, gone)
        return state.last
      }
      try progress(now)
    } data: { bytes in
      try file.write(bytes)
      state.withLock { $0.size += Int64(bytes.count) }
    }
    try file.finish()
    let (last, size) = state.withLock { ($0.last, $0.size) }
    return ExportSummary(
      path: path, instances: last.instances, bytes: last.bytes, archiveSize: size, gone: last.gone)
  }

  /// Puts the demo's studies into the archive, or takes them out. Returns a sentence about it.
  public func demo(removing: Bool) async throws(StoreError) -> String {
    try await ask { try await connection.send(removing ? .DELETE : .POST, "/filmroom/demo") }.text
  }

  // MARK: Asking

  /// Throws `StoreError` for an answer that says that it went wrong.
  func ask(
    _ send: () async throws -> LocalConnection.Answer
  ) async throws(StoreError) -> LocalConnection.Answer {
    let answer: LocalConnection.Answer
    do {
      answer = try await send()
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.inputOutput, "\(error)")
    }
    if answer.status == 200 { return answer }
    throw RESTError.storeError(answer.text, status: answer.status)
  }

  /// Work that tells how far it is. Throws what the bodies throw, too.
  private func work(
    _ uri: String, _ options: [String: JSONValue], line: @escaping @Sendable (WorkLine) throws -> Void,
    data: @escaping @Sendable ([UInt8]) throws -> Void
  ) async throws {
    let reader = Mutex(WorkReader())
    let isComplete = Mutex(false)
    let body = LocalConnection.Body.bytes(Array(JSONWriter.text(.object(options)).utf8))
    let answer = try await connection.send(.POST, uri, body) { piece in
      try reader.withLock { reader in
        try reader.take(piece) { found in
          if case .failure(let error) = found { throw error }
          if found == .end { isComplete.withLock { $0 = true } }
          try line(found)
        } data: {
          try data($0)
        }
      }
    }
    if answer.status != 200 { throw RESTError.storeError(answer.text, status: answer.status) }
    if !isComplete.withLock({ $0 }) { throw StoreError(.closed, "the other Filmroom ended meanwhile") }
  }

  private func work(
    _ uri: String, _ options: [String: JSONValue], line: @escaping @Sendable (WorkLine) -> Void
  ) async throws(StoreError) {
    do {
      try await work(uri, options, line: line) { _ in }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.inputOutput, "\(error)")
    }
  }
}

extension RESTError {
  /// What an answer's JSON says, in the archive's terms.
  static func storeError(_ text: String, status: Int) -> StoreError {
    let body = try? JSONParser.parse(text)
    var sentence = "the Filmroom that uses the archive answers HTTP status \(status)"
    for name in ["Message", "Details"] {
      if case .text(let found)? = body?[name], !found.isEmpty { sentence = found }
    }
    guard case .number(let number)? = body?["OrthancStatus"],
      let code = OrthancError(rawValue: Int(max(-1, min(number, 1e6))))
    else { return StoreError(.inputOutput, sentence) }
    switch code {
    case .fullStorage: return StoreError(.storageFull, sentence)
    case .badFileFormat:
      return StoreError(.cannotUnderstand, sentence)
    case .unknownResource, .inexistentItem: return StoreError(.notFound, sentence)
    case .database: return StoreError(.closed, sentence)
    case .parameterOutOfRange, .badRequest: return StoreError(.badValue, sentence)
    case .forbiddenAccess, .readOnly: return StoreError(.readOnly, sentence)
    case .internalError, .notImplemented, .timeout, .badSequenceOfCalls, .networkProtocol, .cannotWriteFile,
      .corruptedFile, .inexistentTag, .unknownDicomTag, .badJobTransition, .revision,
      .mainDicomTagsMultiplyDefined, .duplicateResource:
      return StoreError(.inputOutput, sentence)
    }
  }
}
