import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// The archive lets the right patients go, and nobody else.
struct RecyclingTests {
  private func file(_ patient: Int, _ number: Int, pixels: Int = 64) -> [UInt8] {
    DataSetSamples.file(
      patientID: "P\(patient)", study: "1.2.\(patient + 1)", series: "1.2.\(patient + 1).\(1 + number % 3)",
      instance: "1.2.\(patient + 1).9.\(number + 1)", modality: number % 3 == 0 ? "CT" : "MR",
      number: number, pixels: pixels)
  }

  private func patient(_ number: Int) -> PublicID { PublicID(dicomIdentifiers: ["P\(number)"]) }

  private func limited(
    _ folder: TemporaryFolder, size: Int64 = 0, patients: Int = 0, mode: StorageLimits.Mode = .recycle
  ) throws -> Archive {
    try makeArchive(folder) { $0.limits = StorageLimits(size: size, patients: patients, mode: mode) }
  }

  // MARK: Against a model

  @Test func randomOperationsAgreeWithASimpleModel() async throws {
    let folder = try TemporaryFolder()
    let archive = try limited(folder, size: 60_000, patients: 7)
    var model = RecyclingModel(limits: archive.configuration.limits)
    var random = SeededGenerator(seed: 20_260_101)
    for step in 0..<10_000 {
      let number = Int.random(in: 0..<10, using: &random)
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<78:
        let instance = Int.random(in: 0..<30, using: &random)
        let bytes = file(number, instance, pixels: 64 << Int.random(in: 0..<6, using: &random))
        var outcome = RecyclingModel.Outcome.refused
        do {
          outcome = try await archive.add(bytes).status == .stored ? .stored : .alreadyStored
        } catch let error as StoreError where error.code == .storageFull {}
        #expect(outcome == model.arrive(number, instance, size: Int64(bytes.count)), "step \(step)")
      case 78..<94:
        let isProtected = Int.random(in: 0..<100, using: &random) < 65
        try await archive.setProtected(isProtected, patients: [patient(number)])
        model.setProtected(number, isProtected)
      default:
        _ = try await archive.delete([ResourceReference(.patient, patient(number))])
        model.delete(number)
      }
      if step % 100 == 99 { try await compare(archive, model, step) }
    }
    #expect(model.refused > 100 && model.evicted > 100, "the test met what it is about")
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  private func compare(_ archive: Archive, _ model: RecyclingModel, _ step: Int) async throws {
    let use = try await archive.storageUse(limit: 100)
    #expect(use.order.map(\.id) == model.order.map(patient), "step \(step)")
    #expect(Set(use.protected.map(\.id)) == Set(model.protected.map(patient)), "step \(step)")
    #expect(use.protectedPatients == model.protected.count)
    #expect(use.totals.diskSize == model.size && use.totals.patients == model.patients.count, "step \(step)")
    for row in use.order + use.protected {
      let number = try #require(model.patients.keys.first { patient($0) == row.id })
      #expect(row.instances == model.patients[number]?.instances.count, "step \(step)")
    }
    let all = (use.order + use.protected).map(\.id)
    for start in stride(from: 0, to: all.count, by: 3) {
      let part = try await archive.storageUse(from: start, limit: 3)
      let reachesEnd = start + part.order.count >= use.order.count
      let found = part.order + (reachesEnd ? part.protected : [])
      #expect(found.prefix(3).map(\.id) == Array(all.dropFirst(start).prefix(3)), "step \(step), \(start)")
    }
    #expect(use.modalities.map(\.instances).reduce(0, +) == use.totals.instances)
    #expect(use.modalities.map(\.diskSize).reduce(0, +) == use.totals.diskSize)
  }

  // MARK: What arrives over DICOM

