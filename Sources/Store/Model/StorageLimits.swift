/// How much an archive may hold, and what happens to an instance that goes past it.
public struct StorageLimits: Equatable, Sendable {
  /// `MaximumStorageMode`.
  public enum Mode: String, CaseIterable, Sendable {
    /// The patient stored longest makes room.
    case recycle = "Recycle"
    /// The arriving instance is refused.
    case reject = "Reject"
  }

  /// Bytes on the disk (`MaximumStorageSize`, there in MB); 0 is no limit.
  public var size: Int64
  /// `MaximumPatientCount`; 0 is no limit.
  public var patients: Int
  public var mode: Mode

  public init(size: Int64 = 0, patients: Int = 0, mode: Mode = .recycle) {
    self.size = size
    self.patients = patients
    self.mode = mode
  }

  /// Whether there is a limit at all.
  public var isLimited: Bool { size > 0 || patients > 0 }

  /// By how much so many bytes go past the limit.
  func excess(size used: Int64) -> Int64 { size > 0 ? max(0, used - size) : 0 }

  /// By how much so many patients go past the limit.
  func excess(patients count: Int) -> Int { patients > 0 ? max(0, count - patients) : 0 }

  func isExceeded(by totals: ArchiveTotals) -> Bool {
    excess(size: totals.diskSize) > 0 || excess(patients: totals.patients) > 0
  }

  /// Why an instance can't be taken in.
  func refusal(_ totals: ArchiveTotals) -> StoreError {
    let limit =
      excess(size: totals.diskSize) > 0
      ? "MaximumStorageSize (\(size >> 20) MB)" : "MaximumPatientCount (\(patients))"
    let why =
      mode == .reject
      ? "and MaximumStorageMode is Reject" : "and no unprotected patient is left to make room"
    return StoreError(.storageFull, "the archive has reached \(limit) \(why)")
  }
}
