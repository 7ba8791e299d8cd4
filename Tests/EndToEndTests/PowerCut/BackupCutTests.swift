import DICOM
import Foundation
import Logging
import Store
import TestSupport
import Testing

/// The power goes at any moment of a backup: the copy is the one before or the new one, whole, or it says that it is
/// unfinished, and then the next run completes it.
@Suite(.serialized) struct BackupCutTests {
  private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func addFiles(_ folder: TemporaryFolder, round: Int) async throws {
    for number in 0..<6 {
      let bytes = DataSetSamples.file(
        study: "1.2.\(round)", series: "1.2.\(round).1", instance: "1.2.\(round).1.\(number)", number: number,
        pixels: number == 5 ? 100_000 : 400)
      try folder.write(bytes, to: "in/\(round)/\(number).dcm")
    }
    let imported = try await RunningProgram.run(
      RunningProgram.filmroom,
      ["import", "--storage", folder.path + "/storage", folder.path + "/in/\(round)"])
    #expect(imported.status == 0, "\(imported.output)")
  }

  private func recordBackup(_ folder: TemporaryFolder, to copy: String, trace: String) async throws {
    let backup = try RunningProgram(
      RunningProgram.filmroom, ["backup", "--storage", folder.path + "/storage", copy],
      environment: [
        "LD_PRELOAD": RunningProgram.tracer, "FILMROOM_TRACE_FILE": trace, "FILMROOM_TRACE_ROOT": copy,
      ])
    #expect(await backup.exitStatus() == 0, "\(backup.output)")
  }

  /// The instances of what a cut left, which must be sound but perhaps for files of the next copy; nil where it says that
  /// it is no finished copy.
  private func instances(_ path: String, _ moment: String, isFinished: Bool) async throws -> Int? {
    var configuration = ArchiveConfiguration(storageFolder: path)
    configuration.mustExist = true
    let archive: Archive
    do throws(StoreError) {
      archive = try Archive(configuration, logger: Self.logger)
    } catch {
      let isTold = error.code == .notFound || error.message.contains("is an unfinished backup")
      #expect(isTold, "\(moment): \(error)")
      return nil
    }
    try archive.verify(
      deep: true, progress: { _ in },
      fault: { fault in
        if isFinished || fault.kind != .fileWithoutRow { Issue.record("\(moment): \(fault)") }
      })
    let count = try await archive.totals().instances
    archive.close()
    return count
  }

  @Test func aCopyIsWholeOrSaysThatItIsNot() async throws {
    let folder = try TemporaryFolder()
    let memory = try TemporaryFolder(inMemory: true)
    let copy = folder.path + "/copy"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    var disk = ModelDisk(root: copy)
    var (cuts, refused, completed) = (0, 0, 0)
    for round in 1...2 {
      try await addFiles(folder, round: round)
      let trace = folder.path + "/trace-\(round)"
      try await recordBackup(folder, to: copy, trace: trace)
      let events = try DiskTrace(path: trace).events
      for (number, event) in events.enumerated() {
        disk.apply(event)
        let isLast = number == events.count - 1
        var isMoment = isLast || number % 40 == 0
        if case .sync = event { isMoment = true }
        if case .syncAll = event { isMoment = true }
        if !isMoment { continue }
        for (name, cut) in [
          ("all", ModelDisk.Cut.everythingUnsynced), ("some", .someUnsynced(seed: UInt64(number))),
        ] {
          let moment = "round \(round), event \(number), \(name) unsynced lost"
          let left = memory.path + "/left"
          try disk.write(to: left, cut)
          cuts += 1
          let count = try await instances(left, moment, isFinished: isLast)
          if isLast { #expect(count == round * 6, "\(moment)") }
          if let count {
            #expect(count == round * 6 || count == (round - 1) * 6 && count > 0, "\(moment): \(count)")
          } else {
            refused += 1
            // The next run completes it; not tried each time, since it takes a while.
            if refused % 5 == 0 {
              _ = try Archive.backup(
                ArchiveConfiguration(storageFolder: folder.path + "/storage"), to: left, logger: Self.logger,
                progress: { _ in }, fault: { Issue.record("\(moment): \($0)") })
              #expect(
                try await instances(left, moment, isFinished: true) == round * 6, "\(moment), completed")
              completed += 1
            }
          }
          try FileManager.default.removeItem(atPath: left)
        }
      }
    }
    #expect(
      cuts > 50 && refused > 10 && completed > 2, "\(cuts) cuts, \(refused) refused, \(completed) completed")
  }
}
