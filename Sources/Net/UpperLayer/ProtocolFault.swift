/// Why a service provider aborts an association (PS3.8 Table 9-26). The raw value goes on the wire.
public enum AbortReason: UInt8, Sendable, CaseIterable {
  case notSpecified = 0
  case unrecognizedPDU = 1
  case unexpectedPDU = 2
  case unrecognizedParameter = 4
  case unexpectedParameter = 5
  case invalidParameterValue = 6
}

/// What a peer sent cannot go on. Ends in an A-ABORT.
public struct ProtocolFault: Error, Equatable, Sendable, CustomStringConvertible {
  public var reason: AbortReason
  /// A sentence fragment for the log, without patient data.
  public var explanation: String

  public init(_ reason: AbortReason, _ explanation: String) {
    self.reason = reason
    self.explanation = explanation
  }

  public var description: String { "\(explanation) (\(reason))" }
}
