import DICOM
import Glibc

extension Archive {
  /// Writes the file of an instance to a path of this machine, in place of what is there. It gets its name when it is
  /// complete.
  ///
  /// Throws `StoreError`: `notFound` when the instance is not there, `inputOutput` when the folder is not, `badValue` for a path that is none or lies
  /// within the archive itself, and when it can't be written.
  public func writeFile(of instance: PublicID, to path: String) async throws(StoreError) {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    try await Archive.blocking { () throws(StoreError) in
      try self.checkTarget(path)
      let file = try ExportFile(path, token: instance.description, replaces: true)
      defer { file.discard() }
      try content.forEachPiece { piece throws(StoreError) in try file.write(piece) }
      try file.finish()
    }
  }

  private func checkTarget(_ path: String) throws(StoreError) {
    guard !path.isEmpty, path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw StoreError(.badValue, "the body is no path of a file")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard let target = Self.resolved(folder) else {
      throw StoreError(.inputOutput, "there is no folder for \(path): make it first, or give another name")
    }
    for own in [configuration.storageFolder, configuration.indexFolder ?? configuration.storageFolder] {
      guard let own = Self.resolved(own) else { continue }
      if target == own || target.hasPrefix(own + "/") {
        throw StoreError(.badValue, "\(path) lies within the archive, where only it may write")
      }
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
