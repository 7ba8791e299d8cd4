import ArgumentParser
import DICOM
import Foundation

/// Walks every element header of files held in memory.
struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Parses files: every element header is visited.")

  @Argument(help: "Files and folders.") var paths: [String]
  @Option(help: "Seconds to go on for.") var duration = 3.0

  /// Counts headers and takes no values.
  private struct Counter: DataSetSink {
    var headers = 0

    mutating func element(_ header: ElementHeader) -> ElementAction {
      headers += 1
      return .skip
    }
  }

  func run() throws {
    let files = try regularFiles(paths).map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
    let bytes = files.reduce(0) { $0 + $1.count }
    var (headers, refused, rounds) = (0, 0, 0)
    let clock = ContinuousClock()
    let start = clock.now
    repeat {
      (headers, refused) = (0, 0)
      for file in files {
        do throws(DataSetError) {
          headers += try file.span.withUnsafeBytes { buffer throws(DataSetError) in try Self.walk(buffer) }
        } catch {
          refused += 1
        }
      }
      rounds += 1
    } while clock.now - start < .seconds(duration)
    let time = (clock.now - start) / .seconds(1)
    print("\(files.count) files, \(bytes) bytes, \(headers) element headers, \(refused) refused")
    report("parse", Double(bytes * rounds) / time / 1e6, "MB/s")
    report("a header", time / Double(headers * rounds) * 1e9, "ns")
  }

  private static func walk(_ bytes: UnsafeRawBufferPointer) throws(DataSetError) -> Int {
    let header = try FileHeader(bytes)
    var stream = DataSetStream(
      sink: Counter(), syntax: header.transferSyntax, offset: header.dataSetOffset, end: bytes.count)
    try stream.feed(UnsafeRawBufferPointer(rebasing: bytes[header.dataSetOffset...]))
    try stream.finish()
    return stream.sink.headers
  }
}
