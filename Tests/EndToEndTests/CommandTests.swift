import DICOM
import Foundation
import Logging
import Store
import TestSupport
import Testing

@testable import filmroom

/// What the commands say when they are used in a wrong way, and that they take nothing away unasked.
@Suite(.serialized) struct CommandTests {
  private func run(_ arguments: String...) async throws -> (status: Int32?, output: String) {
    try await RunningProgram.run(RunningProgram.filmroom, arguments)
  }

  @Test func aWordThatIsNoCommandGetsTheirNames() async throws {
    let result = try await run("foo")
    #expect(result.status == 64 && result.output.contains("“foo”"), "\(result.output)")
    for command in ["explore", "serve", "import", "demo", "verify", "repair", "recover", "filmroom --help"] {
      #expect(result.output.contains(command), "\(result.output)")
    }
  }

  @Test func theHelpNamesTheOptionsOfTheExplorer() async throws {
    let result = try await run("--help")
    for option in ["--config", "--storage", "--aet", "--dicom-port", "--no-mouse"] {
      #expect(result.output.contains(option), "\(result.output)")
    }
  }

  @Test(arguments: [
    (["--aet", "SEVENTEENLETTERSX"], "--aet is \"SEVENTEENLETTERSX\": allowed is"),
    (["--storage", ""], "--storage is empty"),
    (["--dicom-port", "-1"], "--dicom-port is -1: allowed is a whole number from 0 to 65535"),
    (["--storage", "/dev/null/x"], "Give another folder with --storage, or make this one writable for"),
  ]) func wrongFlagsAreCalledByTheirNames(flags: [String], sentence: String) async throws {
    let result = try await RunningProgram.run(RunningProgram.filmroom, ["serve"] + flags)
    #expect(result.status != 0 && result.output.contains(sentence), "\(result.output)")
  }

  @Test func aPathThatIsMissingIsNamedBeforeAnythingIsTakenIn() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(DataSetSamples.file(), to: "a.dcm")
    let missing = folder.path + "/missing"
    let result = try await run("import", "--storage", folder.path + "/storage", file, missing)
    #expect(result.status == 1 && result.output.contains("no file or folder \(missing)"), "\(result.output)")
    #expect(!result.output.contains("--storage"), "the storage is not at fault: \(result.output)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/storage"))
  }

  @Test func demoStudiesOfProtectedPatientsStay() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    _ = try await run("demo", "--storage", storage)
    let patient = try #require(DemoInstances.studies.first).patientID
    let archive = try Archive(
      ArchiveConfiguration(storageFolder: storage),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await archive.setProtected(true, patients: [PublicID(dicomIdentifiers: [patient])])
    let before = try await archive.totals().studies
    archive.close()
    let removed = try await run("demo", "--remove", "--storage", storage)
    #expect(
      removed.output.contains("\(patient) is protected and stays: unprotect it in the explorer first"),
      "\(removed.output)")
    let again = try Archive(
      ArchiveConfiguration(storageFolder: storage),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let after = try await again.totals()
    again.close()
    #expect(after.studies > 0 && after.studies < before, "\(after)")
  }

  @Test func recoverGetsTheContentOutOfACompressedFile() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let bytes = DataSetSamples.file(pixels: 300_000)
    let file = try folder.write(bytes, to: "a.dcm")
    let config = try folder.write(Array(#"{ "StorageCompression" : true }"#.utf8), to: "config.json")
    let imported = try await run("import", "--config", config, "--storage", storage, file)
    #expect(imported.status == 0, "\(imported.output)")
    let sizes = try folder.stored().map {
      (path: storage + "/" + $0, size: try Data(contentsOf: URL(fileURLWithPath: storage + "/" + $0)).count)
    }
    let largest = try #require(sizes.max { $0.size < $1.size })
    #expect(sizes.count == 2 && largest.size < bytes.count)
    let output = folder.path + "/out.dcm"
    let whole = try await run("recover", largest.path, "-o", output)
    #expect(
      whole.status == 0 && whole.output.contains("a DICOM file, complete, \(bytes.count) bytes"),
      "\(whole.output)")
    #expect(Array(try Data(contentsOf: URL(fileURLWithPath: output))) == bytes)
    // It writes over nothing.
    let second = try await run("recover", largest.path, "-o", output)
    #expect(second.status != 0 && second.output.contains("can't create \(output)"), "\(second.output)")
    truncate(largest.path, off_t(largest.size / 2))
    let half = try await run("recover", largest.path, "-o", output + ".half")
    #expect(half.status == 1 && half.output.contains("truncated: "), "\(half.output)")
    #expect(half.output.contains(" of \(bytes.count) bytes recovered"), "\(half.output)")
    let saved = Array(try Data(contentsOf: URL(fileURLWithPath: output + ".half")))
    #expect(!saved.isEmpty && saved == Array(bytes.prefix(saved.count)))
    let plain = try await run("recover", file)
    #expect(plain.status == 1 && plain.output.contains("is not compressed"), "\(plain.output)")
  }

  @Test func verifyTellsSizesForPeople() async throws {
    let folder = try TemporaryFolder()
    let storage = folder.path + "/storage"
    let nobody = try folder.write([1, 2, 3], to: "a.txt")
    _ = try await run("import", "--storage", storage, nobody)
    let empty = try await run("verify", "--storage", storage)
    #expect(
      empty.output.contains("0 attachments, 0 ") && empty.output.contains(": 0 faults"), "\(empty.output)")
    let file = try folder.write(DataSetSamples.file(pixels: 2_500_000), to: "a.dcm")
    _ = try await run("import", "--storage", folder.path + "/storage", file)
    let verified = try await run("verify", "--storage", folder.path + "/storage")
    #expect(verified.output.contains("1 attachment, 2.5 MB, "), "\(verified.output)")
  }
}
