import Foundation
import Glibc

/// A folder that is gone when the test is done with it.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// - Parameter inMemory: where syncs cost nothing, if there is such a place.
  public init(inMemory: Bool = false) throws {
    let memory = "/dev/shm/"
    let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
    path = (isThere ? memory : NSTemporaryDirectory()) + "filmroom-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into it, with the folders that lead there, and gives its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Every regular file below a folder of it.
  public func files(below sub: String = "") -> [String] {
    let root = sub.isEmpty ? path : path + "/" + sub
    return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: root + "/" + $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// What is being received into an archive, but not the empty files that are only made ahead.
  public func arriving(below sub: String = "storage") -> [String] { written(below: sub + "/incoming") }

  /// The files of an archive that are in the storage area, under their final names; not those that are only made ahead.
  public func stored(below sub: String = "storage") -> [String] {
    written(below: sub).filter { $0.split(separator: "/").count == 3 }
  }

  private func written(below sub: String) -> [String] {
    files(below: sub).filter {
      var status = stat()
      return stat("\(path)/\(sub)/\($0)", &status) != 0 || status.st_size > 0
        || status.st_mode & 0o777 != 0o700
    }
  }
}

/// Waits until a condition holds; false when the deadline passes first.
public func eventually(
  within seconds: Double = 180, _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return try await condition()
}
