import ArgumentParser
import Explorer
import Foundation
import Store

/// `filmroom recover`: the content of a compressed attachment, without its archive.
struct Recover: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Get the content out of a compressed attachment.",
    discussion: """
      For a file of the storage folder that was written with StorageCompression, by Filmroom or by Orthanc, when there \
      is no archive around it any more. Of one that is truncated or damaged, what lies before the fault is saved. The \
      content goes to standard output, unless that is a terminal, or to the file that -o names, which must not be there \
      yet; what was found is told on standard error. Exit status 1 when it is not complete.
      """)

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  @Argument(help: ArgumentHelp("A file of the storage folder.", valueName: "file"))
  var path: String

  func run() throws {
    let found = try Failure.report { () throws -> AttachmentRecovery.Found in
      guard let target = try Self.target(output) else {
        let found = try AttachmentRecovery.recover(path) { _ in }
        Console.error(
          "nothing was written: standard output is a terminal. -o FILE writes the content into a file")
        return found
      }
      return try AttachmentRecovery.recover(path) { bytes throws(StoreError) in
        do {
          try target.write(contentsOf: Data(bytes))
        } catch {
          throw StoreError(
            .inputOutput, "can't write \(output ?? "standard output"): \(error.localizedDescription)")
        }
      }
    }
    Console.error(Self.sentence(path, found))
    if found.ending != .complete { throw ExitCode(1) }
  }

  /// Nil: there is nowhere to write to.
  private static func target(_ path: String?) throws -> FileHandle? {
    guard let path else { return isatty(1) == 1 ? nil : .standardOutput }
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file < 0 {
      throw StoreError(.inputOutput, "can't create \(path): \(String(cString: strerror(errno)))")
    }
    return FileHandle(fileDescriptor: file, closeOnDealloc: true)
  }

  static func sentence(_ path: String, _ found: AttachmentRecovery.Found) -> String {
    let kind = found.isDICOM ? "a DICOM file" : "not a DICOM file"
    let amount = "\(found.bytes) of \(found.announced) bytes"
    let ending =
      switch found.ending {
      case .complete: "complete, \(found.bytes) bytes, checksum right"
      case .truncated: "truncated: \(amount) recovered"
      case .damaged: "damaged: \(amount) recovered, the last of them may be wrong"
      case .otherSize: "not of the size that its start says: \(amount) recovered"
      }
    return "\(path): \(kind), \(ending)"
  }
}
