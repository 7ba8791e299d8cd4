/// Why something of the network could not be done.
public struct NetError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Equatable, Sendable, CaseIterable {
    /// Another program listens on the port.
    case portInUse
    /// The port or address needs a right that this process lacks.
    case noPermission
    /// The address is not one of this machine's, or makes no sense.
    case badAddress
    /// A value of the configuration that is not allowed.
    case badConfiguration
    /// The peer can't be reached.
    case unreachable
    /// The peer refused the association.
    case rejected
    /// The peer, or we, aborted the association.
    case aborted
    /// No accepted presentation context fits.
    case noContext
    /// Anything else that went wrong with the network.
    case failed
  }

  public var code: Code
  /// A sentence for the user, with the value at fault in it.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
