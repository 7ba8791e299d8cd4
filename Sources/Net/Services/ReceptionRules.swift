import DICOM
import Synchronization

/// What the DICOM listener takes in, which may change while it runs.
public final class ReceptionRules: Sendable {
  private struct State {
    var patterns: [String]
    var acceptsUnknown: Bool
  }

  private let state: Mutex<State>

  /// - Parameters:
  ///   - patterns: UIDs of transfer syntaxes in which `*` stands for anything.
  ///   - acceptsUnknownSOPClasses: whether any SOP class may be stored.
  public init(patterns: [String], acceptsUnknownSOPClasses: Bool) {
    state = Mutex(State(patterns: patterns, acceptsUnknown: acceptsUnknownSOPClasses))
  }

  /// As a configuration has them.
  public convenience init(_ configuration: DICOMListenerConfiguration) {
    self.init(
      patterns: configuration.acceptedTransferSyntaxes,
      acceptsUnknownSOPClasses: configuration.unknownSOPClassAccepted)
  }

  var patterns: [String] { state.withLock { $0.patterns } }

  var acceptsUnknownSOPClasses: Bool { state.withLock { $0.acceptsUnknown } }

  /// The transfer syntaxes of the registry that are taken in, sorted.
  var acceptedTransferSyntaxes: [String] {
    let patterns = patterns
    return Self.known.filter { uid in
      patterns.contains { TransferSyntaxPattern.matches(uid, pattern: $0) }
    }
  }

  /// False, and nothing changes, when some pattern matches no transfer syntax.
  func accept(_ patterns: [String]) -> Bool {
    let isKnown = patterns.allSatisfy { pattern in
      Self.known.contains { TransferSyntaxPattern.matches($0, pattern: pattern) }
    }
    if isKnown && !patterns.isEmpty { state.withLock { $0.patterns = patterns } }
    return isKnown && !patterns.isEmpty
  }

  func acceptUnknownSOPClasses(_ isOn: Bool) { state.withLock { $0.acceptsUnknown = isOn } }

  private static let known = UIDRegistry.entries(ofKind: "Transfer Syntax").map(\.uid.value).sorted()
}
