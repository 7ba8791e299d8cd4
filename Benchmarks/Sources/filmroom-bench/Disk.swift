import ArgumentParser
import Foundation
import Glibc

/// The bare disk: the same files copied, each synced with its folder's entry.
struct Disk: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copies files with a sync each: what the disk alone can do.")

  @Argument(help: "A folder of files.") var source: String
  @Option(help: "Where to; must not exist.") var target: String

  func run() throws {
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    let files = try regularFiles([source]).map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
    let bytes = files.reduce(0) { $0 + $1.count }
    let folder = open(target, O_RDONLY | O_DIRECTORY)
    defer { close(folder) }
    let time = seconds {
      for (number, content) in files.enumerated() {
        let file = open("\(target)/\(number)", O_WRONLY | O_CREAT | O_EXCL, 0o600)
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
        fsync(folder)
      }
    }
    report("bare disk, synced files", Double(files.count) / time, "files/s")
    report("bare disk", Double(bytes) / time / 1e6, "MB/s")
  }
}
