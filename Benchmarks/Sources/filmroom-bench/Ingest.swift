import ArgumentParser
import Foundation
import Logging
import Store

/// Stores files through the archive's own operation, each durable before the next of its task.
struct Ingest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stores files in a new archive, or in one that is there.")

  @Argument(help: "A folder of files.") var source: String
  @Option(help: "The archive's folder; must not exist.") var storage: String
  @Flag(help: "It exists.") var exists = false
  @Option(help: "How many store at the same time.") var tasks = 1

  func run() async throws {
    guard FileManager.default.fileExists(atPath: storage) == exists else {
      throw ValidationError(exists ? "\(storage) does not exist" : "\(storage) exists already")
    }
    let files = regularFiles([source])
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let archive = try Archive(ArchiveConfiguration(storageFolder: storage), logger: logger)
    let bytes = try files.reduce(0) {
      $0 + (try FileManager.default.attributesOfItem(atPath: $1)[.size] as? Int ?? 0)
    }
    let clock = ContinuousClock()
    let start = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        group.addTask {
          for index in stride(from: task, to: files.count, by: tasks) {
            _ = try await archive.importFile(files[index])
          }
        }
      }
      try await group.waitForAll()
    }
    let time = (clock.now - start) / .seconds(1)
    report("store, \(tasks) at a time", Double(files.count) / time, "instances/s")
    report("store, \(tasks) at a time", Double(bytes) / time / 1e6, "MB/s")
    archive.close()
  }
}
