import DICOM
import TestSupport
import Testing

@testable import Store

/// Whoever is acknowledged before the index has his instance finds room there.
struct StorageGateTests {
  private func gate(size: Int64, mode: StorageLimits.Mode = .recycle, floor: StorageGate.Floor = .init())
    -> StorageGate
  {
    let gate = StorageGate(StorageLimits(size: size, mode: mode))
    gate.committed(ArchiveTotals(diskSize: size / 4), floor, [])
    return gate
  }

  @Test func pressesWhenHalfOfTheRoomIsTaken() {
    let gate = gate(size: 1000, floor: StorageGate.Floor(protectedSize: 100, largestPatient: 100))
    #expect(!gate.isPressing)
    #expect(gate.admit(size: 400))
    #expect(!gate.isPressing, "400 of 800")
    #expect(gate.admit(size: 10))
    #expect(gate.isPressing)
    #expect(!gate.admit(size: 500), "it would not fit")
    gate.committed(ArchiveTotals(diskSize: 660), StorageGate.Floor(largestPatient: 100), [400, 10])
    #expect(!gate.isPressing && gate.admit(size: 500))
  }

  @Test func refusesByWhatIsThereWhereNobodyMakesRoom() {
    let gate = gate(size: 1000, mode: .reject)
    #expect(gate.admit(size: 370) && !gate.isPressing)
    #expect(gate.admit(size: 380) && gate.isPressing)
    #expect(!gate.admit(size: 1))
  }

  @Test func patientsPressWhereNobodyMakesRoom() {
    let gate = StorageGate(StorageLimits(patients: 4, mode: .reject))
    gate.committed(ArchiveTotals(patients: 2), StorageGate.Floor(), [])
    #expect(gate.admit(size: 1) && !gate.isPressing)
    #expect(gate.admit(size: 1) && gate.isPressing)
    #expect(!gate.admit(size: 1))
  }

  @Test func withoutLimitsNothingPresses() {
    let gate = StorageGate(StorageLimits())
    #expect(gate.admit(size: .max) && !gate.isPressing)
  }

  /// What is handed in and does not wait for the index gives its room back, too.
  @Test func uploadsThatAreIndexedNoLongerCountAsUnderWay() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.limits = StorageLimits(size: 30_000) }
    for number in 0..<60 {
      let bytes = DataSetSamples.file(
        patientID: "P\(number)", study: "1.2.\(number + 1)", series: "1.2.\(number + 1).1",
        instance: "1.2.\(number + 1).1.1")
      _ = try await archive.store(size: bytes.count, origin: InstanceOrigin(.restAPI), waitsForIndex: false) {
        offset, count in Array(bytes[offset..<min(bytes.count, offset + count)])
      }
    }
    await archive.committer.settle()
    #expect(try await archive.totals().patients < 60, "patients went to make room")
    #expect(!archive.committer.gate.isPressing)
    #expect(archive.committer.gate.admit(size: 20_000))
    archive.close()
  }
}
