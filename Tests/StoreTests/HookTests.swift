import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct HookTests {
  private func seconds(_ process: HookProcess) -> (HookProcess.Ending, String, Double) {
    let start = ContinuousClock.now
    let (ending, output) = process.run { false }
    let time = (ContinuousClock.now - start).components
    return (ending, output, Double(time.seconds) + Double(time.attoseconds) / 1e18)
  }

  private func shell(_ line: String, seconds: Double = 30) -> HookProcess {
    HookProcess(command: ["/bin/sh", "-c", line], input: Array("in\n".utf8), seconds: seconds)
  }

  @Test func aCommandReadsAndEnds() {
    #expect(seconds(shell("read x; echo got $x; exit 3")).0 == .exited(3))
    #expect(seconds(shell("read x; echo got $x")).1 == "got in\n")
    #expect(seconds(shell("kill -9 $$")).0 == .signalled(9))
    #expect(seconds(shell("exec 0<&- ; exit 0")).0 == .exited(0), "it need not read")
    let missing = HookProcess(command: ["/nowhere"], input: [], seconds: 1).run { false }
    #expect(missing.ending == .notStarted("No such file or directory"))
  }

  @Test func aCommandGetsNoFileOfOurs() {
    // Without CLOEXEC, as sockets are that libraries open.
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    #expect(seconds(shell("test ! -e /proc/self/fd/\(file)")).0 == .exited(0))
  }

  @Test func aCommandThatTakesTooLongIsEndedWithItsChildren() {
    let (ending, _, time) = seconds(shell("sleep 100 & sleep 100", seconds: 0.2))
    #expect(ending == .stopped && time < 10)
    #expect(seconds(shell("trap '' TERM; while :; do sleep 0.1; done", seconds: 0.1)).0 == .stopped)
  }

  @Test func aCommandMayPrintAsMuchAsItLikes() {
    let (ending, output, _) = seconds(shell("head -c 5000000 /dev/zero | tr '\\0' x"))
    #expect(ending == .exited(0) && output.count == 2000)
  }

  @Test func aChildThatLivesOnHoldsNothingUp() {
    let (ending, _, time) = seconds(shell("sleep 30 & exit 0"))
    #expect(ending == .exited(0) && time < 10)
  }

  // MARK: The engine

  /// A hook that appends what it reads to a file.
  private func writing(_ name: String, _ folder: TemporaryFolder, then: String = "") -> EventHook {
    EventHook(name: name, command: ["/bin/sh", "-c", "cat >> \(folder.path)/\(name)\(then)"])
  }

  private func lines(_ name: String, _ folder: TemporaryFolder) -> [HookEvent] {
    let text = (try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(HookEvent.self, from: Data($0.utf8))
    }
  }

  private func start(
    _ archive: Archive, _ hooks: [EventHook], timeout: Int = 30, patience: HookPatience = HookPatience()
  ) async throws -> HooksEngine {
    try await HooksEngine(archive, hooks: hooks, timeout: timeout, patience: patience, logger: makeLogger())
  }

  @Test func eachChangeRunsItsCommandOnceAndInOrder() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file(instance: "1.2.3.4.99"))
    let hooks = try await start(archive, [writing("NewInstance", folder), writing("NewStudy", folder)])
    for number in 1...5 {
      try await archive.add(DataSetSamples.file(study: "7", series: "7.1", instance: "7.1.\(number)"))
    }
    #expect(await eventually { lines("NewInstance", folder).count == 5 })
    #expect(await eventually { lines("NewStudy", folder).count == 1 })
    let told = lines("NewInstance", folder)
    #expect(told.map(\.sequence) == told.map(\.sequence).sorted())
    let study = try #require(lines("NewStudy", folder).first)
    let row = try #require(try await archive.rows(.study).first { $0.text(.studyInstanceUID) == "7" })
    #expect(study.path == "/studies/\(row.id)" && study.id == row.id.description)
    #expect(study.type == "NewStudy" && study.resourceType == "Study" && study.sequence > 0)
    await hooks.close()
    archive.close()
  }

  @Test func aRestartLosesNoneAndRepeatsNone() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder)
    var hooks = try await start(archive, [writing("NewInstance", folder)])
    try await archive.add(DataSetSamples.file(instance: "1.1"))
    #expect(await eventually { lines("NewInstance", folder).count == 1 })
    await hooks.close()
    // What comes while no hook runs.
    try await archive.add(DataSetSamples.file(instance: "1.2"))
    archive.close()
    archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file(instance: "1.3"))
    hooks = try await start(archive, [writing("NewInstance", folder)])
    #expect(await eventually { lines("NewInstance", folder).count == 3 })
    let ids = lines("NewInstance", folder).map(\.id)
    #expect(Set(ids).count == 3)
    await hooks.close()
    archive.close()
  }

  @Test func whatTheEndInterruptsComesAgain() async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder)
    var hooks = try await start(archive, [writing("NewInstance", folder, then: "; sleep 100")])
    try await archive.add(DataSetSamples.file(instance: "1.1"))
    #expect(await eventually { lines("NewInstance", folder).count == 1 })
    await hooks.close()
    archive.close()
    archive = try makeArchive(folder)
    hooks = try await start(archive, [writing("NewInstance", folder)])
    #expect(await eventually { lines("NewInstance", folder).count == 2 })
    #expect(Set(lines("NewInstance", folder).map(\.id)).count == 1)
    await hooks.close()
    archive.close()
  }

  @Test func aFailingHookIsToldAndHoldsNothingUp() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let command = "cat >> \(folder.path)/NewInstance; test -e \(folder.path)/fine"
    let hooks = try await start(
      archive, [EventHook(name: "NewInstance", command: ["/bin/sh", "-c", command])],
      patience: HookPatience(retries: 1, pause: .milliseconds(1)))
    for number in 1...3 { try await archive.add(DataSetSamples.file(instance: "1.\(number)")) }
    // Each is tried twice and passed over.
    #expect(await eventually { lines("NewInstance", folder).count == 6 })
    let tried = lines("NewInstance", folder).map(\.sequence)
    #expect(tried == tried.sorted() && Set(tried).count == 3)
    #expect(await eventually { hooks.problem == "hook NewInstance fails, see the log" })
    try folder.write([], to: "fine")
    try await archive.add(DataSetSamples.file(instance: "1.4"))
    #expect(await eventually { hooks.problem == nil })
    await hooks.close()
    archive.close()
  }

  @Test func aCommandThatFailsForAWhileIsTriedAgain() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let command = """
      cat >> \(folder.path)/NewInstance; test $(wc -l < \(folder.path)/NewInstance) -ge 3
      """
    let hooks = try await start(
      archive, [EventHook(name: "NewInstance", command: ["/bin/sh", "-c", command])],
      patience: HookPatience(retries: 5, pause: .milliseconds(1)))
    try await archive.add(DataSetSamples.file(instance: "1.1"))
    #expect(await eventually { lines("NewInstance", folder).count == 3 && hooks.problem == nil })
    try await archive.add(DataSetSamples.file(instance: "1.2"))
    #expect(await eventually { lines("NewInstance", folder).count == 4 })
    #expect(Set(lines("NewInstance", folder).map(\.id)).count == 2)
    await hooks.close()
    archive.close()
  }

  /// The end of the program waits for no pause, and the event comes again.
  @Test func thePauseEndsWithTheProgram() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let never = HookPatience(retries: 1, pause: .seconds(300))
    let failing = writing("NewInstance", folder, then: "; exit 1")
    var hooks = try await start(archive, [failing], patience: never)
    try await archive.add(DataSetSamples.file(instance: "1.1"))
    #expect(await eventually { hooks.problem != nil })
    let start = ContinuousClock.now
    await hooks.close()
    #expect(ContinuousClock.now - start < .seconds(100))
    hooks = try await self.start(archive, [writing("NewInstance", folder)])
    #expect(await eventually { lines("NewInstance", folder).count == 2 })
    await hooks.close()
    archive.close()
  }

  @Test func pausesGrowAndEnd() {
    let patience = HookPatience(retries: 3, pause: .seconds(1))
    #expect((1...4).map { patience.pause(afterTries: $0) } == [.seconds(1), .seconds(4), .seconds(16), nil])
    #expect(HookPatience(retries: 0).pause(afterTries: 1) == nil)
    #expect(HookPatience(retries: 10).pause(afterTries: 10) == .seconds(300))
  }

  @Test func whatIsNotKeptReachesHooksToo() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    try await archive.add(DataSetSamples.file(instance: "1.1"))
    let names = ["UpdatedLabels", "UpdatedProtection", "Deleted", "JobSubmitted", "JobSuccess", "JobFailure"]
    let hooks = try await start(archive, names.map { writing($0, folder) })
    let patient = try #require(try await archive.rows(.patient).first)
    try await archive.editLabels(adding: ["x"], removing: [], on: [patient.reference])
    try await archive.setProtected(true, patients: [patient.id])
    let jobs = try JobsEngine(archive, JobOptions(), logger: makeLogger())
    let path = folder.path + "/a.zip"
    let id = try await jobs.submit(.export(.all, path: path, replaces: false))
    #expect(await eventually { jobs.job(id)?.state == .success })
    _ = try await jobs.submit(.export(.all, path: path, replaces: false))
    #expect(await eventually { lines("JobFailure", folder).count == 1 })
    _ = try await archive.delete([patient.reference])
    #expect(await eventually { lines("Deleted", folder).contains { $0.resourceType == "Patient" } })
    #expect(
      lines("JobSubmitted", folder).count == 2 && lines("JobSuccess", folder).first?.path == "/jobs/\(id)")
    #expect(lines("UpdatedLabels", folder).count == 1 && lines("UpdatedProtection", folder).count == 1)
    await jobs.close()
    await hooks.close()
    archive.close()
  }

  @Test func theQueueIsBounded() {
    var queue = HookQueue()
    let event = HookEvent(JobEvent(kind: .success, job: "a", date: 0))
    for _ in 0..<1500 { queue.add(event) }
    #expect(queue.takeLost() == 500 && queue.takeLost() == 0)
    var count = 0
    while queue.next() != nil { count += 1 }
    #expect(count == 1000)
  }
}

extension ResourceRow {
  fileprivate func text(_ tag: Tag) -> String { tags[tag] ?? "" }
}
