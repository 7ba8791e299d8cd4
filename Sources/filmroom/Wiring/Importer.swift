import Explorer
import Foundation
import Net
import Store
import Synchronization

/// Where an import puts what it finds.
protocol ImportTarget: Sendable {
  func takeIn(
    size: Int, _ read: @escaping @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]
  ) async throws(StoreError) -> StoreResult.Status

  /// Nothing more comes.
  func finish() async
}

extension Archive: ImportTarget {
  func takeIn(
    size: Int, _ read: @escaping @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]
  ) async throws(StoreError) -> StoreResult.Status {
    try await store(size: size, origin: InstanceOrigin(.localFile), read).status
  }

  func finish() {}
}

extension LocalImport: ImportTarget {
  func takeIn(
    size: Int, _ read: @escaping @Sendable (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]
  ) async throws(StoreError) -> StoreResult.Status { try await store(size: size, read) }
}

/// Takes in files and folders: every DICOM file below a path and in its ZIP files, several at a time.
struct Importer: Sendable {
  let archive: any ImportTarget
  /// Files at once: their disk syncs run side by side and share commits.
  var parallel = 8
  /// Paths kept for each reason to skip.
  var examples = 3

  /// A file of the disk, or one in a ZIP file.
  private enum Item: Sendable {
    case file(String)
    case entry(ZipEntry, ZipReader)

    var name: String {
      switch self {
      case .file(let path): path
      case .entry(let entry, let reader): reader.path + ": " + entry.name
      }
    }
  }

  /// What became of the files.
  struct Report: Equatable, Sendable {
    /// Those that are known of: a ZIP file counts as its entries once it is open.
    var files = 0
    var stored = 0
    var duplicates = 0
    var overwritten = 0
    var bytes: Int64 = 0
    /// Files refused, by reason; the first few paths of each, in order.
    private(set) var refused: [String: [String]] = [:]
    private(set) var refusedCount: [String: Int] = [:]

    var refusedTotal: Int { refusedCount.values.reduce(0, +) }
    var done: Int { stored + duplicates + overwritten + refusedTotal }

    mutating func count(_ status: StoreResult.Status, bytes: Int) {
      self.bytes += Int64(bytes)
      switch status {
      case .stored: stored += 1
      case .alreadyStored: duplicates += 1
      case .overwritten: overwritten += 1
      }
    }

    /// Counts a refused file and keeps its path when it is among the first `examples` of its reason, whichever of
    /// the files that are read at once comes to its end first.
    mutating func refuse(_ path: String, _ reason: String, examples: Int) {
      refusedCount[reason, default: 0] += 1
      var paths = refused[reason] ?? []
      let place = paths.lastIndex { $0 <= path }.map { $0 + 1 } ?? 0
      guard place < examples else { return }
      paths.insert(path, at: place)
      if paths.count > examples { paths.removeLast() }
      refused[reason] = paths
    }
  }

