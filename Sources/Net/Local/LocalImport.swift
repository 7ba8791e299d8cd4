import DICOM
import Store

/// An import into the archive that another process holds: many files, one line in its log.
public struct LocalImport: Sendable {
  private let archive: LocalArchive
  private let uri: String

  init(_ archive: LocalArchive, uri: String) {
    self.archive = archive
    self.uri = uri
  }

  /// Stores what is read bit by bit, from the start to the end. Throws `StoreError`.
  public func store(
    size: Int, _ read: @escaping @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]
  ) async throws(StoreError) -> StoreResult.Status {
    let answer = try await archive.ask {
      try await archive.connection.send(.POST, uri, LocalConnection.Body(size: size, read: read))
    }
    guard case .text(let text)? = (try? JSONParser.parse(answer.text))?["Status"],
      let status = ImportStatus.status(text)
    else {
      throw StoreError(
        .inputOutput, "the Filmroom that uses the archive does not say what became of the file")
    }
    return status
  }

  /// No more files come. Where that can't be said, the other process finds out.
  public func finish() async { _ = try? await archive.connection.send(.DELETE, uri) }
}

extension LocalArchive {
  /// Begins an import. Throws `StoreError`.
  public func beginImport() async throws(StoreError) -> LocalImport {
    let answer = try await ask { try await connection.send(.POST, "/filmroom/imports") }
    guard case .text(let name)? = (try? JSONParser.parse(answer.text))?["ID"] else {
      throw StoreError(
        .inputOutput, "the Filmroom that uses the archive takes no imports: it has another version")
    }
    return LocalImport(self, uri: "/filmroom/imports/" + name)
  }
}
