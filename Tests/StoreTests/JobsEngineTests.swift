import DICOM
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite struct JobsEngineTests {
  private func filled(_ folder: TemporaryFolder, instances: Int = 3) async throws -> Archive {
    let archive = try makeArchive(folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...instances {
        group.addTask {
          try await archive.add(DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number))
        }
      }
      try await group.waitForAll()
    }
    return archive
  }

  private func engine(
    _ archive: Archive, saves: Bool = true, run: JobsEngine.Run? = nil
  ) throws -> JobsEngine {
    var options = JobOptions()
    options.areSaved = saves
    guard let run else { return try JobsEngine(archive, options, logger: makeLogger()) }
    return try JobsEngine(archive, options, logger: makeLogger(), run: run)
  }

  private func state(_ engine: JobsEngine, _ id: String, becomes state: JobState) async -> Bool {
    await eventually { engine.job(id)?.state == state }
  }

  /// A job that stops again and again until it may end.
  private final class Treadmill: Sendable {
    let mayEnd = Mutex(false)
    let rounds = Atomic<Int>(0)
    let starts = Atomic<Int>(0)

    @Sendable func run(_ kind: JobKind, _ control: JobControl) async throws -> JobOutcome {
      starts.wrappingAdd(1, ordering: .relaxed)
      while !mayEnd.withLock({ $0 }) {
        let round = rounds.wrappingAdd(1, ordering: .relaxed).newValue
        try await control.stop(JobProgress(done: round, total: .max))
        await Task.yield()
      }
      return JobOutcome(text: "done")
    }

    func end() { mayEnd.withLock { $0 = true } }
    var round: Int { rounds.load(ordering: .relaxed) }
  }

  @Test func anExportIsWritten() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let engine = try engine(archive)
    let path = folder.path + "/a.zip"
    let id = try await engine.submit(.export(.all, path: path, replaces: false))
    #expect(await state(engine, id, becomes: .success))
    let job = try #require(engine.job(id))
    #expect(job.progress.percent == 100 && job.outcome == "3 instances in \(path)" && job.completed != nil)
    #expect(try ZipReader(path).entries.count == 3)
    let again = try await engine.submit(.export(.all, path: path, replaces: false))
    #expect(await state(engine, again, becomes: .failure))
    #expect(engine.job(again)?.errorDetails.contains("is there already") == true)
    await engine.close()
    archive.close()
  }

  @Test func aDeletionGoesInSlices() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder, instances: DeletionSlices.size * 2 + 10)
    try await archive.add(DataSetSamples.file(patientID: "P2", study: "9", series: "9.1", instance: "9.1.1"))
    let patient = try #require(try await archive.rows(.patient, filter: "id:P1").first).reference
    let engine = try engine(archive)
    let id = try await engine.submit(.deletion([patient]))
    #expect(await state(engine, id, becomes: .success))
    #expect(engine.job(id)?.outcome == "410 instances deleted")
    #expect(try await archive.totals().instances == 1)
    #expect(try await archive.detail(of: patient) == nil)
    await engine.close()
    #expect(await eventually { (try? archive.faults().isEmpty) == true })
    archive.close()
  }

  @Test func aVerificationTellsItsFaults() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let engine = try engine(archive)
    let sound = try await engine.submit(.verification(deep: true))
    #expect(await state(engine, sound, becomes: .success))
    #expect(engine.job(sound)?.outcome == "3 attachments, 0 faults")
    let instance = try #require(try await archive.rows(.instance).first).reference
    let uuid = try #require(try await archive.detail(of: instance)?.attachments.first?.uuid)
    unlink(archive.storage.path(of: uuid))
    let faulty = try await engine.submit(.verification(deep: false))
    #expect(await state(engine, faulty, becomes: .failure))
    let job = try #require(engine.job(faulty))
    #expect(job.error == .corruptedFile && job.details.count == 1 && job.details[0].contains(uuid))
    await engine.close()
    archive.close()
  }

  /// Files without rows and rows without files that are only on their way are no faults.
  @Test func aVerificationBearsThatInstancesComeAndGo() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder, instances: 300)
    let engine = try engine(archive)
    let isOver = Mutex(false)
    let traffic = Task {
      var number = 1000
      while !isOver.withLock({ $0 }) {
        number += 1
        let pixels = number % 5 == 0 ? 100_000 : 32
        try await archive.add(
          DataSetSamples.file(instance: "1.2.3.4.\(number)", number: number, pixels: pixels))
        let oldest = try await archive.rows(.instance).first
        if number % 2 == 0, let oldest { _ = try await archive.delete([oldest.reference]) }
      }
      return number
    }
    for _ in 0..<20 {
      let id = try await engine.submit(.verification(deep: true))
      #expect(await state(engine, id, becomes: .success), "\(engine.job(id)?.details ?? [])")
    }
    isOver.withLock { $0 = true }
    #expect(try await traffic.value > 1010)
    await engine.close()
    archive.close()
  }

  @Test func aPausedJobRestsAndGoesOn() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let treadmill = Treadmill()
    let engine = try engine(archive, run: treadmill.run)
    let id = try await engine.submit(.verification(deep: false))
    #expect(await eventually { treadmill.round > 3 })
    try engine.pause(id)
    #expect(await state(engine, id, becomes: .paused))
    let round = treadmill.round
    try engine.resume(id)
    #expect(await eventually { treadmill.round > round })
    #expect(treadmill.starts.load(ordering: .relaxed) == 1, "it went on where it was")
    treadmill.end()
    #expect(await state(engine, id, becomes: .success))
    await engine.close()
    archive.close()
  }

  @Test func aCancelledJobLeavesNoFileAndCanBeSubmittedAgain() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let holds = Mutex(true)
    let path = folder.path + "/a.zip"
    let engine = try engine(archive) { kind, control in
      while holds.withLock({ $0 }) {
        _ = try await archive.export(.all, to: path, replaces: false, token: "t") { _ in
          if holds.withLock({ $0 }) { try await control.stop() }
          await Task.yield()
        }
        unlink(path)
      }
      return JobOutcome(text: "")
    }
    let id = try await engine.submit(.export(.all, path: path, replaces: false))
    #expect(await state(engine, id, becomes: .running))
    try engine.cancel(id)
    #expect(await state(engine, id, becomes: .failure))
    #expect(engine.job(id)?.error == .canceledJob)
    #expect(!folder.files().contains { $0.contains("zip") })
    holds.withLock { $0 = false }
    try engine.resubmit(id)
    #expect(await state(engine, id, becomes: .success))
    await engine.close()
    archive.close()
  }

  @Test(arguments: [true, false]) func jobsOutliveTheProgramOrNot(saves: Bool) async throws {
    let folder = try TemporaryFolder()
    var archive = try makeArchive(folder)
    let first = Treadmill()
    var engine = try engine(archive, saves: saves, run: first.run)
    var ids: [String] = []
    for number in 0..<4 { ids.append(try await engine.submit(.verification(deep: number == 2))) }
    try engine.pause(ids[3])
    #expect(await eventually { first.round > 3 })
    await engine.close()
    archive.close()
    archive = try makeArchive(folder)
    let second = Treadmill()
    second.end()
    engine = try self.engine(archive, saves: saves, run: second.run)
    #expect(engine.jobs().map(\.id) == (saves ? ids : []))
    if saves {
      for id in ids[..<3] { #expect(await state(engine, id, becomes: .success)) }
      #expect(engine.job(ids[3])?.state == .paused)
      #expect(engine.job(ids[2])?.kind == .verification(deep: true))
    }
    await engine.close()
    archive.close()
  }

  /// As after a crash: what was running is there as such.
  @Test func aJobThatWasRunningStartsAgain() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    let first = Treadmill()
    let crashed = try engine(archive, run: first.run)
    let id = try await crashed.submit(.verification(deep: false))
    await crashed.flush()
    let saved = try archive.index.readNow { try JobOperations.all($0) }
    #expect(saved.map(\.state) == [.running])
    let second = Treadmill()
    second.end()
    let engine = try engine(archive, run: second.run)
    #expect(await state(engine, id, becomes: .success))
    first.end()
    await crashed.close()
    await engine.close()
    archive.close()
  }

  @Test func theStreamTellsOfJobs() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let events = archive.events()
    let engine = try engine(archive)
    let id = try await engine.submit(.verification(deep: false))
    var told: [JobEvent] = []
    for await event in events {
      told += event.jobs.filter { $0.kind != .updated }
      if told.count == 2 { break }
    }
    #expect(told.map(\.kind) == [.submitted, .success] && told.allSatisfy { $0.job == id })
    await engine.close()
    archive.close()
  }

  @Test func everyKindCanBeKept() throws {
    let study = ResourceReference(.study, PublicID(dicomIdentifiers: ["a", "b"]))
    let kinds: [JobKind] = [
      .export(.all, path: "/a \"b\".zip", replaces: true),
      .export(.resources([study]), path: "", replaces: false),
      .verification(deep: true), .deletion([study]),
    ]
    for kind in kinds {
      let kept = try JSONEncoder().encode(kind)
      #expect(try JSONDecoder().decode(JobKind.self, from: kept) == kind)
    }
  }
}
