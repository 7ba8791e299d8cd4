import Testing

@testable import Net

/// PS3.8 Table 9-10, written down by hand: a row per event, a column per state (Sta1 to Sta13). `-` is an
/// empty cell. The actions' next states are those of Tables 9-6 to 9-9.
private let table = """
         1     2     3     4     5     6     7     8     9     10    11    12    13
  Evt1   AE-1  -     -     -     -     -     -     -     -     -     -     -     -
  Evt2   -     -     -     AE-2  -     -     -     -     -     -     -     -     -
  Evt3   -     AA-1  AA-8  -     AE-3  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
  Evt4   -     AA-1  AA-8  -     AE-4  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
  Evt5   AE-5  -     -     -     -     -     -     -     -     -     -     -     -
  Evt6   -     AE-6  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
  Evt7   -     -     AE-7  -     -     -     -     -     -     -     -     -     -
  Evt8   -     -     AE-8  -     -     -     -     -     -     -     -     -     -
  Evt9   -     -     -     -     -     DT-1  -     AR-7  -     -     -     -     -
  Evt10  -     AA-1  AA-8  -     AA-8  DT-2  AR-6  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
  Evt11  -     -     -     -     -     AR-1  -     -     -     -     -     -     -
  Evt12  -     AA-1  AA-8  -     AA-8  AR-2  AR-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
  Evt13  -     AA-1  AA-8  -     AA-8  AA-8  AR-3  AA-8  AA-8  AR-10 AR-3  AA-8  AA-6
  Evt14  -     -     -     -     -     -     -     AR-4  AR-9  -     -     AR-4  -
  Evt15  -     -     AA-1  AA-2  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  -
  Evt16  -     AA-2  AA-3  -     AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-2
  Evt17  -     AA-5  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AR-5
  Evt18  -     AA-2  -     -     -     -     -     -     -     -     -     -     AA-2
  Evt19  -     AA-1  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
  """

/// Next states; two where it depends (AE-6: acceptable or not; AR-8: requestor or acceptor).
private let nextStates = """
  AE-1 4   AE-2 5   AE-3 6   AE-4 1   AE-5 2   AE-6 3/13   AE-7 6   AE-8 13
  DT-1 6   DT-2 6
  AR-1 7   AR-2 8   AR-3 1   AR-4 13   AR-5 1   AR-6 7   AR-7 8   AR-8 9/10   AR-9 11   AR-10 12
  AA-1 13   AA-2 1   AA-3 1   AA-4 1   AA-5 1   AA-6 13   AA-7 13   AA-8 13
  """

private func words(_ text: Substring) -> [String] {
  text.split { (character: Character) in character.isWhitespace }.map { String($0) }
}

@Suite struct AssociationStateMachineTests {
  @Test func everyCellOfTheTable() throws {
    let rows = table.split(separator: "\n").dropFirst().map(words)
    let pairs = words(nextStates[...])
    var next: [String: [Int]] = [:]
    for position in stride(from: 0, to: pairs.count, by: 2) {
      next[pairs[position]] = pairs[position + 1].split(separator: "/").compactMap { Int($0) }
    }
    #expect(rows.count == 19 && next.count == 28)
    var filled = 0
    for (row, event) in zip(rows, AssociationEvent.allCases) {
      #expect(row[0] == "Evt\(event.rawValue)" && row.count == 14)
      for state in AssociationState.allCases {
        let cell = row[state.rawValue]
        filled += cell == "-" ? 0 : 1
        for role in [AssociationStateMachine.Role.requestor, .acceptor] {
          for isAcceptable in [true, false] {
            var machine = AssociationStateMachine(role: role, state: state)
            let action = machine.handle(event, isAcceptable: isAcceptable)
            #expect(action?.rawValue ?? "-" == cell, "\(event) in \(state)")
            let choices = cell == "-" ? [state.rawValue] : try #require(next[cell])
            let second = cell == "AE-6" ? !isAcceptable : role == .acceptor
            let expected = choices.count == 1 || !second ? choices[0] : choices[1]
            #expect(machine.state.rawValue == expected, "after \(event) in \(state)")
          }
        }
      }
    }
    #expect(filled == 123)
  }

  @Test func aWholeAssociationAsAcceptor() {
    var machine = AssociationStateMachine(role: .acceptor)
    let events: [(AssociationEvent, AssociationAction)] = [
      (.transportIndication, .ae5), (.associateRequestReceived, .ae6), (.acceptPrimitive, .ae7),
      (.dataReceived, .dt2), (.dataPrimitive, .dt1), (.releaseRequestReceived, .ar2),
      (.dataPrimitive, .ar7), (.releaseResponsePrimitive, .ar4), (.transportClosed, .ar5),
    ]
    for (event, action) in events { #expect(machine.handle(event) == action) }
    #expect(machine.state == .idle)
  }
}
