import Glibc

/// Where a repair puts what it moves away, and its report: `set-aside/DATE-TIME`, made when it is first needed.
final class SetAside {
  private let root: String
  private let stamp: String
  private(set) var folder: String?
  private var report: Int32 = -1

  static let folderName = "set-aside"

  /// - Parameter date: seconds since 1970, UTC.
  init(root: String, date: Int64) {
    self.root = root + "/" + Self.folderName
    stamp = OrthancDate.text(date)
  }

  deinit { if report >= 0 { close(report) } }

  /// The report's path; nil while there is none.
  var reportPath: String? { report >= 0 ? folder.map { $0 + "/report.txt" } : nil }

  /// Moves a file or folder here and returns its new path. Throws `StoreError`.
  func move(_ path: String) throws(StoreError) -> String {
    let folder = try made()
    let name = path.split(separator: "/").last.map(String.init) ?? "file"
    let target = Self.free { folder + "/" + (name == "report.txt" ? "file-" : "") + name + $0 }
    if rename(path, target) != 0 {
      if errno != EXDEV { throw SystemError.last("move", path) }
      // The index may lie on another disk: it is left beside where it was.
      let near = Self.free { "\(path).\(stamp)\($0)" }
      if rename(path, near) != 0 { throw SystemError.last("move", path) }
      return near
    }
    try StorageArea.syncFolder(folder)
    return target
  }

  /// Writes a line into the report. Throws `StoreError`.
  func note(_ line: String) throws(StoreError) {
    let path = try made() + "/report.txt"
    if report < 0 { report = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
    if report < 0 { throw SystemError.last("create", path) }
    try WholeWrite.write(Array((line + "\n").utf8), to: report, path)
  }

  /// Makes the report durable. Throws `StoreError`.
  func sync() throws(StoreError) {
    guard let path = reportPath else { return }
    if fsync(report) != 0 { throw SystemError.last("sync", path) }
  }

  private func made() throws(StoreError) -> String {
    if let folder { return folder }
    let new = Self.free { "\(root)/\(stamp)\($0)" }
    try StorageArea.createFolder(new)
    folder = new
    return new
  }

  /// The first of some paths that is not taken: without a suffix, then `-2`, `-3` …
  private static func free(_ path: (_ suffix: String) -> String) -> String {
    var status = stat()
    var (number, candidate) = (1, path(""))
    while lstat(candidate, &status) == 0 {
      number += 1
      candidate = path("-\(number)")
    }
    return candidate
  }
}
