import NIOCore

/// Puts messages together from presentation data values (PS3.7 §6.3.1, PS3.8 Annex E): a command set, which
/// is collected and read, then perhaps a data set, which is passed on piece by piece.
struct MessageAssembler {
  enum Output: Equatable, Sendable {
    case command(CommandSet, contextID: UInt8)
    /// The next bytes of the data set that belongs to the command before.
    case dataSet(ByteBuffer, isLast: Bool)
  }

  private enum Expectation: Equatable {
    case command
    case restOfCommand(contextID: UInt8)
    case dataSet(contextID: UInt8)
  }

  private var expectation = Expectation.command
  private var command = ByteBuffer()

  /// Whether a message has begun and not ended.
  var isInsideMessage: Bool { expectation != .command }

  /// Takes a piece in; nil while a command set is incomplete.
  mutating func take(_ piece: PDVPiece) throws(ProtocolFault) -> Output? {
    switch expectation {
    case .command:
      guard piece.isCommand else { throw Self.unexpected("a data set without a command before it") }
      return try takeCommand(piece)
    case .restOfCommand(let contextID):
      guard piece.isCommand else { throw Self.unexpected("a data set inside a command set") }
      guard piece.contextID == contextID else { throw Self.unexpected("a command set in two contexts") }
      return try takeCommand(piece)
    case .dataSet(let contextID):
      guard !piece.isCommand else { throw Self.unexpected("a command inside a data set") }
      guard piece.contextID == contextID else { throw Self.unexpected("a data set in another context") }
      if piece.isLast { expectation = .command }
      return .dataSet(piece.bytes, isLast: piece.isLast)
    }
  }

  private static func unexpected(_ what: String) -> ProtocolFault {
    ProtocolFault(.unexpectedParameter, what)
  }

  private mutating func takeCommand(_ piece: PDVPiece) throws(ProtocolFault) -> Output? {
    guard command.readableBytes + piece.bytes.readableBytes <= Limits.commandSet else {
      throw ProtocolFault(.invalidParameterValue, "a command set of more than \(Limits.commandSet) bytes")
    }
    guard piece.isLast else {
      command.writeImmutableBuffer(piece.bytes)
      expectation = .restOfCommand(contextID: piece.contextID)
      return nil
    }
    var whole = piece.bytes
    if command.readableBytes > 0 {
      command.writeBuffer(&whole)
      whole = command
      command = ByteBuffer()
    }
    let set = try CommandSet(whole)
    guard set.field != nil else {
      throw ProtocolFault(.invalidParameterValue, "a command set without a command field")
    }
    guard set.integer(.dataSetType) != nil else {
      throw ProtocolFault(.invalidParameterValue, "a command set without a data set type")
    }
    expectation = set.hasDataSet ? .dataSet(contextID: piece.contextID) : .command
    return .command(set, contextID: piece.contextID)
  }
}
