import DICOM
import Foundation
import TestSupport
import Testing

@testable import filmroom

/// `export` and `import` of ZIP files, with other people's programs as readers and writers.
@Suite(.serialized) struct ExportCommandTests {
  private func run(_ arguments: String...) async throws -> (status: Int32?, output: String) {
    try await RunningProgram.run(RunningProgram.filmroom, arguments)
  }

  private func filled(_ folder: TemporaryFolder) async throws -> String {
    for number in 1...3 {
      let file = DataSetSamples.file(
        patientName: "MÜLLER^ANNA", instance: "1.2.3.4.\(number)", number: number,
        pixels: number == 3 ? 9_000_000 : 320)
      try folder.write(file, to: "in/\(number).dcm")
    }
    let storage = folder.path + "/storage"
    let result = try await run("import", "--storage", storage, folder.path + "/in")
    try #require(result.status == 0, "\(result.output)")
    return storage
  }

  @Test func othersReadWhatWasExported() async throws {
    let folder = try TemporaryFolder()
    let storage = try await filled(folder)
    let zip = folder.path + "/out.zip"
    let exported = try await run("export", "--storage", storage, "--all", "-o", zip)
    #expect(exported.status == 0 && exported.output.contains("3 instances"), "\(exported.output)")
    let unzip = try await RunningProgram.run("unzip", ["-t", zip])
    #expect(unzip.status == 0 && unzip.output.contains("No errors"), "\(unzip.output)")
    let script = """
      import zipfile, sys, hashlib
      z = zipfile.ZipFile(sys.argv[1])
      assert z.testzip() is None
      print(sorted(z.namelist()))
      for n in sorted(z.namelist()): print(hashlib.md5(z.read(n)).hexdigest() == hashlib.md5(open(sys.argv[2] + '/' + str(int(n[-10:-4]) + 1) + '.dcm', 'rb').read()).hexdigest())
      """
    let python = try await RunningProgram.run("env", ["python3", "-c", script, zip, folder.path + "/in"])
    #expect(python.output.contains("P1 MÜLLER ANNA/Chest/CT/CT000000.dcm"), "\(python.output)")
    #expect(python.output.split(separator: "\n").count { $0 == "True" } == 3, "\(python.output)")

    let again = try await run("export", "--storage", storage, "--all", "-o", zip)
    #expect(again.status == 1 && again.output.contains("--force replaces it"), "\(again.output)")
    let forced = try await run("export", "--storage", storage, "--all", "--force", "-o", zip)
    #expect(forced.status == 0, "\(forced.output)")

    let imported = try await run("import", "--storage", folder.path + "/other", zip)
    #expect(imported.status == 0 && imported.output.contains("3 stored"), "\(imported.output)")
    let verified = try await run("verify", "--deep", "--storage", folder.path + "/other")
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test func whatOthersZipIsImported() async throws {
    let folder = try TemporaryFolder()
    _ = try await filled(folder)
    try folder.write(Array("nothing".utf8), to: "in/sub/readme.txt")
    let script = """
      import zipfile, sys, os
      for name, method in (('stored', 0), ('deflated', 8), ('bzip', 12)):
        z = zipfile.ZipFile(sys.argv[1] + '/zips/' + name + '.zip', 'w', method)
        for f in ('1.dcm', '2.dcm', 'sub/readme.txt'): z.write(sys.argv[1] + '/in/' + f, '../' + f)
        z.close()
      open(sys.argv[1] + '/zips/cut.zip', 'wb').write(open(sys.argv[1] + '/zips/stored.zip', 'rb').read()[:-30])
      """
    try FileManager.default.createDirectory(atPath: folder.path + "/zips", withIntermediateDirectories: true)
    let python = try await RunningProgram.run("env", ["python3", "-c", script, folder.path])
    #expect(python.status == 0, "\(python.output)")
    let result = try await run(
      "import", "--list-skipped", "--storage", folder.path + "/other", folder.path + "/zips")
    #expect(result.status == 0 && result.output.contains("10 files"), "\(result.output)")
    #expect(
      result.output.contains("2 stored") && result.output.contains("2 there already"), "\(result.output)")
    #expect(result.output.contains("3 × the entry is compressed by method 12"), "\(result.output)")
    #expect(result.output.contains("cut.zip is no ZIP archive that can be read"), "\(result.output)")
    #expect(result.output.contains("stored.zip: ../sub/readme.txt"), "\(result.output)")
  }

  /// An archive that takes a while to export.
  private func large(_ folder: TemporaryFolder) async throws -> String {
    for number in 1...200 {
      try folder.write(
        DataSetSamples.file(instance: "1.2.3.5.\(number)", number: number, pixels: 3_000_000),
        to: "large/\(number).dcm")
    }
    let storage = folder.path + "/storage"
    let result = try await run("import", "--storage", storage, folder.path + "/large")
    try #require(result.status == 0, "\(result.output)")
    return storage
  }

  @Test(arguments: [SIGINT, SIGKILL]) func anInterruptedExportLeavesNoFile(signal: Int32) async throws {
    let folder = try TemporaryFolder()
    let storage = try await large(folder)
    let out = folder.path + "/out"
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    var (status, output): (Int32?, String) = (0, "")
    // One that is over before the signal comes is made once more.
    for _ in 1...10 where status == 0 {
      let export = try RunningProgram(
        RunningProgram.filmroom, ["export", "--storage", storage, "--all", "--force", "-o", out + "/a.zip"])
      var isOver = false
      let hasBegun = await eventually {
        let files = folder.files(below: "out")
        isOver = files == ["a.zip"]
        return isOver || files.contains { $0.hasPrefix(".a.zip") && $0.hasSuffix(".partial") }
      }
      #expect(hasBegun)
      if !isOver { export.signal(signal) }
      (status, output) = (await export.exitStatus(), export.output)
      if status == 0 { try FileManager.default.removeItem(atPath: out + "/a.zip") }
    }
    #expect(status == (signal == SIGINT ? 130 : -SIGKILL), "\(output)")
    #expect(!FileManager.default.fileExists(atPath: out + "/a.zip"))
    #expect(signal == SIGKILL || folder.files(below: "out").isEmpty)
  }

  @Test func anExportOfNothingSaysSo() async throws {
    let folder = try TemporaryFolder()
    let storage = try await filled(folder)
    let nobody = "00000000-00000000-00000000-00000000-00000000"
    let result = try await run("export", "--storage", storage, nobody, "-o", folder.path + "/a.zip")
    #expect(result.status == 1 && result.output.contains("nothing in the archive has"), "\(result.output)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.zip"))
    let both = try await run("export", "--storage", storage, "--all", nobody, "-o", folder.path + "/a.zip")
    #expect(both.status == 64 && both.output.contains("or --all"), "\(both.output)")
  }
}
