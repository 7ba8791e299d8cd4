@testable import Store

/// What recycling is supposed to do, as simply as it can be said.
struct RecyclingModel {
  enum Outcome { case stored, alreadyStored, refused }

  struct Patient {
    var instances: [Int: Int64] = [:]
    var isProtected = false
    /// When it was last received or unprotected.
    var turn = 0
    var size: Int64 { instances.values.reduce(0, +) }
  }

  let limits: StorageLimits
  private(set) var patients: [Int: Patient] = [:]
  private(set) var refused = 0
  private(set) var evicted = 0
  private var turn = 0

  init(limits: StorageLimits) { self.limits = limits }

  var size: Int64 { patients.values.reduce(0) { $0 + $1.size } }
  var order: [Int] { unprotected(except: nil) }
  var protected: [Int] { patients.filter { $0.value.isProtected }.map(\.key) }

  private func unprotected(except patient: Int?) -> [Int] {
    patients.filter { !$0.value.isProtected && $0.key != patient }.sorted { $0.value.turn < $1.value.turn }
      .map(\.key)
  }

  mutating func arrive(_ patient: Int, _ instance: Int, size: Int64) -> Outcome {
    if patients[patient]?.instances[instance] != nil { return .alreadyStored }
    var after = patients
    func isTooMuch() -> Bool {
      let count = after.count + (after[patient] == nil ? 1 : 0)
      return after.values.reduce(size, { $0 + $1.size }) > limits.size || count > limits.patients
    }
    for victim in unprotected(except: patient) where isTooMuch() { after[victim] = nil }
    if isTooMuch() {
      refused += 1
      return .refused
    }
    evicted += patients.count - after.count
    patients = after
    turn += 1
    patients[patient, default: Patient()].instances[instance] = size
    patients[patient]?.turn = turn
    return .stored
  }

  mutating func setProtected(_ patient: Int, _ isProtected: Bool) {
    guard let present = patients[patient], present.isProtected != isProtected else { return }
    turn += 1
    patients[patient]?.isProtected = isProtected
    patients[patient]?.turn = turn
  }

  mutating func delete(_ patient: Int) { patients[patient] = nil }
}

/// Random numbers that are the same each time (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