  private func send(_ archive: Archive, _ patient: Int, _ number: Int) async throws {
    let bytes = file(patient, number)
    let header = try Archive.header(bytes)
    let receiver = try archive.receive(
      IncomingInstance(
        origin: InstanceOrigin(.dicomProtocol), transferSyntax: header.transferSyntax,
        sopClass: try #require(header.meta?.mediaStorageSOPClass),
        sopInstance: try #require(header.meta?.mediaStorageSOPInstance)))
    try bytes[header.dataSetOffset...].withUnsafeBytes { try receiver.append($0) }
    let result = await withCheckedContinuation { continuation in
      receiver.finish { continuation.resume(returning: $0) }
    }
    _ = try result.get()
  }

  /// With enough patients to let go, an instance is acknowledged before the index makes room for it.
  @Test func limitsHoldForWhatIsAcknowledgedEarly() async throws {
    let folder = try TemporaryFolder()
    let archive = try limited(folder, patients: 80)
    for number in 0..<300 {
      try await send(archive, number, 0)
      try await send(archive, number, 1)
    }
    let use = try await archive.storageUse(limit: 1000)
    #expect(use.order.map(\.id) == (220..<300).map(patient))
    #expect(use.totals.instances == 160)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  /// A patient of very many series is hidden in few statements: its series come later, some at a time.
  @Test func aPatientOfManySeriesGoesBitByBit() async throws {
    let folder = try TemporaryFolder()
    let archive = try limited(folder)
    for number in 0..<600 {
      try await archive.add(
        DataSetSamples.file(
          patientID: "P0", study: "1.2.1", series: "1.2.1.\(number + 1)", instance: "1.2.1.9.\(number + 1)"))
    }
    let series = ResourceReference(.series, PublicID(dicomIdentifiers: ["P0", "1.2.1", "1.2.1.600"]))
    try await archive.editLabels(adding: ["x"], removing: [], on: [series])
    let goes = patient(0)
    try await archive.committer.edit { db in
      let key = try ArchiveIndex.existingKey(db, ResourceReference(.patient, goes))
      _ = try EvictionOperations.evict(db, patient: key, date: 0)
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM evicted") == 1, "the study alone")
      // Nothing is told of what is out of sight, and nothing counts it.
      #expect(try StabilityOperations.settle(db, before: .max, now: 1).isEmpty)
      #expect(try ModalityTotals.all(db).isEmpty)
      return EditEffects(hasDeleted: true)
    }
    // One that comes again starts anew, whatever is left of what it was.
    try await archive.add(
      DataSetSamples.file(patientID: "P0", study: "1.2.1", series: "1.2.1.600", instance: "1.2.1.9.600"))
    let row = try #require(try await archive.detail(of: series)?.row)
    #expect(row.labels.isEmpty && row.instances == 1)
    #expect(try await archive.storageUse(limit: 1).modalities.map(\.series) == [1])
    var most = 0
    var hasMore = true
    while hasMore {
      try archive.index.write(isDurable: true) { db in
        let before = try Int.fetchOne(db, sql: "SELECT count(*) FROM series WHERE parent = 0") ?? 0
        hasMore = try EvictionOperations.sweep(db, rows: 1).hasMore
        let after = try Int.fetchOne(db, sql: "SELECT count(*) FROM series WHERE parent = 0") ?? 0
        most = max(most, after - before)
      }
    }
    #expect(most == 250)
    #expect(try await archive.storageUse(limit: 1).modalities.map(\.instances) == [1])
    #expect(try await archive.totals().instances == 1)
    #expect(try archive.index.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM series") } == 1)
    archive.close()
  }

  // MARK: Full

  @Test func aFullArchiveThatRejectsKeepsWhatItHas() async throws {
    let folder = try TemporaryFolder()
    let archive = try limited(folder, patients: 2, mode: .reject)
    for number in 0..<2 { try await send(archive, number, 0) }
    let error = await #expect(throws: StoreError.self) { try await send(archive, 2, 0) }
    #expect(error?.code == .storageFull)
    #expect(error?.message.contains("MaximumPatientCount (2) and MaximumStorageMode is Reject") == true)
    // A patient that is there may grow.
    try await send(archive, 1, 1)
    #expect(try await archive.totals().instances == 3)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test func nobodyIsLeftToGo() async throws {
    let folder = try TemporaryFolder()
    let archive = try limited(folder, size: 10_000)
    try await send(archive, 0, 0)
    try await archive.setProtected(true, patients: [patient(0)])
    try await send(archive, 1, 0)
    // Larger than everything: nobody is let go for what can't come in all the same.
    await #expect(throws: StoreError.self) { try await archive.add(file(2, 0, pixels: 20_000)) }
    // Patient 1 is being received and can't make room for itself; patient 0 is protected.
    await #expect(throws: StoreError.self) { try await archive.add(file(1, 1, pixels: 8_800)) }
    #expect(try await archive.totals().patients == 2)
    #expect(folder.arriving().isEmpty)
    archive.close()
  }

  /// Limits that are lower than they were hold from the start on.
  @Test func aLowerLimitHoldsFromTheStart() async throws {
    let folder = try TemporaryFolder()
    var archive = try limited(folder)
    for number in 0..<6 { try await archive.add(file(number, 0)) }
    archive.close()
    archive = try limited(folder, patients: 2)
    #expect(try await archive.storageUse(limit: 9).order.map(\.id) == [4, 5].map(patient))
    archive.close()
  }

  // MARK: Crashes

  /// An archive whose first patient was let go and taken apart so far, as a crash leaves it.
  private func evicted(_ folder: TemporaryFolder, sweeps: Int) async throws -> Bool {
    let archive = try limited(folder)
    for number in 0..<700 { try await archive.add(file(0, number)) }
    try await archive.add(file(1, 0))
    await archive.committer.settle()
    try archive.index.write(isDurable: true) { db in
      let key = try ArchiveIndex.existingKey(db, ResourceReference(.patient, patient(0)))
      _ = try EvictionOperations.evict(db, patient: key, date: 0)
    }
    var hasMore = true
    for _ in 0..<sweeps where hasMore {
      try archive.index.write(isDurable: true) { hasMore = try EvictionOperations.sweep($0, rows: 1).hasMore }
    }
    // Out of sight whatever is left of it.
    #expect(try await archive.totals().instances == 1)
    let path = ["P0", "1.2.1", "1.2.1.1", "1.2.1.9.700"]
    for level in ResourceLevel.allCases {
      let id = PublicID(dicomIdentifiers: Array(path[..<level.rawValue]))
      #expect(try await archive.detail(of: ResourceReference(level, id)) == nil)
      #expect(try await archive.rows(level).count == 1)
    }
    #expect(try await archive.changes(before: nil, limit: 2000).count == 4, "of what is left")
    try FileManager.default.copyItem(atPath: folder.path + "/storage", toPath: folder.path + "/copy")
    archive.close()
    return hasMore
  }

  @Test(arguments: 0..<6) func aCrashLeavesNothingBehind(_ sweeps: Int) async throws {
    let folder = try TemporaryFolder()
    _ = try await evicted(folder, sweeps: sweeps)
    let archive = try makeArchive(TemporaryFolder()) {
      $0 = ArchiveConfiguration(storageFolder: folder.path + "/copy")
    }
    #expect(await eventually { folder.files(below: "copy").count { $0.utf8.count > 36 } == 1 })
    #expect(try archive.faults().isEmpty)
    archive.close()
  }

  @Test(arguments: [0, 1, 2, 5]) func whatComesBackBeforeItIsGoneIsStored(_ sweeps: Int) async throws {
    let folder = try TemporaryFolder()
    _ = try await evicted(folder, sweeps: sweeps)
    let archive = try makeArchive(TemporaryFolder()) {
      $0 = ArchiveConfiguration(storageFolder: folder.path + "/copy")
    }
    for number in 0..<700 {
      #expect(try await archive.add(file(0, number)).status == .stored)
    }
    #expect(try await archive.totals().instances == 701)
    #expect(try archive.faults().isEmpty)
    archive.close()
  }
}