  /// Finds the regular files at and below some paths, links not followed. Throws `StoreError` for a path that
  /// is not there.
  static func files(at paths: [String]) throws(StoreError) -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw StoreError(.notFound, "there is no file or folder \(path)")
      }
      if !isFolder.boolValue {
        files.append(path)
        continue
      }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw StoreError(.storageUnusable, "the folder \(path) can't be read")
      }
      let keys: [URLResourceKey] = [.isRegularFileKey]
      let found = FileManager.default.enumerator(
        at: URL(fileURLWithPath: path), includingPropertiesForKeys: keys, options: [])
      while let url = found?.nextObject() as? URL {
        if (try? url.resourceValues(forKeys: Set(keys)).isRegularFile) == true { files.append(url.path) }
      }
    }
    return files.sorted()
  }

  /// Imports files. `progress` hears the report as it grows; `isCancelled` ends it between two files. Throws
  /// `StoreError` when the archive can take no more: full, unusable or closed.
  func run(
    _ files: [String], progress: @escaping @Sendable (Report) -> Void,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) async throws -> Report {
    let report = Tally(files: files.count)
    try await withThrowingTaskGroup(of: [Item].self) { group in
      var waiting = ArraySlice(files.map { Item.file($0) })
      var running = 0
      while true {
        while running < parallel, let item = waiting.first, !isCancelled(), !Task.isCancelled {
          waiting.removeFirst()
          running += 1
          group.addTask { try await importOne(item, report, progress) }
        }
        guard let found = try await group.next() else { break }
        running -= 1
        // What a ZIP file holds comes next: the file stays open no longer than it must.
        if !found.isEmpty { waiting = found + waiting }
      }
    }
    return report.value
  }

  /// The report while several tasks write to it.
  private final class Tally: Sendable {
    private let report: Mutex<Report>

    init(files: Int) { report = Mutex(Report(files: files)) }

    var value: Report { report.withLock { $0 } }

    func update(_ body: (inout Report) -> Void) {
      report.withLock { report in body(&report) }
    }
  }

  /// Returns what there is in it, if it is a ZIP file.
  private func importOne(
    _ item: Item, _ report: Tally, _ progress: @Sendable (Report) -> Void
  ) async throws(StoreError) -> [Item] {
    defer { progress(report.value) }
    do throws(StoreError) {
      switch item {
      case .file(let path):
        if ZipReader.isArchive(path) {
          let reader = try ZipReader(path)
          let entries = reader.entries.filter { !$0.isFolder }
          report.update { $0.files += entries.count - 1 }
          return entries.map { .entry($0, reader) }
        }
        let file = try OpenFile(path)
        let status = try await archive.takeIn(size: file.size) { offset, count throws(StoreError) in
          try file.read(at: offset, count: count)
        }
        report.update { $0.count(status, bytes: file.size) }
      case .entry(let entry, let reader):
        let status = try await archive.takeIn(size: entry.size, try await reader.content(of: entry))
        report.update { $0.count(status, bytes: entry.size) }
      }
    } catch {
      switch error.code {
      case .storageFull, .storageUnusable, .closed, .storageInUse:
        // A file of the user's that can't be read is only skipped.
        guard case .file(let path) = item, !FileManager.default.isReadableFile(atPath: path) else {
          throw error
        }
        note(path, "can't be read", report)
      case .inputOutput, .cannotUnderstand, .dataSetMismatch, .notFound, .badValue, .readOnly,
        .revisionConflict:
        note(item.name, Self.reason(error), report)
      }
    }
    return []
  }

  private func note(_ path: String, _ reason: String, _ report: Tally) {
    report.update { $0.refuse(path, reason, examples: examples) }
  }

  /// The reason without what differs from file to file, so that equal ones are counted together.
  private static func reason(_ error: StoreError) -> String {
    guard error.code == .cannotUnderstand, let end = error.message.range(of: " at byte ") else {
      return error.message
    }
    return String(error.message[..<end.lowerBound])
  }

  /// Imports a file or folder and says how it went: a line of counts, then the reasons of what was skipped. Ends early when the task is cancelled.
  func summary(of path: String, progress: @escaping @Sendable (Report) -> Void) async throws -> String {
    let files = try Self.files(at: [(path as NSString).expandingTildeInPath])
    let report = try await run(files, progress: progress)
    var parts = ["\(report.stored) stored"]
    if report.overwritten > 0 { parts.append("\(report.overwritten) replaced") }
    if report.duplicates > 0 { parts.append("\(report.duplicates) there already") }
    if report.refusedTotal > 0 { parts.append("\(report.refusedTotal) skipped") }
    if report.done < report.files { parts.append("stopped before the other \(report.files - report.done)") }
    var lines = [NumberText.count(report.files, "file") + ": " + parts.joined(separator: ", ")]
    for (reason, count) in report.refusedCount.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines += ["", "\(count) × \(reason)"]
      let examples = report.refused[reason] ?? []
      lines += examples.map { "    " + $0 }
      if count > examples.count { lines.append("    and \(count - examples.count) more") }
    }
    return lines.joined(separator: "\n")
  }
}
