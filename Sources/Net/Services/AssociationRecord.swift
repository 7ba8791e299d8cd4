import Synchronization

/// What one association has done so far. It is counted with every instance, so that it is found without a search.
final class AssociationRecord: Sendable {
  private let state: Mutex<AssociationInfo>

  init(_ info: AssociationInfo) { state = Mutex(info) }

  var info: AssociationInfo { state.withLock { $0 } }

  func note(_ activity: AssociationActivity) { state.withLock { $0.activity = activity } }

  /// An instance was answered.
  func answered(isStored: Bool, bytes: Int) {
    state.withLock { info in
      if isStored { info.instancesStored += 1 } else { info.instancesRefused += 1 }
      info.bytesReceived += bytes
      info.activity = .idle
    }
  }
}
