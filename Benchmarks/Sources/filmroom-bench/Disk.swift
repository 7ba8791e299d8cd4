import ArgumentParser
import Foundation
import Glibc
import Synchronization

/// The bare disk: the same files read and copied, each synced, and its folder's entry too.
struct Disk: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copies files with a sync each: what the disk alone can do.")

  @Argument(help: "A folder of files.") var source: String
  @Option(help: "Where to; must not exist.") var target: String
  @Option(help: "So many are copied at a time.") var threads = 1
  @Flag(help: "The folder is not synced: the least that a durable file takes.") var filesOnly = false

  func run() throws {
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    let files = regularFiles([source])
    let bytes = Atomic(0)
    let folder = open(target, O_RDONLY | O_DIRECTORY)
    defer { close(folder) }
    let time = seconds {
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for number in stride(from: thread, to: files.count, by: threads) {
          let content = FileManager.default.contents(atPath: files[number]) ?? Data()
          copy(Array(content), to: "\(target)/\(number)")
          if !filesOnly { fsync(folder) }
          bytes.add(content.count, ordering: .relaxed)
        }
      }
    }
    report("bare disk, synced files", Double(files.count) / time, "files/s")
    report("bare disk", Double(bytes.load(ordering: .relaxed)) / time / 1e6, "MB/s")
  }

  private func copy(_ content: [UInt8], to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    content.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let written = write(file, buffer.baseAddress! + offset, buffer.count - offset)
        if written <= 0 { break }
        offset += written
      }
    }
    fsync(file)
    close(file)
  }
}
