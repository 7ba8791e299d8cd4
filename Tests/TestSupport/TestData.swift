import Foundation

/// Real files to run over, where the environment names a folder of them.
public enum TestData {
  /// The folder that `FILMROOM_TEST_DATA` names; nil when there is none, and the test says that it skips.
  public static let folder: URL? = {
    guard let path = ProcessInfo.processInfo.environment["FILMROOM_TEST_DATA"], !path.isEmpty else {
      return nil
    }
    return URL(fileURLWithPath: path)
  }()

  public static var isPresent: Bool { folder != nil }

  /// Every file below the folder that `MANIFEST.tsv` lists, with its transfer syntax UID.
  public static func manifest() throws -> [(path: String, transferSyntax: String)] {
    guard let folder else { return [] }
    let table = try String(contentsOf: folder.appendingPathComponent("MANIFEST.tsv"), encoding: .utf8)
    return table.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      let uid = fields[3].split(separator: " ").first ?? ""
      return (String(fields[0]), String(uid))
    }
  }

  public static func bytes(_ path: String) throws -> [UInt8] {
    guard let folder else { return [] }
    return Array(try Data(contentsOf: folder.appendingPathComponent(path)))
  }
}
