/// Takes over the values that belong to an archive as a whole: modalities, peers, and those of plugins and people.
/// Versions and counters of Orthanc's own database mean nothing here.
struct MoveInProperties {
  private let move: MoveIn
  private var tally: MoveInTally { move.tally }

  init(_ move: MoveIn) { self.move = move }

  func move() async throws(StoreError) {
    for (number, text) in try move.index.properties() {
      let property = GlobalProperty(rawValue: number)
      if !property.isWritable {
        tally.update { $0.ownProperties += 1 }
      } else if let text {
        try await move(property, text)
      } else {
        tell(.leftDetail, property, "it is no text in UTF-8")
      }
    }
  }

  private func move(_ property: GlobalProperty, _ text: String) async throws(StoreError) {
    do throws(StoreError) {
      let kept = try await move.archive.editGlobalProperty(property) { $0 ?? text }
      if kept == text {
        tally.update { $0.properties.append(property) }
      } else {
        tell(.keptValue, property, property.name)
      }
    } catch {
      guard error.code == .badValue else { throw error }
      tell(.leftDetail, property, error.message)
    }
  }

  private func tell(_ kind: MoveInFault.Kind, _ property: GlobalProperty, _ detail: String) {
    tally.tell(kind, "global property \(property.rawValue)", detail, isInstance: false)
  }
}
